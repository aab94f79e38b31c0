/** Transformations of gradients, to be chained. */
import * as Tree from '../operation/tree.js'
import { add, div, mul } from '../primitive/arithmetic.js'
import { maximum, minimum } from '../primitive/extremum.js'
import { isTensor, type Tensor, uniform } from '../tensor/tensor.js'
import { identity, make, type Optimizer, stateless } from './optimizer.js'
import { decayRate, finite, nonNegative } from './settings.js'

/** A number, or a function of the step (an int32 scalar) that gives one. */
export type Rate = number | ((step: Tensor<[]>) => Tensor<[]>)

/** The rate at a step, checked when it is a number. */
export const rateAt = (operation: string, name: string, rate: Rate): ((step: Tensor<[]>) => number | Tensor<[]>) => {
  if (typeof rate === 'function') return rate
  nonNegative(operation, name, rate)
  return () => rate
}

/**
 * Every gradient times a number: `optax.scale`. `scale(a)` after `scale(b)` is `scale(a · b)` up to rounding.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scale(-0.1).slots, 0)
 */
export const scale = (factor: number): Optimizer => {
  finite('Optimizer.scale', 'factor', factor)
  return stateless(gradients => Tree.scale(factor)(gradients))
}

/** Against the gradients, by a rate that may depend on the step: the last link of most optimizers. */
export const descend = (operation: string, learningRate: Rate): Optimizer => {
  const rate = rateAt(operation, 'learningRate', learningRate)
  return stateless((gradients, _, { step }) => {
    const at = rate(step)
    return Tree.scale(isTensor(at) ? (mul(at, -1) as Tensor<[]>) : -at)(gradients)
  })
}

/**
 * The gradients, made shorter together where their norm exceeds a bound: `torch.nn.utils.clip_grad_norm_`.
 *
 * `g · min(1, maxNorm / (‖g‖ + 1e-6))`, the norm being that of all leaves as one vector.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.clipByGlobalNorm({ maxNorm: -1 }), /maxNorm is -1; it must be a finite number of 0 or more/)
 */
export const clipByGlobalNorm = ({ maxNorm }: { readonly maxNorm: number }): Optimizer => {
  nonNegative('Optimizer.clipByGlobalNorm', 'maxNorm', maxNorm)
  return stateless(gradients => {
    const norm = Tree.norm(gradients)
    return Tree.scale(minimum(div(maxNorm, add(norm, 1e-6)), 1) as Tensor<[]>)(gradients)
  })
}

/**
 * Every element of the gradients limited to ±limit: `torch.nn.utils.clip_grad_value_`.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.clipByValue({ limit: 1 }).slots, 0)
 */
export const clipByValue = ({ limit }: { readonly limit: number }): Optimizer => {
  nonNegative('Optimizer.clipByValue', 'limit', limit)
  return stateless(gradients => Tree.map(g => maximum(minimum(g, limit), -limit))(gradients))
}

/**
 * The gradients plus a share of the parameters: L2 regularisation, as PyTorch's `weight_decay` of SGD and Adam.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.addDecayedWeights({ weightDecay: 0 }), Optimizer.identity)
 */
export const addDecayedWeights = ({ weightDecay }: { readonly weightDecay: number }): Optimizer => {
  nonNegative('Optimizer.addDecayedWeights', 'weightDecay', weightDecay)
  return weightDecay === 0
    ? identity
    : stateless((gradients, params) => Tree.zipWith((g, p) => add(g, mul(p, weightDecay)))(params)(gradients))
}

export interface MomentumOptions {
  readonly momentum: number
  readonly dampening?: number
  readonly nesterov?: boolean
}
/**
 * A running sum of gradients in place of each: `v ← μ v + (1 − dampening) g`, the first `v` being `g` itself as in PyTorch;
 * the update is `v`, or `g + μ v` for Nesterov's.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.momentum({ momentum: 0.9 }).slots, 1)
 */
export const momentum = ({ momentum: rate, dampening = 0, nesterov = false }: MomentumOptions): Optimizer => {
  decayRate('Optimizer.momentum', 'momentum', rate)
  finite('Optimizer.momentum', 'dampening', dampening)
  if (rate === 0) return identity
  const kept = 1 - dampening
  return make<{ readonly velocity: Tree.Tree; readonly share: Tree.Tree }>({
    // The share of a gradient that is taken in: all of the first, so that PyTorch's first step comes out.
    init: params => ({
      velocity: Tree.zerosLike(params),
      share: Tree.map(p => uniform({ shape: [], dtype: p.dtype }, 1))(params)
    }),
    update: (gradients, { velocity, share }) => {
      const taken = Tree.zipWith(mul)(share)(gradients)
      const next = Tree.zipWith((v, g) => add(mul(v, rate), g))(taken)(velocity)
      const updates = nesterov ? Tree.zipWith((g, v) => add(g, mul(v, rate)))(next)(gradients) : next
      return [updates, { velocity: next, share: Tree.map(s => uniform(s, kept))(share) }]
    }
  })
}
