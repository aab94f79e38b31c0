/** For every optimizer and transformation of gradients that the library exports, instances of it; one that is missing is a type error. */
import fc from 'fast-check'
import * as Library from '../src/Optimizer.js'
import * as Tree from '../src/operation/tree.js'
import type { Optimizer } from '../src/optimizer/optimizer.js'
import * as Schedule from '../src/Schedule.js'
import { tensorOf } from './layer-case.js'
import type { WrapperCase } from './optimizer-composition.js'
import type { UpdateCase } from './optimizer-updates.js'
import type { ChainCase, ClipCase, OptimizerCase, ScaleCase } from './optimizers.js'

/** What `Optimizer` exports beside optimizers and their makers. */
export const words = ['Monoid', 'applyUpdates', 'averaged', 'globalNorm', 'gaussNewton', 'levenbergMarquardt'] as const
export type OptimizerName = Exclude<keyof typeof Library, (typeof words)[number]>
type Table<Value> = Partial<Record<OptimizerName, fc.Arbitrary<Value>>>

const rate = fc.constantFrom(0.003, 0.01, 0.05)
const schedule = fc.constantFrom<Schedule.Schedule>(
  Schedule.constant(0.01),
  Schedule.cosine({ initial: 0.02, final: 0.01, steps: 40 }),
  Schedule.warmupCosine({ peak: 0.02, warmupSteps: 5, steps: 100 })
)
const learningRate = fc.oneof({ weight: 2, arbitrary: rate as fc.Arbitrary<Library.Rate> }, schedule)
const weightDecay = fc.constantFrom(0, 0.01, 0.1)
const mask = fc.constantFrom<((path: string) => boolean) | undefined>(undefined, path => path.endsWith('weight'))
const betas = fc.constantFrom<Library.Betas>([0.9, 0.999], [0, 0.5], [0.5, 0], [0.9, 0.99])
const epsilon = fc.constantFrom(1e-8, 1e-3)
const decay = fc.constantFrom(0, 0.5, 0.99)
/** Where centered, gradients that hardly change make large steps, unless what is kept is long. */
const scaleByRms: fc.Arbitrary<Library.ScaleByRmsOptions> = fc.oneof(
  fc.record({ decay, epsilon }),
  fc.record({ decay: fc.constant(0.99), epsilon, centered: fc.constant(true) })
)
const momentum = fc
  .tuple(fc.constantFrom(0.3, 0.9), fc.constantFrom(0, 0.1), fc.boolean())
  .map(([momentum, dampening, nesterov]) =>
    nesterov ? { momentum, dampening: 0, nesterov } : { momentum, dampening, nesterov }
  )
const order = fc.constantFrom(1, 2, Number.POSITIVE_INFINITY)
const maxNorm = fc.constantFrom(0.5, 1, 100)

const averaging: Optimizer = Library.make({
  init: params => Tree.zerosLike(params),
  update: (gradients, sum) => {
    const total = Tree.add(gradients)(sum)
    return [Tree.scale(0.1)(total), total]
  }
})

const plateau = fc.record({
  factor: fc.constantFrom(0.1, 0.7),
  patience: fc.constantFrom(0, 5),
  cooldown: fc.constantFrom(0, 2),
  thresholdMode: fc.constantFrom('relative' as const, 'absolute' as const),
  minimum: fc.constantFrom(0.2, 0.5),
  every: fc.constantFrom(1, 3)
})

/** Transformations of gradients of which each leaf's depends on that leaf alone. They do not turn gradients round: for going downhill they are followed by `scale(−0.01)`. */
export const leafwiseTransformations = {
  identity: fc.constant(Library.identity),
  scale: fc.constantFrom(0.5, 1, 3).map(Library.scale),
  scaleBySchedule: fc
    .constantFrom<Schedule.Schedule>(Schedule.constant(2), Schedule.exponential({ initial: 1, gamma: 0.99 }))
    .map(Library.scaleBySchedule),
  clipByNorm: fc.record({ maxNorm, order }).map(Library.clipByNorm),
  clipByValue: fc.constantFrom(0.1, 1, 100).map(limit => Library.clipByValue({ limit })),
  addDecayedWeights: fc.record({ weightDecay, mask }).map(Library.addDecayedWeights),
  momentum: fc.oneof(
    momentum.map(Library.momentum),
    fc.constant(Library.momentum({ momentum: Schedule.linear({ initial: 0.5, final: 0.9, steps: 10 }) }))
  ),
  scaleByAdam: fc.record({ betas, epsilon, amsgrad: fc.boolean() }).map(Library.scaleByAdam),
  scaleByAdamax: fc.record({ betas, epsilon }).map(Library.scaleByAdamax),
  scaleByNadam: fc.record({ betas, epsilon, momentumDecay: fc.constantFrom(0, 4e-3) }).map(Library.scaleByNadam),
  scaleByRadam: fc.record({ betas, epsilon }).map(Library.scaleByRadam),
  scaleByRms: scaleByRms.map(Library.scaleByRms),
  scaleByAdagrad: fc.record({ initialAccumulator: fc.constantFrom(0, 0.1), epsilon }).map(Library.scaleByAdagrad),
  scaleByAdadelta: fc.record({ decay, epsilon }).map(Library.scaleByAdadelta),
  scaleByLion: fc.record({ betas }).map(Library.scaleByLion),
  scaleByTrustRatio: fc.constant(Library.scaleByTrustRatio()),
  reduceOnPlateau: plateau.map(Library.reduceOnPlateau),
  exponentialMovingAverage: fc
    .record({ decay: fc.constantFrom(0, 0.9, 0.999), debias: fc.boolean() })
    .map(Library.exponentialMovingAverage),
  make: fc.constant(averaging),
  stateless: fc.constantFrom(0.5, 2).map(factor => Library.stateless(gradients => Tree.scale(factor)(gradients)))
} satisfies Table<Optimizer>
/** All transformations of gradients. */
export const transformations = {
  ...leafwiseTransformations,
  clipByGlobalNorm: fc.record({ maxNorm, order }).map(Library.clipByGlobalNorm)
} satisfies Table<Optimizer>
const anyTransformation: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(transformations))

