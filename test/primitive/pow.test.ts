import { describe, expect, test } from 'vitest'
import * as _ from '../../src/primitive/elementary.js'
import { item, type Tensor, uniform } from '../../src/tensor/tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { grad } from '../../src/transform/reverse.js'

const scalar = (value: number): Tensor<[]> => uniform({ shape: [], dtype: 'float64' }, value)
const power = ([x, y]: readonly [Tensor, Tensor]): Tensor<[]> => _.pow(x, y)
const at = (x: number, y: number): readonly [Tensor, Tensor] => [scalar(x), scalar(y)]
const value = item('a test')

describe('the derivative of a power', () => {
  test('has a slope in the exponent where that is 0: d²xʸ/dx dy = xʸ⁻¹ (1 + y log x)', () => {
    for (const [x, y] of [
      [2, 0],
      [0.5, 0],
      [3, 2]
    ] as const) {
      const mixed = x ** (y - 1) * (1 + y * Math.log(x))
      const baseFirst = grad((p: readonly [Tensor, Tensor]): Tensor<[]> => grad(power)(p)[0])(at(x, y))[1]
      const exponentFirst = grad((p: readonly [Tensor, Tensor]): Tensor<[]> => grad(power)(p)[1])(at(x, y))[0]
      expect(value(baseFirst)).toBeCloseTo(mixed, 12)
      expect(value(exponentFirst)).toBeCloseTo(mixed, 12)
    }
  })
  test.each([
    [0, 0, 0, 0],
    [0, 1, 1, 0],
    [0, 2, 0, 0],
    [-2, 3, 12, Number.NaN]
  ])('at %d to the power of %d: %d in the base, %d in the exponent, in both modes', (x, y, inBase, inExponent) => {
    expect(grad(power)(at(x, y)).map(value)).toEqual([inBase, inExponent])
    expect(value(jvp(power)(at(x, y), at(1, 0))[1])).toBe(inBase)
  })
  test('in the base alone is not spoilt by an exponent that has none', () => {
    const cube = (x: Tensor): Tensor<[]> => _.pow(x, 3)
    expect([grad(cube), grad(grad(cube)), grad(grad(grad(cube)))].map(f => value(f(scalar(-2))))).toEqual([12, -12, 6])
  })
})
