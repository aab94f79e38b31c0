import { describe, expect, test } from 'vitest'
import { arange, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { einsum } from '../../src/operation/einsum.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const sizes: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, b: 2, c: 1, n: 0 }
const shapeOf = (letters: string): Shape => [...letters].map(letter => sizes[letter]!)
const every = (letters: readonly string[]): readonly Readonly<Record<string, number>>[] =>
  letters.reduce<readonly Readonly<Record<string, number>>[]>(
    (found, letter) =>
      found.flatMap(index => Array.from({ length: sizes[letter]! }, (_, i) => ({ ...index, [letter]: i }))),
    [{}]
  )
const offset = (letters: string, index: Readonly<Record<string, number>>): number =>
  [...letters].reduce((at, letter) => at * sizes[letter]! + index[letter]!, 0)

/** The definition: for all values of all letters, the product of the operands is added to the result. */
const byDefinition = (terms: readonly string[], result: string, operands: readonly Tensor[]): readonly number[] => {
  const sums = new Array<number>(shapeOf(result).reduce((a, b) => a * b, 1)).fill(0)
  const values = operands.map(numbers)
  for (const index of every([...new Set(terms.join(''))])) {
    const product = terms.reduce((factor, term, i) => factor * values[i]![offset(term, index)]!, 1)
    sums[offset(result, index)]! += product
  }
  return sums
}

const equations = [
  'i->i',
  'i->',
  'ij->ji',
  'ijk->ki',
  'ii->i',
  'ii->',
  'iij->j',
  'iji->ji',
  'iii->i',
  'iijj->ij',
  'ij,jk->ik',
  'ij,jk->ki',
  'bij,bjk->bik',
  'bij,bjk->ik',
  'i,j->ij',
  'i,j->ji',
  'i,i->i',
  'i,i->',
  'ij,ij->',
  'ij,j->i',
  'ij,k->ik',
  'ii,ij->j',
  'ij,jk,ki->',
  'ij,jk,kb->ib',
  'bi,kij,bj->bk',
  'i,j,k->kji',
  'ci,cj->ij',
  'in,nj->ij',
  'ij,->ij',
  ',->',
  '->'
]

describe('values are those of the definition', () => {
  test.each(equations)('%s', equation => {
    const [left = '', result = ''] = equation.split('->')
    const terms = left.split(',')
    const operands = terms.map((term, i) => scattered(shapeOf(term), 3 * i + 1))
    const actual = einsum(equation)(...operands)
    expect(shape(actual)).toEqual(shapeOf(result))
    const expected = byDefinition(terms, result, operands)
    numbers(actual).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12)
    })
  })
  test.each(equations)('%s on unknowns', equation => {
    const terms = (equation.split('->')[0] ?? '').split(',')
    const operands = terms.map((term, i) => scattered(shapeOf(term), 3 * i + 1))
    operands.forEach((operand, i) => {
      sameOnUnknowns(x => einsum(equation)(...operands.slice(0, i), x, ...operands.slice(i + 1)), operand)
    })
  })
})

test('spaces do not matter', () => {
  const [a, b] = [scattered([2, 3]), scattered([3, 4])]
  expect(numbers(einsum(' i j , j k -> i k ')(a, b))).toEqual(numbers(einsum('ij,jk->ik')(a, b)))
})

test('without an arrow: letters that occur once, in the order of the alphabet', () => {
  const [a, b] = [scattered([2, 3]), scattered([3, 4])]
  expect(numbers(einsum('ij,jk')(a, b))).toEqual(numbers(einsum('ij,jk->ik')(a, b)))
  expect(numbers(einsum('ba')(a))).toEqual(numbers(einsum('ba->ab')(a)))
  expect(numbers(einsum('aB')(a))).toEqual(numbers(einsum('aB->Ba')(a)))
  expect(shape(einsum('ii')(zeros([3, 3])))).toEqual([])
  expect(shape(einsum('z...a')(zeros([2, 3, 4, 5])))).toEqual([3, 4, 5, 2])
})

