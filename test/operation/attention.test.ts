/** Attention as it is written down, its masks, and what it says of operands that do not fit. */
import { describe, expect, test } from 'vitest'
import { grad, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/operation/attention.js'
import { near } from '../layer/near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const attend = (attention: _.Attention, query: Tensor.Tensor): Tensor.Tensor =>
  _.scaledDotProductAttention(attention)(query as never) as Tensor.Tensor
const [query, key, value] = [random([2, 3, 4], 1), random([2, 5, 4], 2), random([2, 5, 6], 3)]
const truths = (rows: readonly (readonly boolean[])[]): Tensor.Tensor => Tensor.tensor(rows as never)

describe('scaledDotProductAttention', () => {
  const written = (scale: number) =>
    pipe(
      query,
      Tensor.matmul(Tensor.swapAxes(-1, -2)(key)),
      Tensor.mul(scale),
      Tensor.softmax({ axis: -1 }),
      Tensor.matmul(value)
    ) as Tensor.Tensor
  test('is softmax(scale · Q Kᵀ) V', () => {
    near(1e-13)(attend({ key, value }, query), written(0.5))
    near(1e-13)(attend({ key, value, scale: 2 }, query), written(2))
  })
  test('has leading axes that broadcast', () => {
    const at = (x: Tensor.Tensor, i: number): Tensor.Tensor => Tensor.select(0, i)(x)
    const all = attend({ key: at(key, 0), value }, Tensor.unsqueeze(1)(query) as Tensor.Tensor)
    expect(Tensor.shape(all)).toEqual([2, 2, 3, 6])
    near(1e-13)(at(at(all, 1), 0), attend({ key: at(key, 0), value: at(value, 0) }, at(query, 1)))
  })
  test('takes part where a mask is true, as where −∞ is added elsewhere; and only before, if causal', () => {
    const mask = truths([0, 1, 2].map(i => [0, 1, 2, 3, 4].map(j => j <= i)))
    const added = pipe(mask, Tensor.where(0, Number.NEGATIVE_INFINITY)) as Tensor.Tensor
    const causal = attend({ key, value, causal: true }, query)
    near(0)(attend({ key, value, mask }, query), causal)
    near(0)(attend({ key, value, mask: added }, query), causal)
    near(1e-13)(pipe(causal, Tensor.select(1, 0)), pipe(value, Tensor.select(1, 0)))
    const even = truths([[true, false, true, false, true]])
    near(0)(
      attend({ key, value, mask: even, causal: true }, query),
      attend({ key, value, mask: pipe(mask, Tensor.logicalAnd(even)) as Tensor.Tensor }, query)
    )
  })
  test('of nothing is 0, with a slope of 0', () => {
    const mask = truths([[false], [true], [true]])
    const sum = (x: Tensor.Tensor) => pipe(attend({ key, value, mask }, x), Tensor.sum()) as Tensor.Tensor<[]>
    const first = Tensor.select(1, 0)
    near(0)(first(attend({ key, value, mask }, query)), Tensor.zeros([2, 6], double))
    near(0)(first(grad(sum)(query)), Tensor.zeros([2, 4], double))
  })
})

test('mistakes', () => {
  const of = 'scaledDotProductAttention:'
  expect(() => attend({ key, value }, random([4], 1))).toThrow(`${of} query [4] needs two axes: […, queries, features]`)
  expect(() => attend({ key: random([4], 1), value }, query)).toThrow(
    `${of} key [4] needs two axes: […, keys, features]`
  )
  expect(() => attend({ key, value: random([6], 1) }, query)).toThrow(`${of} value [6] needs two axes`)
  expect(() => attend({ key: random([2, 5, 3], 1), value }, query)).toThrow(
    `${of} query [2, 3, 4] and key [2, 5, 3] differ in features`
  )
  expect(() => attend({ key: random([2, 7, 4], 1), value }, query)).toThrow(
    `${of} key [2, 7, 4] and value [2, 5, 6] differ in number`
  )
  expect(() => attend({ key, value }, random([3, 3, 4], 1))).toThrow(of)
  expect(() => attend({ key, value, mask: truths([[true, false]]) }, query)).toThrow(of)
  expect(() => attend({ key, value, mask: Tensor.zeros([2, 2, 3, 5]) }, query)).toThrow(
    `${of} mask [2, 2, 3, 5] has more axes than the scores [2, 3, 5]`
  )
})
