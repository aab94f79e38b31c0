/** A training that left the finite numbers: where, since when, and the last snapshot before it. */

import { showShape } from '../structure/shape.js'
import type { Equation, Tensor } from '../tensor/tensor.js'
import type { Snapshot } from './snapshot.js'

export interface Diverged<P = unknown, B = unknown> {
  readonly _tag: 'Diverged'
  /** The epoch in which it happened, counted from 1. */
  readonly epoch: number
  /** The step in which it happened, counted from 1. */
  readonly step: number
  /** What stopped being finite first. */
  readonly what: 'loss' | 'gradient' | 'parameter' | 'buffer' | 'optimizer state'
  /** The path of the leaf in the gradients, parameters, buffers or optimizer state; `loss` for the loss. */
  readonly path: string
  /** NaN, ∞ or −∞. */
  readonly value: number
  /**
   * The equation of the step that first made something that is not finite out of finite operands, as the interpreter takes it; in words where
   * there is none, because an operand was not finite or only the rounding of another engine led there.
   */
  readonly equation: string
  /** The last snapshot all of whose numbers are finite: nothing trained is lost. */
  readonly last: Snapshot<P, B>
}

const showType = ({ dtype, shape }: Tensor): string => `${dtype} ${showShape(shape)}`
/** `mul: float32 [11, 1], float32 [11, 1] → float32 [11, 1]` */
export const showEquation = ({ primitive, inputs, outputs }: Equation): string =>
  `${primitive.name}: ${inputs.map(showType).join(', ')} → ${outputs.map(showType).join(', ')}`

/**
 * What happened, in one sentence a line.
 *
 * @example
 * import { Diverged, Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { match } from 'node:assert'
 *
 * const trainer = Training.make({ model: Layer.linear(1, 1), loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 1 }) })
 * const data = { x: Tensor.tensor([[100], [200]]), y: Tensor.tensor([[1], [2]]) }
 * const end = pipe(trainer.initialize(Random.key(1)), trainer.epochs(100)(data), E.match(Diverged.show, () => 'fine'))
 * match(end, /^diverged in epoch \d+ \(step \d+\): the loss became Infinity/)
 */
export const show = <P, B>({ epoch, step, what, path, value, equation, last }: Diverged<P, B>): string =>
  [
    `diverged in epoch ${epoch} (step ${step}): the ${what}${what === 'loss' ? '' : ` ${path}`} became ${value}`,
    `  first not finite: ${equation}`,
    `  last finite snapshot: after step ${last.step} (epoch ${last.epoch})`,
    '  a smaller learning rate, inputs scaled to about 1, or Optimizer.clipByGlobalNorm may help'
  ].join('\n')
