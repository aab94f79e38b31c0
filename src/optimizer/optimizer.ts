/**
 * An optimizer turns gradients into updates, which are added to the parameters, and remembers what it needs in a state that is passed along.
 *
 * `chain` is a monoid: `chain(chain(a, b), c) = chain(a, chain(b, c))`, `chain(identity, a) = a = chain(a, identity)`,
 * states included, because the state of a chain is the states of its members in one flat list.
 */
import type { Monoid as FpMonoid } from 'fp-ts/lib/Monoid.js'
import * as Tree from '../operation/tree.js'
import type { Tensor } from '../tensor/tensor.js'

/** What a stateful transformation remembers: a tree of tensors for each member of the chain that remembers something. */
export type OptimizerState = readonly Tree.Tree[]

/** What an optimizer may look at beside the gradients. */
export interface Context<P> {
  /** The loss at the parameters. */
  readonly loss: Tensor<[]>
  /** How many steps were taken before this one: an int32 scalar. */
  readonly step: Tensor<[]>
  /** The loss of this step's batch, and its gradient, at other parameters. */
  readonly valueAndGrad: (params: P) => readonly [Tensor<[]>, P]
}

/** `update` takes gradients to updates; the state has `slots` trees. Both work on any tree of parameters. */
export interface Optimizer {
  readonly slots: number
  readonly init: <P>(params: P) => OptimizerState
  readonly update: <P>(
    gradients: P,
    state: OptimizerState,
    params: P,
    context: Context<P>
  ) => readonly [P, OptimizerState]
}

/**
 * An optimizer with a state of one tree, the way to write one's own: `optax.GradientTransformation`.
 *
 * @example
 * import { Optimizer, Tree } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // Steps along the mean of all gradients so far.
 * const average = Optimizer.make({
 *   init: params => Tree.zerosLike(params),
 *   update: (gradients, sum) => {
 *     const total = Tree.add(gradients)(sum)
 *     return [Tree.scale(-0.1)(total), total]
 *   }
 * })
 * strictEqual(average.slots, 1)
 */
export const make = <S>({
  init,
  update
}: {
  readonly init: (params: Tree.Tree) => S
  readonly update: (
    gradients: Tree.Tree,
    state: S,
    params: Tree.Tree,
    context: Context<Tree.Tree>
  ) => readonly [Tree.Tree, S]
}): Optimizer => ({
  slots: 1,
  init: params => [init(params as Tree.Tree) as Tree.Tree],
  update: <P>(gradients: P, state: OptimizerState, params: P, context: Context<P>) => {
    const { loss, step, valueAndGrad } = context
    const general: Context<Tree.Tree> = {
      loss,
      step,
      valueAndGrad: at => valueAndGrad(at as P) as readonly [Tensor<[]>, Tree.Tree]
    }
    const [updates, next] = update(gradients as Tree.Tree, state[0] as S, params as Tree.Tree, general)
    return [updates as P, [next as Tree.Tree]]
  }
})

/**
 * An optimizer without a state: `optax.stateless`.
 *
 * @example
 * import { Optimizer, Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const downhill = Optimizer.stateless(gradients => Tree.map(Tensor.neg)(gradients))
 * deepStrictEqual(downhill.init(Tensor.scalar(3)), [])
 */
export const stateless = (update: <P>(gradients: P, params: P, context: Context<P>) => P): Optimizer => ({
  slots: 0,
  init: () => [],
  update: (gradients, _, params, context) => [update(gradients, params, context), []]
})

/**
 * The gradients themselves, the unit of `chain`: `optax.identity`.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.chain(), Optimizer.identity)
 */
export const identity: Optimizer = stateless(gradients => gradients)

const compose = (first: Optimizer, second: Optimizer): Optimizer => ({
  slots: first.slots + second.slots,
  init: params => [...first.init(params), ...second.init(params)],
  update: (gradients, state, params, context) => {
    const [between, next] = first.update(gradients, state.slice(0, first.slots), params, context)
    const [updates, last] = second.update(between, state.slice(first.slots), params, context)
    return [updates, [...next, ...last]]
  }
})

/**
 * One transformation of gradients after another, from left to right: `optax.chain`.
 *
 * @example
 * import { Optimizer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const clipped = Optimizer.chain(Optimizer.clipByGlobalNorm({ maxNorm: 1 }), Optimizer.sgd({ learningRate: 0.5 }))
 * const context = { loss: Tensor.scalar(0), step: Tensor.scalar(0, { dtype: 'int32' }), valueAndGrad: () => [Tensor.scalar(0), Tensor.scalar(0)] as const }
 * const [update] = clipped.update(Tensor.scalar(100), clipped.init(Tensor.scalar(0)), Tensor.scalar(0), context)
 * strictEqual(Math.round(Tensor.item(update) * 1e6) / 1e6, -0.5)
 */
export const chain = (...optimizers: readonly Optimizer[]): Optimizer => optimizers.reduce(compose, identity)

/**
 * Optimizers under `chain`, an fp-ts `Monoid`.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { concatAll } from 'fp-ts/lib/Monoid.js'
 * import { strictEqual } from 'node:assert'
 *
 * const all = concatAll(Optimizer.Monoid)([Optimizer.clipByGlobalNorm({ maxNorm: 1 }), Optimizer.sgd({ learningRate: 0.1 })])
 * strictEqual(all.slots, Optimizer.sgd({ learningRate: 0.1 }).slots)
 */
export const Monoid: FpMonoid<Optimizer> = { concat: (first, second) => chain(first, second), empty: identity }

/**
 * The parameters after a step: `optax.apply_updates`.
 *
 * @example
 * import { Optimizer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Optimizer.applyUpdates(Tensor.scalar(-0.5))(Tensor.scalar(2))), 1.5)
 */
export const applyUpdates: (updates: unknown) => <P>(params: P) => P = Tree.add
