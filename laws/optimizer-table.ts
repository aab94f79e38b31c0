/** For every optimizer and transformation of gradients that the library exports, instances of it; one that is missing is a type error. */
import fc from 'fast-check'
import * as Library from '../src/Optimizer.js'
import * as Tree from '../src/operation/tree.js'
import type { Optimizer } from '../src/optimizer/optimizer.js'
import { tensorOf } from './layer-case.js'
import type { ChainCase, ClipCase, OptimizerCase, ScaleCase } from './optimizers.js'

/** What `Optimizer` exports beside optimizers and their makers. */
export const words = ['Monoid', 'applyUpdates', 'globalNorm'] as const
export type OptimizerName = Exclude<keyof typeof Library, (typeof words)[number]>

const rate = fc.constantFrom(0.003, 0.01, 0.05)
const decay = fc.constantFrom(0, 0.01, 0.1)
const betas = fc.constantFrom<readonly [number, number]>([0.9, 0.999], [0, 0.5], [0.5, 0])
const momentum = fc
  .tuple(fc.constantFrom(0.3, 0.9), fc.constantFrom(0, 0.1), fc.boolean())
  .map(([momentum, dampening, nesterov]) =>
    nesterov ? { momentum, dampening: 0, nesterov } : { momentum, dampening, nesterov }
  )

const averaging: Optimizer = Library.make({
  init: params => Tree.zerosLike(params),
  update: (gradients, sum) => {
    const total = Tree.add(gradients)(sum)
    return [Tree.scale(0.1)(total), total]
  }
})

/** Transformations of gradients, which do not turn them round: for going downhill they are followed by `scale(−0.01)`. */
export const transformations = {
  identity: fc.constant(Library.identity),
  scale: fc.constantFrom(0.5, 1, 3).map(Library.scale),
  clipByGlobalNorm: fc
    .tuple(fc.constantFrom(0.5, 1, 100), fc.constantFrom(1, 2, Number.POSITIVE_INFINITY))
    .map(([maxNorm, order]) => Library.clipByGlobalNorm({ maxNorm, order })),
  clipByValue: fc.constantFrom(0.1, 1, 100).map(limit => Library.clipByValue({ limit })),
  addDecayedWeights: decay.map(weightDecay => Library.addDecayedWeights({ weightDecay })),
  momentum: momentum.map(Library.momentum),
  make: fc.constant(averaging),
  stateless: fc.constantFrom(0.5, 2).map(factor => Library.stateless(gradients => Tree.scale(factor)(gradients)))
} satisfies Partial<Record<OptimizerName, fc.Arbitrary<Optimizer>>>
const anyTransformation: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(transformations))

/** Whole optimizers: they go downhill by themselves. */
export const optimizers = {
  sgd: fc.oneof(
    fc
      .tuple(rate, momentum, decay)
      .map(([learningRate, options, weightDecay]) => Library.sgd({ learningRate, ...options, weightDecay })),
    rate.map(learningRate => Library.sgd({ learningRate }))
  ),
  adam: fc
    .tuple(rate, betas, decay, fc.boolean())
    .map(([learningRate, pair, weightDecay, amsgrad]) =>
      Library.adam({ learningRate, betas: pair, weightDecay, amsgrad })
    ),
  chain: fc
    .tuple(anyTransformation, fc.constantFrom(0.001, 0.01))
    .map(([transformation, by]) => Library.chain(transformation, Library.scale(-by)))
} satisfies Partial<Record<OptimizerName, fc.Arbitrary<Optimizer>>>

export const table: { readonly [Name in OptimizerName]: fc.Arbitrary<Optimizer> } = {
  ...transformations,
  ...optimizers
}
const any: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(table))

const extents = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })
/** A tree of parameters, and the gradients of up to four steps. */
const given = fc.tuple(extents, extents, fc.nat(4)).chain(([first, second, count]) => {
  const tree = fc.record({ hidden: fc.record({ weight: tensorOf(first) }), scales: fc.tuple(tensorOf(second)) })
  return fc.record({ params: tree, gradients: fc.array(tree, { minLength: count, maxLength: count }) })
})

export const optimizerCase = (subjects: fc.Arbitrary<Optimizer>): fc.Arbitrary<OptimizerCase> =>
  fc.tuple(subjects, given).map(([optimizer, rest]) => ({ optimizer, ...rest }))
export const chainCase: fc.Arbitrary<ChainCase> = fc
  .tuple(fc.tuple(any, any, any), given)
  .map(([three, rest]) => ({ optimizers: three, ...rest }))
export const scaleCase: fc.Arbitrary<ScaleCase> = fc
  .tuple(fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -4, max: 4, noNaN: true })), given)
  .map(([factors, rest]) => ({ factors, ...rest }))
/** A bound is 0 or no less than 1e-8: of the smallest numbers of all, one ulp is more than 4ε. */
export const clipCase: fc.Arbitrary<ClipCase> = fc
  .tuple(fc.oneof(fc.constantFrom(0, 1e6), fc.double({ min: 1e-8, max: 4, noNaN: true })), given)
  .map(([bound, rest]) => ({ bound, ...rest }))
