/** Transformations of gradients, to be chained. */
import { stack } from '../operation/joining.js'
import { norm } from '../operation/statistics.js'
import * as Tree from '../operation/tree.js'
import { add, div, mul } from '../primitive/arithmetic.js'
import { maximum, minimum } from '../primitive/extremum.js'
import { isTensor, type Tensor, uniform } from '../tensor/tensor.js'
import { identity, make, type Optimizer, stateless } from './optimizer.js'
import { decayRate, finite, nonNegative, positive } from './settings.js'

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

/** Which norm: 2 is Euclid's, 1 adds magnitudes up, ∞ takes the largest. */
export interface NormOptions {
  readonly order?: number
}
/**
 * The norm of all leaves as one vector, Euclid's unless an order is given: what `clip_grad_norm_` returns, `optax.global_norm`.
 *
 * @throws a Mistake if the order is not above 0
 *
 * @example
 * import { Optimizer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const gradients = { weight: Tensor.tensor([[3, 0]]), bias: Tensor.tensor([-4]) }
 * const orders = [1, 2, Number.POSITIVE_INFINITY]
 * deepStrictEqual(orders.map(order => pipe(gradients, Optimizer.globalNorm({ order }), Tensor.item)), [7, 5, 4])
 */
export const globalNorm = ({ order = 2 }: NormOptions = {}): ((gradients: unknown) => Tensor<[]>) => {
  positive('Optimizer.globalNorm', 'order', order)
  if (order === 2) return Tree.norm
  return gradients => {
    // The norm of the vector of the leaves' norms is that of all their elements.
    const norms = Tree.leaves(gradients).map(leaf => norm({ order })(leaf))
    return norms.length === 0 ? Tree.norm([]) : norm({ order })(stack(0)(norms))
  }
}

/**
 * The gradients, made shorter together where their norm exceeds a bound: `torch.nn.utils.clip_grad_norm_`.
 *
 * `g · min(1, maxNorm / (‖g‖ + 1e-6))`, the norm being that of all leaves as one vector, Euclid's unless an order is given.
 *
 * @throws a Mistake if the bound is negative or not finite, or the order is not above 0
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.clipByGlobalNorm({ maxNorm: -1 }), /maxNorm is -1; it must be a finite number of 0 or more/)
 */
export const clipByGlobalNorm = ({ maxNorm, order = 2 }: { readonly maxNorm: number } & NormOptions): Optimizer => {
  nonNegative('Optimizer.clipByGlobalNorm', 'maxNorm', maxNorm)
  positive('Optimizer.clipByGlobalNorm', 'order', order)
  const normOf = globalNorm({ order })
  return stateless(gradients =>
    Tree.scale(minimum(div(maxNorm, add(normOf(gradients), 1e-6)), 1) as Tensor<[]>)(gradients)
  )
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
