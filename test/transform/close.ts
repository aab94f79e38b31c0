/** Closeness of numbers and trees in float64, and the points at which derivatives are asked. */
import { expect } from 'vitest'
import { near } from '../../laws/closeness.js'
import { leaves } from '../../src/operation/tree.js'
import * as T from '../../src/Tensor.js'

export type Scalar = T.Tensor<[]>
export type Curve = (x: Scalar) => Scalar

export const scalar = (value: number): Scalar => T.scalar(value, { dtype: 'float64' })
export const vector = (...values: readonly number[]): T.Tensor<[number]> =>
  T.fromData([values.length], Float64Array.from(values))
export const matrix = <const N extends readonly (readonly number[])[]>(values: N) =>
  T.tensor(values, { dtype: 'float64' })

/** All numbers of a tree, of a tensor, or one. */
export const numbers = (x: unknown): readonly number[] =>
  typeof x === 'number' ? [x] : leaves(x).flatMap(leaf => [...T.toData(leaf)])

export const close = (actual: unknown, expected: unknown, tolerance = 1e-9): void => {
  const [a, b] = [numbers(actual), numbers(expected)]
  expect(a).toHaveLength(b.length)
  a.forEach((value, i) => {
    expect(near(value, b[i]!, tolerance), `${value} where ${b[i]} is expected, at ${i}`).toBe(true)
  })
}

/** A network of 2 inputs, 4 hidden tanh neurons and 1 output, its loss on five examples, and parameters. */
const scattered = <const S extends T.Shape>(shape: S, phase: number): T.Tensor<[...S]> => {
  const n = shape.reduce((product, extent) => product * extent, 1)
  return T.fromData(
    shape,
    Float64Array.from({ length: n }, (_, i) => Math.sin((i + phase) * 12.9898) * 0.5)
  )
}
interface Linear<Out extends number, In extends number> {
  readonly weight: T.Tensor<[Out, In]>
  readonly bias: T.Tensor<[Out]>
}
export interface Network {
  readonly hidden: Linear<4, 2>
  readonly output: Linear<1, 4>
}
export const network: Network = {
  hidden: { weight: scattered([4, 2], 1), bias: scattered([4], 9) },
  output: { weight: scattered([1, 4], 13), bias: scattered([1], 17) }
}
const [x, y] = [scattered([5, 2], 18), scattered([5, 1], 28)]
export const networkLoss = ({ hidden, output }: Network): Scalar => {
  const h = T.tanh(T.add(hidden.bias)(T.matmul(T.transpose(hidden.weight))(x)))
  const prediction = T.add(output.bias)(T.matmul(T.transpose(output.weight))(h))
  return T.mean()(T.square(T.sub(y)(prediction)))
}
