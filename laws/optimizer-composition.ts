/**
 * What must hold of optimizers made of others: accumulated, looked ahead, partitioned, averaged, sharpness-aware.
 *
 * The words are arguments, so that others can be put to the same laws.
 */
import * as Library from '../src/Optimizer.js'
import * as Tree from '../src/operation/tree.js'
import type { Optimizer } from '../src/optimizer/optimizer.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { elements, isConstant, type Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { contextAt, type OptimizerCase, steps } from './optimizers.js'
import { close, identical } from './same.js'

/** An optimizer to be wrapped, of which each leaf's updates depend on that leaf alone; with a number of steps, and a rate at which the past is kept. */
export interface WrapperCase extends OptimizerCase {
  readonly steps: number
  readonly decay: number
}

/** What laws of composed optimizers are about. */
export interface Wrappers {
  readonly accumulate: (options: { readonly steps: number }) => (inner: Optimizer) => Optimizer
  readonly lookahead: (options: { readonly steps: number; readonly rate: number }) => (inner: Optimizer) => Optimizer
  readonly partition: (
    labelOf: (path: string) => 'a' | 'b'
  ) => (optimizers: { readonly a: Optimizer; readonly b: Optimizer }) => Optimizer
  readonly freeze: Optimizer
  readonly sam: (options: { readonly radius: number }) => (inner: Optimizer) => Optimizer
  readonly exponentialMovingAverage: (options: { readonly decay: number; readonly debias: boolean }) => Optimizer
  readonly averaged: typeof Library.averaged
  readonly clipByNorm: (options: { readonly maxNorm: number }) => Optimizer
  readonly addDecayedWeights: (options: {
    readonly weightDecay: number
    readonly mask: (path: string) => boolean
  }) => Optimizer
}
export const wrappers: Wrappers = Library

const agree = close(1e-11)
/** Whether all are 0 or −0. */
const isZero = (tree: unknown): boolean => close(0)(tree, Tree.zerosLike(tree))
/** The updates of all steps. */
const updatesOf = (c: OptimizerCase): readonly Tree.Tree[] =>
  steps(c)
    .slice(1)
    .map(({ updates }) => updates)
/** The parameters before the first step and after each. */
const walk = (c: OptimizerCase): readonly Tree.Tree[] => {
  const places = [c.params]
  for (const updates of updatesOf(c)) places.push(Library.applyUpdates(updates)(places.at(-1)!))
  return places
}
const meanOf = (trees: readonly Tree.Tree[]): Tree.Tree =>
  Tree.scale(1 / trees.length)(trees.reduce((a, b) => Tree.add(b)(a)))
/** A path into two groups, in one of several ways. */
const labelBy =
  (choice: number) =>
  (path: string): 'a' | 'b' =>
    (Math.floor(choice / 2 ** (path.length % 5)) + path.charCodeAt(0)) % 2 === 0 ? 'a' : 'b'
/** The leaves of one group, by path. */
const groupOf = (label: 'a' | 'b', labelOf: (path: string) => 'a' | 'b', tree: Tree.Tree): Tree.Tree =>
  Object.fromEntries(Tree.entries(tree).filter(([path]) => labelOf(path) === label))

export const accumulationLaws = ({ accumulate }: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  law('accumulation of one', 'accumulate 1 f ≈ f', c =>
    agree(updatesOf({ ...c, optimizer: accumulate({ steps: 1 })(c.optimizer) }), updatesOf(c))
  ),
  law('rest', 'between its steps accumulate k f gives zeros, and the state of f stays as it is', c => {
    const all = steps({ ...c, optimizer: accumulate({ steps: c.steps })(c.optimizer) })
    return all.every(
      ({ updates, state }, i) =>
        i % c.steps === 0 || (isZero(updates) && identical(state.slice(1), all[i - 1]!.state.slice(1)))
    )
  }),
  law('mean', 'every k-th update of accumulate k f is that of f for the mean of k gradients', c => {
    const groups = Array.from({ length: Math.floor(c.gradients.length / c.steps) }, (_, i) =>
      meanOf(c.gradients.slice(i * c.steps, (i + 1) * c.steps))
    )
    const every = updatesOf({ ...c, optimizer: accumulate({ steps: c.steps })(c.optimizer) }).filter(
      (_, i) => (i + 1) % c.steps === 0
    )
    return agree(every, updatesOf({ ...c, gradients: groups }))
  })
]

