import { expect, test } from 'vitest'
import { foldConstants } from '../../../src/compiler/pass/fold-constants.js'
import { trace } from '../../../src/compiler/program.js'
import { cond } from '../../../src/control/cond.js'
import { mul, neg } from '../../../src/primitive/arithmetic.js'
import { exp } from '../../../src/primitive/elementary.js'
import { constant, isConstant, type Tensor, uniform } from '../../../src/tensor/tensor.js'
import { lines, zeros } from './lines.js'

const folded = lines(foldConstants)
const known = (...values: readonly number[]) => constant([values.length], 'float32', Float32Array.from(values))

test('a constant with equal elements stores one', () => {
  expect(folded(x => mul(x!, known(3, 3, 3)), zeros([3]))).toEqual(['mul x0 3', 't0'])
  expect(folded(x => mul(x!, known(1, 1)), zeros([2]))).toEqual(['x0'])
  expect(folded(x => mul(x!, known(Number.NaN, Number.NaN)), zeros([2]))).toEqual(['mul x0 NaN', 't0'])
})
test('elements are equal to the last bit', () => {
  for (const values of [
    [0, -0],
    [1, 2],
    [1, Number.NaN]
  ])
    expect(folded(x => mul(x!, known(...values)), zeros([2]))).toEqual(['mul x0 constant float32[2]', 't0'])
})
test('a known condition leaves a call of the branch that it chooses', () => {
  const chosen = (condition: number) =>
    folded(
      x =>
        cond(
          uniform({ shape: [], dtype: 'bool' }, condition),
          (y: Tensor) => exp(y),
          (y: Tensor) => neg(y)
        )(x!),
      zeros([])
    )
  expect(chosen(1).slice(0, 3)).toEqual(['checkpoint x0', '(x0: float32[]) =>', 'exp x0'])
  expect(chosen(0).slice(0, 3)).toEqual(['checkpoint x0', '(x0: float32[]) =>', 'neg x0'])
})
test('equations of constants alone are never met: they are computed when they are traced', () => {
  const { equations, results } = trace((x: Tensor) => [mul(exp(known(1, 2)), 2), x])(zeros([]))
  expect(equations).toEqual([])
  expect(isConstant(results[0]!)).toBe(true)
})
