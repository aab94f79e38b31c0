/** Every activation that the library exports, as functions of one number: with settings, kinks, and the values at both ends. One that is missing is a type error. */

import type * as activation from '../../src/operation/activation.js'
import * as hard from '../../src/operation/activation-hard.js'
import * as rectifier from '../../src/operation/activation-rectifier.js'
import * as smooth from '../../src/operation/activation-smooth.js'
import { glu, logSoftmax, softmax, softmin } from '../../src/operation/activation-softmax.js'
import { mul } from '../../src/operation/arithmetic.js'
import { concat } from '../../src/operation/joining.js'
import { reshape } from '../../src/operation/movement.js'
import { sigmoid, tanh } from '../../src/operation/pointwise.js'
import { sum } from '../../src/operation/reduction.js'
import type { Unary } from '../../src/operation/signatures.js'
import { constant, type Tensor } from '../../src/tensor/tensor.js'
import type { Curve } from './slope.js'

export interface Bend {
  readonly f: Curve
  /** Where there is no derivative of some order. */
  readonly kinks: readonly number[]
  /** What it tends to at −∞ and at ∞; NaN where that is not what is computed there, as PyTorch does not. */
  readonly ends: readonly [number, number]
}
const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity } = Number
const bend = (f: Unary, ends: Bend['ends'], ...kinks: readonly number[]): Bend => ({ f: x => f(x), ends, kinks })

/** Other numbers in the dtype of one. */
const beside = ({ dtype }: Tensor, numbers: readonly number[]): Tensor =>
  constant([numbers.length], dtype, dtype === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers))
/** The number among others, and a weighted sum of what becomes of them. */
const among =
  (f: (x: Tensor) => Tensor, others: readonly number[], weights: readonly number[]): Curve =>
  x => {
    const row: Tensor = concat(0)([reshape([1])(x), beside(x, others)] as readonly Tensor[])
    return sum()(mul(beside(x, weights))(f(row)))
  }

type Name = Exclude<keyof typeof activation, never> | 'tanh' | 'sigmoid'
export const bends: { readonly [K in Name]: readonly Bend[] } = {
  tanh: [bend(tanh, [-1, 1])],
  sigmoid: [bend(sigmoid, [0, 1])],
  softplus: [
    bend(smooth.softplus(), [0, infinity], 20),
    bend(smooth.softplus({ beta: 3 }), [0, infinity], 20 / 3),
    bend(smooth.softplus({ threshold: infinity }), [0, infinity])
  ],
  logSigmoid: [bend(smooth.logSigmoid, [minusInfinity, 0])],
  silu: [bend(smooth.silu, [0, infinity])],
  gelu: [bend(smooth.gelu(), [0, infinity]), bend(smooth.gelu({ approximate: 'tanh' }), [0, infinity])],
  mish: [bend(smooth.mish, [0, infinity])],
  softsign: [bend(smooth.softsign, [-1, 1], 0)],
  tanhshrink: [bend(smooth.tanhshrink, [minusInfinity, infinity])],

  relu: [bend(rectifier.relu, [0, infinity], 0)],
  leakyRelu: [
    bend(rectifier.leakyRelu(), [minusInfinity, infinity], 0),
    bend(rectifier.leakyRelu({ negativeSlope: 0 }), [0, infinity], 0)
  ],
  prelu: [bend(rectifier.prelu(0.25), [minusInfinity, infinity], 0)],
  elu: [bend(rectifier.elu(), [-1, infinity], 0), bend(rectifier.elu({ alpha: 1.7 }), [-1.7, infinity], 0)],
  selu: [bend(rectifier.selu, [-1.7580993408473766, infinity], 0)],
  celu: [bend(rectifier.celu(), [-1, infinity], 0), bend(rectifier.celu({ alpha: 0.6 }), [-0.6, infinity], 0)],

  hardtanh: [bend(hard.hardtanh(), [-1, 1], -1, 1), bend(hard.hardtanh({ min: 0, max: 3 }), [0, 3], 0, 3)],
  relu6: [bend(hard.relu6, [0, 6], 0, 6)],
  hardsigmoid: [bend(hard.hardsigmoid, [0, 1], -3, 3)],
  hardswish: [bend(hard.hardswish, [0, infinity], -3, 3)],
  softshrink: [
    bend(hard.softshrink(), [minusInfinity, infinity], -0.5, 0.5),
    bend(hard.softshrink({ lambda: 0 }), [minusInfinity, infinity], 0)
  ],
  hardshrink: [bend(hard.hardshrink({ lambda: 1.5 }), [minusInfinity, infinity], -1.5, 1.5)],
  threshold: [bend(hard.threshold({ threshold: 0.25, value: -1.5 }), [-1.5, infinity], 0.25)],

  softmax: [
    {
      f: among(x => softmax()(x), [0.3, -0.4], [1, 2, 3]),
      ends: [2 / (1 + Math.exp(-0.7)) + 3 / (1 + Math.exp(0.7)), NaN],
      kinks: []
    }
  ],
  logSoftmax: [{ f: among(x => logSoftmax()(x), [0.3, -0.4], [1, 0, 0]), ends: [minusInfinity, NaN], kinks: [] }],
  softmin: [
    {
      f: among(x => softmin()(x), [0.3, -0.4], [1, 2, 3]),
      ends: [NaN, 2 / (1 + Math.exp(0.7)) + 3 / (1 + Math.exp(-0.7))],
      kinks: []
    }
  ],
  glu: [
    { f: among(x => glu()(x), [2], [1]), ends: [minusInfinity, infinity], kinks: [] },
    { f: x => among(y => glu()(y as Tensor<[2]>), [-1], [1])(x), ends: [minusInfinity, infinity], kinks: [] }
  ]
}
export const instances: readonly (readonly [string, Bend])[] = Object.entries(bends).flatMap(([name, all]) =>
  all.map((one, i) => [all.length === 1 ? name : `${name} (${i + 1})`, one] as const)
)