export const lookaheadLaws = ({ lookahead }: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  law('lookahead all the way', 'lookahead k 1 f ≈ f', c =>
    agree(updatesOf({ ...c, optimizer: lookahead({ steps: c.steps, rate: 1 })(c.optimizer) }), updatesOf(c))
  ),
  law('slow and fast', 'lookahead k α f goes as f, and every k steps back to φ + α (p − φ), the next φ', c => {
    const rate = 1 - c.decay
    let [params, slow, state] = [c.params, c.params, c.optimizer.init(c.params)]
    const expected = [params]
    c.gradients.forEach((gradient, i) => {
      const [updates, next] = c.optimizer.update(gradient, state, params, contextAt(i))
      state = next
      params = Tree.add(updates)(params)
      if ((i + 1) % c.steps === 0) {
        params = Tree.add(Tree.scale(rate)(Tree.sub(slow)(params)))(slow)
        slow = params
      }
      expected.push(params)
    })
    return agree(walk({ ...c, optimizer: lookahead({ steps: c.steps, rate })(c.optimizer) }), expected)
  })
]

export const partitionLaws = ({ partition, freeze }: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  law(
    'one for all',
    'groups that all have f move as by f, to the last bit, where f takes leaves one by one',
    (c, choice) =>
      identical(
        updatesOf({ ...c, optimizer: partition(labelBy(choice))({ a: c.optimizer, b: c.optimizer }) }),
        updatesOf(c)
      )
  ),
  law(
    'to each its own',
    'a group with f moves as f moves it alone; the states are those of f and those of g',
    (c, choice) => {
      const labelOf = labelBy(choice)
      const [a, b] = [c.optimizer, Library.sgd({ learningRate: 0.1, momentum: c.decay })]
      const alone = (label: 'a' | 'b', optimizer: Optimizer) =>
        steps({
          optimizer,
          params: groupOf(label, labelOf, c.params),
          gradients: c.gradients.map(gradient => groupOf(label, labelOf, gradient))
        })
      const [ofA, ofB] = [alone('a', a), alone('b', b)]
      return steps({ ...c, optimizer: partition(labelOf)({ a, b }) }).every(
        ({ updates, state }, i) =>
          identical(state, [...ofA[i]!.state, ...ofB[i]!.state]) &&
          (i === 0 ||
            (identical(groupOf('a', labelOf, updates), ofA[i]!.updates) &&
              identical(groupOf('b', labelOf, updates), ofB[i]!.updates)))
      )
    }
  ),
  law('frozen', 'a group with freeze stays where it is, to the last bit', (c, choice) => {
    const labelOf = labelBy(choice)
    const places = walk({ ...c, optimizer: partition(labelOf)({ a: c.optimizer, b: freeze }) })
    const frozen = places.map(params => groupOf('b', labelOf, params))
    return frozen.every(group => identical(group, frozen[0]))
  }),
  law('freeze', 'freeze gives zeros and remembers nothing', c =>
    steps({ ...c, optimizer: freeze }).every(({ updates, state }) => isZero(updates) && state.length === 0)
  )
]

/** Of the loss `½ ‖p‖²`, whose gradient is `p`: what the context of these laws looks at. */
export const samLaws = ({ sam }: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  law('no neighbour', 'sam 0 f ≈ f, for gradients that are those of the loss', c => {
    const ofLoss = { ...c, gradients: c.gradients.length > 0 ? [c.params] : [] }
    return agree(updatesOf({ ...ofLoss, optimizer: sam({ radius: 0 })(c.optimizer) }), updatesOf(ofLoss))
  }),
  law('worst neighbour', 'sam ρ f gives f the gradient at p + ρ g / ‖g‖', c =>
    c.gradients.every(gradient => {
      const radius = c.decay
      const [updates] = sam({ radius })(Library.identity).update(gradient, [], c.params, contextAt(0))
      const length = Math.sqrt(
        Tree.leaves(gradient)
          .flatMap(leaf => (isConstant(leaf) ? [...elements(leaf)] : []))
          .reduce((total, x) => total + x * x, 0)
      )
      // The squares of the smallest numbers are 0.
      if (length < 1e-150) return true
      return agree(updates, Tree.add(Tree.scale(radius / length)(gradient))(c.params))
    })
  )
]