describe('an ellipsis', () => {
  test('stands for any number of axes', () => {
    for (const leading of [[], [5], [5, 6]]) {
      expect(shape(einsum('...ij->...ji')(zeros([...leading, 2, 3])))).toEqual([...leading, 3, 2])
    }
    expect(shape(einsum('i...j->...')(zeros([2, 5, 6, 3])))).toEqual([5, 6])
    expect(shape(einsum('...->...')(scalar(1)))).toEqual([])
  })
  test('is broadcast, aligned at its last axis', () => {
    const [a, b] = [ones([7, 1, 2, 3]), ones([6, 3, 4])]
    expect(shape(einsum('...ij,...jk->...ik')(a, b))).toEqual([7, 6, 2, 4])
    expect(shape(einsum('...ij,jk->...ik')(a, ones([3, 4])))).toEqual([7, 1, 2, 4])
    expect(shape(einsum('...i,...i')(ones([5, 2]), ones([2])))).toEqual([5])
  })
  test('is summed over where the result has none', () => {
    expect(toArray(einsum('...i->i')(ones([4, 5, 2])))).toEqual([20, 20])
    expect(toArray(einsum('...,...->')(ones([4, 1]), ones([3])))).toBe(12)
  })
})

test('an axis of size 1 is the same all along', () => {
  const [row, x] = [tensor([[1, 2, 3]]), ones([2, 3])]
  expect(toArray(einsum('ij,ij->ij')(row, x))).toEqual([
    [1, 2, 3],
    [1, 2, 3]
  ])
  expect(toArray(einsum('ij,ij->')(x, row))).toBe(12)
  expect(shape(einsum('ij,ij->ij')(zeros([1, 1]), zeros([1, 1])))).toEqual([1, 1])
})

test('dtypes are promoted, truth values counted', () => {
  expect(dtype(einsum('i,i->')(arange(2), ones([2], { dtype: 'float64' })))).toBe('float64')
  expect(dtype(einsum('i,i->')(arange(2), arange(2)))).toBe('int32')
  const truths = einsum('i->')(tensor([true, true]))
  expect([dtype(truths), toArray(truths)]).toEqual(['int32', 2])
})

describe('mistakes', () => {
  test('in the equation, before there are operands', () => {
    const of = (equation: string) => () => einsum(equation)
    expect(of('ij->jk')).toThrow("einsum: 'ij->jk': the result has k, and no operand has")
    expect(of('ij->ii')).toThrow("einsum: 'ij->ii': the result has i twice")
    expect(of('i->j->i')).toThrow("einsum: 'i->j->i': more than one '->'")
    expect(of('i1,j')).toThrow("einsum: 'i1,j': '1' in 'i1' is not a letter")
    expect(of('..i')).toThrow(
      "einsum: '..i': '.' in '..i' is not a letter; axes are letters, or an ellipsis of three dots"
    )
    expect(of('i-j')).toThrow("'-' in 'i-j' is not a letter")
    expect(of('...i...->i')).toThrow("einsum: '...i...->i': '...i...' has more than one ellipsis")
    expect(of('i->...i')).toThrow("einsum: 'i->...i': the result has an ellipsis, and no operand has")
  })
  test('between equation and operands', () => {
    const of =
      (equation: string, ...shapes: readonly Shape[]) =>
      () =>
        einsum(equation)(...shapes.map(each => zeros(each)))
    expect(of('ij,jk->ik', [2, 3])).toThrow("einsum: 'ij,jk->ik': there are 2 operands in the equation, and 1 given")
    expect(of('ij', [2, 3, 4])).toThrow("einsum: 'ij': operand 0, [2, 3, 4], has 3 axes, and 2 letters stand for them")
    expect(of('ij...', [2])).toThrow(
      "einsum: 'ij...': operand 0, [2], has 1 axes, and at least 2 letters stand for them"
    )
    expect(of('ij,jk->ik', [2, 3], [4, 5])).toThrow(
      "einsum: 'ij,jk->ik': j stands for sizes 3 and 4, in operands [2, 3], [4, 5]"
    )
    expect(of('ii', [2, 3])).toThrow("einsum: 'ii': i stands for sizes 2 and 3 of one operand")
    expect(of('...,...', [2], [3])).toThrow(
      "einsum: '...,...': axis -1 under the ellipsis stands for sizes 2 and 3, in operands [2], [3]"
    )
  })
})
