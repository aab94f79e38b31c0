import { expect, test } from 'vitest'
import { layout } from '../../../src/compiler/pass/layout.js'
import { narrow } from '../../../src/compiler/pass/narrow.js'
import { add, mul } from '../../../src/primitive/arithmetic.js'
import { matmul } from '../../../src/primitive/contraction.js'
import { exp, log, tanh } from '../../../src/primitive/elementary.js'
import { amax } from '../../../src/primitive/extremum.js'
import { broadcast, permute, sum } from '../../../src/primitive/movement.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { lines, zeros } from './lines.js'

const laidOut = lines(layout)
const turn = permute([1, 0])
const plain = matmul({ left: false, right: false })

test('a permuted product is the product the other way round', () => {
  expect(laidOut((x, y) => turn(plain(x!, y!)), zeros([2, 3]), zeros([3, 4]))).toEqual([
    'matmul {"left":true,"right":true} x1 x0',
    't0'
  ])
  expect(laidOut((x, y) => [plain(x!, y!), turn(plain(x!, y!))], zeros([2, 3]), zeros([3, 4]))).toHaveLength(3)
})
test('a product that others read stays', () => {
  const both = (x: Tensor, y: Tensor) => {
    const product = plain(x, y)
    return [product, turn(product)]
  }
  expect(laidOut((x, y) => both(x!, y!), zeros([2, 3]), zeros([3, 4]))).toEqual([
    'matmul {"left":false,"right":false} x0 x1',
    'permute [1,0] t0',
    't0, t1'
  ])
})
test('a fold of a permute folds the axes where they are', () => {
  expect(laidOut(x => sum([0])(turn(x!)), zeros([2, 3]))).toEqual(['sum [1] x0', 't0'])
  expect(laidOut(x => amax([1])(permute([2, 0, 1])(x!)), zeros([2, 3, 4]))).toEqual([
    'amax [0] x0',
    'permute [1,0] t0',
    't1'
  ])
  // Elements would be added in another order.
  expect(laidOut(x => sum([0, 1])(turn(x!)), zeros([2, 3]))).toEqual(['permute [1,0] x0', 'sum [0,1] t0', 't1'])
})
test('a permute between element-wise equations goes to what they are made of', () => {
  expect(laidOut((x, y) => mul(turn(tanh(add(turn(x!), 1))), y!), zeros([2, 3]), zeros([2, 3]))).toEqual([
    'permute [1,0] x0',
    'permute [1,0] t0',
    'add t1 1',
    'tanh t2',
    'mul t3 x1',
    't4'
  ])
  // Who reads it as it is keeps it as it is.
  const both = (x: Tensor) => {
    const y = tanh(x)
    return [y, exp(turn(y))]
  }
  expect(laidOut(x => both(x!), zeros([2, 3]))).toEqual(['tanh x0', 'permute [1,0] t0', 'exp t1', 't0, t2'])
})

test('what is repeated is repeated later', () => {
  const narrowed = lines(narrow)
  expect(narrowed(x => log(broadcast([4, 3])(x!)), zeros([4, 1]))).toEqual(['log x0', 'broadcast [4,3] t0', 't1'])
  expect(
    narrowed(
      (x, y) => exp(mul(broadcast([2, 4, 3])(x!), add(broadcast([2, 4, 3])(y!), 1))),
      zeros([4, 3]),
      zeros([1, 3])
    )
  ).toEqual(['add x1 1', 'broadcast [4,3] t0', 'mul x0 t1', 'exp t2', 'broadcast [2,4,3] t3', 't4'])
  expect(narrowed((x, y) => mul(broadcast([4, 3])(x!), broadcast([4, 3])(y!)), zeros([4, 1]), zeros([3]))).toEqual([
    'broadcast [4,3] x0',
    'broadcast [4,3] x1',
    'mul t0 t1',
    't2'
  ])
})