const bounds = (trees: readonly Tree.Tree[], best: (...xs: readonly number[]) => number): readonly number[] => {
  const all = trees.map(tree => Tree.leaves(tree).flatMap(leaf => (isConstant(leaf) ? [...elements(leaf)] : [])))
  return all[0]!.map((_, i) => best(...all.map(numbers => numbers[i]!)))
}
export const averageLaws = ({
  exponentialMovingAverage,
  averaged
}: Wrappers = wrappers): readonly Law<WrapperCase>[] => {
  const places = (c: WrapperCase, debias: boolean) => {
    const optimizer = Library.chain(c.optimizer, exponentialMovingAverage({ decay: c.decay, debias }))
    const all = steps({ ...c, optimizer })
    const iterates = walk({ ...c, optimizer })
    return all.map(
      ({ state }, i) => [averaged({ params: iterates[i]!, optimizer: state }), iterates.slice(0, i + 1)] as const
    )
  }
  return [
    law('seen through', 'with an average in the chain, f moves as without', c =>
      identical(
        updatesOf({
          ...c,
          optimizer: Library.chain(c.optimizer, exponentialMovingAverage({ decay: c.decay, debias: false }))
        }),
        updatesOf(c)
      )
    ),
    law('average', 'a₀ = p₀, and then a ← d a + (1 − d) p', c => {
      let expected = c.params
      return places(c, false).every(([average, iterates], i) => {
        const move = (a: Tensor, p: Tensor): Tensor => add(mul(a, c.decay), mul(p, 1 - c.decay))
        if (i > 0) expected = Tree.zipWith(move)(iterates.at(-1)!)(expected)
        return agree(average, expected)
      })
    }),
    law('average without a start', 'debiased, the average of t parameters is Σ dᵗ⁻ⁱ pᵢ / Σ dᵗ⁻ⁱ', c =>
      places(c, true).every(([average, iterates], i) => {
        if (i === 0) return identical(average, c.params)
        const parts = iterates.slice(1).map((p, k) => [c.decay ** (i - 1 - k), p] as const)
        const total = parts.reduce((sum, [weight]) => sum + weight, 0)
        const sum = parts.map(([weight, p]) => Tree.scale(weight / total)(p)).reduce((a, b) => Tree.add(b)(a))
        return agree(average, sum)
      })
    ),
    law('within bounds', 'an average is between the least and the largest of what it is of', c =>
      [true, false].every(debias =>
        places(c, debias).every(([average, iterates]) => {
          const [low, high] = [bounds(iterates, Math.min), bounds(iterates, Math.max)]
          const margin = (x: number): number => 1e-12 * (1 + Math.abs(x))
          return bounds([average], Math.min).every(
            (x, i) => x >= low[i]! - margin(low[i]!) && x <= high[i]! + margin(high[i]!)
          )
        })
      )
    )
  ]
}

/** Of transformations that take leaves one by one, or some of them. */
export const leafLaws = ({ clipByNorm, addDecayedWeights }: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  law('clip each', 'clipByNorm clips each leaf as clipByGlobalNorm does it alone', ({ decay, ...c }) => {
    const [each, alone] = [clipByNorm({ maxNorm: decay }), Library.clipByGlobalNorm({ maxNorm: decay })]
    return c.gradients.every(gradient => {
      const [updates] = each.update(gradient, [], c.params, contextAt(0))
      return identical(updates, Tree.map(leaf => alone.update(leaf, [], leaf, contextAt(0) as never)[0])(gradient))
    })
  }),
  law('mask', 'g + λ p where the mask holds of the path, g where it does not', ({ decay, ...c }, choice) =>
    c.gradients.every(gradient => {
      const mask = (path: string): boolean => labelBy(choice)(path) === 'a'
      const [updates] = addDecayedWeights({ weightDecay: decay, mask }).update(gradient, [], c.params, contextAt(0))
      return identical(
        updates,
        Tree.zipWithPath((path, g, p) => (mask(path) && decay > 0 ? add(g, mul(p, decay)) : g))(c.params)(gradient)
      )
    })
  )
]

/** All of them. */
export const wrapperLaws = (words: Wrappers = wrappers): readonly Law<WrapperCase>[] => [
  ...accumulationLaws(words),
  ...lookaheadLaws(words),
  ...partitionLaws(words),
  ...samLaws(words),
  ...averageLaws(words),
  ...leafLaws(words)
]