/** Whole optimizers, which go downhill by themselves, and of which each leaf's updates depend on that leaf alone. */
export const leafwiseOptimizers = {
  sgd: fc.oneof(
    fc
      .tuple(learningRate, momentum, weightDecay)
      .map(([learningRate, options, weightDecay]) => Library.sgd({ learningRate, ...options, weightDecay })),
    learningRate.map(learningRate => Library.sgd({ learningRate }))
  ),
  adam: fc.record({ learningRate, betas, weightDecay, amsgrad: fc.boolean() }).map(Library.adam),
  adamW: fc.record({ learningRate, betas, weightDecay, mask, amsgrad: fc.boolean() }).map(Library.adamW),
  adamax: fc.record({ learningRate, betas, weightDecay }).map(Library.adamax),
  nadam: fc.record({ learningRate, betas, weightDecay }).map(Library.nadam),
  radam: fc.record({ learningRate, betas, weightDecay }).map(Library.radam),
  rmsprop: fc
    .tuple(learningRate, weightDecay, scaleByRms, fc.constantFrom(0, 0.5))
    .map(([learningRate, weightDecay, scaling, momentum]) =>
      Library.rmsprop({ learningRate, weightDecay, momentum, ...scaling })
    ),
  adagrad: fc.record({ learningRate, learningRateDecay: fc.constantFrom(0, 0.1), weightDecay }).map(Library.adagrad),
  adadelta: fc.record({ learningRate: fc.constantFrom(0.1, 1), decay, weightDecay }).map(Library.adadelta),
  lion: fc.record({ learningRate, betas, weightDecay, mask }).map(Library.lion),
  lamb: fc.record({ learningRate, betas, weightDecay, mask }).map(Library.lamb)
} satisfies Table<Optimizer>
const { exponentialMovingAverage: _, ...others } = leafwiseTransformations
const withoutAverage: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(leafwiseOptimizers), ...Object.values(others))
const inner: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(leafwiseOptimizers))

/** Optimizers made of others. */
export const composed = {
  chain: fc
    .tuple(anyTransformation, fc.constantFrom(0.001, 0.01))
    .map(([transformation, by]) => Library.chain(transformation, Library.scale(-by))),
  partition: fc
    .tuple(inner, inner)
    .map(([weights, others]) =>
      Library.partition(path => (path.endsWith('weight') ? 'weights' : 'others'))({ weights, others })
    ),
  accumulate: fc.tuple(inner, fc.integer({ min: 1, max: 3 })).map(([one, steps]) => Library.accumulate({ steps })(one)),
  lookahead: fc
    .tuple(inner, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0.3, 0.5, 1))
    .map(([one, steps, rate]) => Library.lookahead({ steps, rate })(one)),
  sam: fc
    .tuple(inner, fc.constantFrom(0, 0.05, 0.2), fc.boolean())
    .map(([one, radius, adaptive]) => Library.sam({ radius, adaptive })(one))
} satisfies Table<Optimizer>

/** Optimizers that look at the loss again and again, and at all parameters together. */
export const searching = {
  lbfgs: fc
    .record({
      learningRate: fc.constantFrom(0.1, 0.5, 1),
      iterations: fc.constantFrom(1, 4),
      history: fc.constantFrom(1, 3, 10),
      lineSearch: fc.constantFrom('none', 'strongWolfe')
    })
    .map(Library.lbfgs)
} satisfies Table<Optimizer>

/** Whole optimizers: they go downhill by themselves. */
export const optimizers = { ...leafwiseOptimizers, ...composed, ...searching } satisfies Table<Optimizer>

/** Optimizers that go nowhere. */
export const resting = { freeze: fc.constant(Library.freeze) } satisfies Table<Optimizer>

export const table: { readonly [Name in OptimizerName]: fc.Arbitrary<Optimizer> } = {
  ...transformations,
  ...optimizers,
  ...resting
}
const any: fc.Arbitrary<Optimizer> = fc.oneof(...Object.values(table))

const extents = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })
/** Trees that are alike. */
const trees = fc
  .tuple(extents, extents)
  .map(([first, second]) =>
    fc.record({ hidden: fc.record({ weight: tensorOf(first) }), scales: fc.tuple(tensorOf(second)) })
  )
/** A tree of parameters, and the gradients of up to five steps. */
const given = fc
  .tuple(trees, fc.nat(5))
  .chain(([tree, count]) =>
    fc.record({ params: tree, gradients: fc.array(tree, { minLength: count, maxLength: count }) })
  )

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
/** An optimizer to be wrapped, leafwise, so that it may be put to each group of a partition; without an average of its own. */
export const wrapperCase: fc.Arbitrary<WrapperCase> = fc
  .tuple(withoutAverage, given, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.5, 0.9))
  .map(([optimizer, rest, steps, decay]) => ({ optimizer, ...rest, steps, decay }))
export const updateCase: fc.Arbitrary<UpdateCase> = fc
  .tuple(trees, fc.constantFrom(-2, 0, 0.3), fc.constantFrom(1, 1.5, 2, 3, Number.POSITIVE_INFINITY))
  .chain(([tree, factor, order]) =>
    fc.record({
      params: tree,
      updates: fc.tuple(tree, tree),
      factor: fc.constant(factor),
      order: fc.constant(order)
    })
  )
