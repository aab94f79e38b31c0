/** Cases of losses that look at each element by itself. */
import fc from 'fast-check'
import * as Loss from '../src/Loss.js'
import type { Shape } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import {
  atLeast,
  type Element,
  float64,
  type LossCase,
  large,
  number,
  ofElements,
  type Reducible,
  sign
} from './objective-case.js'

const always = (): boolean => true
const never = (): boolean => false

/** Predictions that are wrong by so much, and right where the loss is least. */
const erring = (error: fc.Arbitrary<number>): fc.Arbitrary<Element> =>
  fc
    .tuple(number(), error, large)
    .map(([target, e, extreme]) => ({ target, prediction: target + e, optimum: target, extreme }))
const ofError = (loss: Reducible<Tensor, Tensor>): fc.Arbitrary<LossCase> =>
  ofElements(
    fc.constant(undefined),
    () => loss,
    () => erring(atLeast(0.05)),
    always
  )
/** Away from 0 and from where the square becomes a line. */
const beside = (end: number): fc.Arbitrary<number> =>
  fc.oneof(
    ...(end > 0 ? [number(-end + 0.05, end - 0.05)] : []),
    fc.tuple(number(end + 0.05, end + 2), sign).map(([e, side]) => side * e)
  )

/** Along the last axis, if there is one beside that of the examples, so that another order of those changes nothing. */
const labels = (shape: Shape, weight: (label: number) => number): Tensor =>
  shape.length === 1
    ? float64([], [weight(1)])
    : float64(
        shape.slice(-1),
        Array.from({ length: shape.at(-1)! }, (_, label) => weight(label))
      )
const weights = (shape: Shape): Tensor => labels(shape, label => 0.5 + label)

const probability = fc.oneof(number(0.05, 0.95), fc.constantFrom(0, 1))
const logit = (p: number): number => Math.max(-100, Math.min(100, Math.log(p / (1 - p))))

/** Counts: away from 1, where Stirling's approximation begins. */
const counted = fc.oneof(fc.constant(0), number(0.3, 0.9), number(1.1, 4))
const margins = fc.constantFrom(0.5, 1)

export const elementTable = {
  mse: ofError(Loss.mse),
  l1: ofError(Loss.l1),
  smoothL1: ofElements(
    fc.constantFrom(0, 0.3, 1),
    beta => options => Loss.smoothL1({ ...options, beta }),
    beta => erring(beside(beta)),
    always
  ),
  huber: ofElements(
    fc.constantFrom(0.3, 1),
    delta => options => Loss.huber({ ...options, delta }),
    delta => erring(beside(delta)),
    always
  ),
  binaryCrossEntropy: ofElements(
    fc.boolean(),
    (weighted, shape) => options =>
      Loss.binaryCrossEntropy({ ...options, ...(weighted ? { weight: weights(shape) } : {}) }),
    () =>
      fc
        .tuple(probability, number(0.2, 0.8), fc.constantFrom(0, 1))
        .map(([target, prediction, extreme]) => ({ target, prediction, optimum: target, extreme })),
    always
  ),
  binaryCrossEntropyWithLogits: ofElements(
    fc.record({ weighted: fc.boolean(), positive: fc.constantFrom(1, 0.25, 3) }),
    ({ weighted, positive }, shape) =>
      options =>
        Loss.binaryCrossEntropyWithLogits({
          ...options,
          ...(weighted ? { weight: weights(shape) } : {}),
          ...(positive === 1 ? {} : { positiveWeight: labels(shape, () => positive) })
        }),
    ({ positive }) =>
      fc.tuple(probability, number(), large).map(([target, prediction, extreme]) => ({
        target,
        prediction,
        optimum: logit((positive * target) / (positive * target + 1 - target)),
        extreme
      })),
    always
  ),
  poissonNll: ofElements(
    fc.record({ logInput: fc.boolean(), full: fc.boolean() }),
    given => options => Loss.poissonNll({ ...options, ...given }),
    ({ logInput }) =>
      fc.tuple(counted, number(), fc.constantFrom(0, 1, 700)).map(([target, x, extreme]) => ({
        target,
        prediction: logInput ? x : 0.3 + Math.abs(x),
        optimum: logInput ? Math.max(-100, Math.log(target)) : Math.max(0, target - 1e-8),
        extreme
      })),
    always
  ),
  hingeEmbedding: ofElements(
    margins,
    margin => options => Loss.hingeEmbedding({ ...options, margin }),
    margin =>
      fc
        .tuple(sign, fc.oneof(number(0.05, margin - 0.05), number(margin + 0.05, 2)), large)
        .map(([target, prediction, extreme]) => ({
          target,
          prediction,
          optimum: target > 0 ? 0 : margin + 1,
          extreme
        })),
    never
  )
}
