/**
 * What must hold of every optimizer, and of their composition.
 *
 * The words are arguments, so that another way to chain can be put to the same laws.
 */

import { jit } from '../src/engine/jit.js'
import * as Library from '../src/Optimizer.js'
import { stack } from '../src/operation/joining.js'
import * as Tree from '../src/operation/tree.js'
import type { Context, Optimizer, OptimizerState } from '../src/optimizer/optimizer.js'
import { mul } from '../src/primitive/arithmetic.js'
import { sumAll } from '../src/primitive/movement.js'
import { elements, item, known, type Tensor, uniform } from '../src/tensor/tensor.js'
import { refill } from '../src/tensor/tree.js'
import { valueAndGrad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import { type Law, law } from './law.js'
import { close, copy, identical } from './same.js'

/** An optimizer, parameters, and the gradients of some steps. */
export interface OptimizerCase {
  readonly optimizer: Optimizer
  readonly params: Tree.Tree
  readonly gradients: readonly Tree.Tree[]
}
/** Optimizers to be chained, and the same gradients for all. */
export interface ChainCase extends Omit<OptimizerCase, 'optimizer'> {
  readonly optimizers: readonly [Optimizer, Optimizer, Optimizer]
}

/** A context in which the loss is `½ ‖p‖²`, of which only the gradient is right. */
export const contextAt = (step: number): Context<Tree.Tree> => ({
  loss: uniform({ shape: [], dtype: 'float64' }, 1),
  step: uniform({ shape: [], dtype: 'int32' }, step),
  valueAndGrad: params => [uniform({ shape: [], dtype: 'float64' }, 1), params]
})
export interface Step {
  readonly updates: Tree.Tree
  readonly state: OptimizerState
}
/** The updates and states of all steps, the first with no updates. */
export const steps = ({ optimizer, params, gradients }: OptimizerCase): readonly Step[] => {
  const taken: Step[] = [{ updates: [], state: optimizer.init(params) }]
  let current = params
  gradients.forEach((gradient, i) => {
    const [updates, state] = optimizer.update(gradient, taken[i]!.state, current, contextAt(i))
    taken.push({ updates, state })
    current = Library.applyUpdates(updates)(current)
  })
  return taken
}

const like = (a: unknown, b: unknown): boolean => identical(Tree.zerosLike(a), Tree.zerosLike(b))

/** Laws of one optimizer. */
export const optimizerLaws: readonly Law<OptimizerCase>[] = [
  law(
    'updates like gradients',
    'the updates are a tree as the gradients are, of the same names, shapes and dtypes',
    c =>
      steps(c)
        .slice(1)
        .every(({ updates }, i) => like(updates, c.gradients[i]))
  ),
  law('steady state', 'states have `slots` trees, whose names, shapes and dtypes stay those that init gave', c => {
    const [first, ...rest] = steps(c)
    return (
      first!.state.length === c.optimizer.slots &&
      rest.every(({ state }) => state.length === c.optimizer.slots && like(state, first!.state))
    )
  }),
  law(
    'pure',
    'the same gradients, states and parameters give the same updates, to the last bit, and stay what they were',
    c => {
      const before = copy([c.params, c.gradients])
      return identical(steps(c), steps(c)) && identical(before, [c.params, c.gradients])
    }
  ),
  law('vectorized', 'vmap (steps from given parameters) ≈ stack ∘ map (steps)', ({ optimizer, ...given }) => {
    const run = (...leaves: readonly Tensor[]): readonly Tensor[] =>
      Tree.leaves(
        steps({ optimizer, ...(refill<unknown, Tensor>(given, leaves) as typeof given) })
          .slice(1)
          .map(({ updates }) => updates)
      )
    const together = (as: readonly Tensor[], bs: readonly Tensor[]): readonly Tensor[] =>
      as.map((a, i) => stack(0)([a, bs[i]!]))
    const [one, other] = [Tree.leaves(given), Tree.leaves(Tree.scale(-0.5)(given))]
    return close(1e-12)(vmap(run)(...together(one, other)), together(run(...one), run(...other)))
  })
]

/** Apart from the others, for it costs a compilation: a step is a program. */
export const compiledStep: Law<OptimizerCase> = law(
  'compiled',
  'jit (update) ≈ update, from step to step',
  ({ optimizer, params, gradients }) => {
    const update = jit((gradient: Tree.Tree, state: OptimizerState, at: Tree.Tree, step: Tensor<[]>) =>
      optimizer.update(gradient, state, at, { ...contextAt(0), step })
    )
    let [at, state] = [params, optimizer.init(params)]
    return gradients.every((gradient, i) => {
      const context = contextAt(i)
      const expected = optimizer.update(gradient, state, at, context)
      const [updates, next] = update(gradient, state, at, context.step)
      at = Library.applyUpdates(updates)(at)
      state = next
      return close(1e-10)([updates, next], expected)
    })
  }
)

/** `½ Σ cᵢ pᵢ²`, with c between 0.5 and 2 */
const quadratic = (params: Tree.Tree): Tensor<[]> =>
  Tree.leaves(params)
    .map((p, i) => sumAll(mul(mul(p, p), 0.25 * (1 + ((i * 7) % 4)))))
    .reduce((a, b) => Tree.add(b)(a)) as Tensor<[]>

/** Of optimizers that go downhill, with steps below 0.1. */
export const descent: Law<OptimizerCase> = law(
  'descent',
  'f(p after 60 steps along ∇f) < f(p), for a convex quadratic f, from p at a distance',
  ({ optimizer, params: given }) => {
    const start = Tree.map(p => uniform(p, 3))(given)
    let [params, state] = [start, optimizer.init(start)]
    for (let i = 0; i < 60; i++) {
      const differentiated = valueAndGrad(quadratic)
      const [loss, gradients] = differentiated(params)
      const context = { ...contextAt(i), loss, valueAndGrad: differentiated }
      const [updates, next] = optimizer.update(gradients, state, params, context)
      params = Library.applyUpdates(updates)(params)
      state = next
    }
    return item('a law')(quadratic(params)) < item('a law')(quadratic(start))
  }
)

export interface Chaining {
  readonly chain: (...optimizers: readonly Optimizer[]) => Optimizer
  readonly identity: Optimizer
}
export const library: Chaining = { chain: Library.chain, identity: Library.identity }

/** The monoid of transformations, states included. */
export const chainLaws = ({ chain, identity }: Chaining = library): readonly Law<ChainCase>[] => {
  const agree = (a: Optimizer, b: Optimizer, c: ChainCase): boolean =>
    a.slots === b.slots && identical(steps({ ...c, optimizer: a }), steps({ ...c, optimizer: b }))
  return [
    law('associativity of chain', 'chain(chain(a, b), c) = chain(a, chain(b, c)), states included', subject => {
      const [a, b, c] = subject.optimizers
      return agree(chain(chain(a, b), c), chain(a, chain(b, c)), subject)
    }),
    law('unit of chain', 'chain(identity, a) = a = chain(a, identity) = chain(a), states included', subject => {
      const [a] = subject.optimizers
      return [chain(identity, a), chain(a, identity), chain(a)].every(chained => agree(chained, a, subject))
    }),
    law('chain of many', 'chain(a, b, c) = chain(chain(a, b), c), and chain() = identity', subject => {
      const [a, b, c] = subject.optimizers
      return agree(chain(a, b, c), chain(chain(a, b), c), subject) && agree(chain(), identity, subject)
    }),
    law(
      'slots of chain',
      'slots(chain(a, b)) = slots(a) + slots(b), and the state is that of a, then that of b',
      subject => {
        const [a, b] = subject.optimizers
        const chained = chain(a, b)
        return (
          chained.slots === a.slots + b.slots &&
          identical(chained.init(subject.params), [...a.init(subject.params), ...b.init(subject.params)])
        )
      }
    ),
    law('chain composes', 'the updates of chain(a, b) are those that b makes of those of a', subject => {
      const [a, b] = subject.optimizers
      const [, ...first] = steps({ ...subject, optimizer: a })
      const { params, gradients } = subject
      const [gradient] = gradients
      if (gradient === undefined) return true
      const [updates] = b.update(first[0]!.updates, b.init(params), params, contextAt(0))
      const [both] = chain(a, b).update(gradient, chain(a, b).init(params), params, contextAt(0))
      return identical(both, updates)
    })
  ]
}

/** Gradients, with two factors. */
export interface ScaleCase extends Omit<OptimizerCase, 'optimizer'> {
  readonly factors: readonly [number, number]
}
export const scaling = (scale: (factor: number) => Optimizer = Library.scale): Law<ScaleCase> =>
  law('scaling', 'scale a ∘ scale b ≈ scale ab, and scale 1 = identity', ({ factors: [a, b], ...c }) => {
    const updates = (optimizer: Optimizer) => steps({ ...c, optimizer }).map(step => step.updates)
    return (
      close(1e-12)(updates(Library.chain(scale(b), scale(a))), updates(scale(a * b))) &&
      identical(updates(scale(1)), updates(Library.identity))
    )
  })

/** Gradients, with a bound. */
export interface ClipCase extends Omit<OptimizerCase, 'optimizer'> {
  readonly bound: number
}
/** The Euclidean norm, which must not be less exact than what it judges: elements are added up by size. */
const normOf = (tree: Tree.Tree): number => {
  const magnitudes = Tree.leaves(tree).flatMap(leaf => Array.from(elements(known('a law')(leaf)), x => Math.abs(x)))
  const largest = Math.max(...magnitudes, 0)
  if (largest === 0) return 0
  return (
    largest *
    Math.sqrt(
      magnitudes
        .map(x => (x / largest) ** 2)
        .sort((x, y) => x - y)
        .reduce((a, b) => a + b, 0)
    )
  )
}
export const clipping = (
  clip: (options: { readonly maxNorm: number }) => Optimizer = Library.clipByGlobalNorm
): Law<ClipCase> =>
  law(
    'clipping',
    '‖clip_c g‖ ≤ c (1 + 4ε), g and clip_c g point the same way, and clip_c g = g where ‖g‖ < c − 1e-6',
    subject => {
      const { bound, ...c } = subject
      return steps({ ...c, optimizer: clip({ maxNorm: bound }) })
        .slice(1)
        .every(({ updates }, i) => {
          const gradient = c.gradients[i]!
          const [before, after] = [normOf(gradient), normOf(updates)]
          return (
            after <= bound * (1 + 4 * Number.EPSILON) &&
            (before < bound - 2e-6 ? identical(updates, gradient) : true) &&
            close(1e-9)(Tree.scale(before)(updates), Tree.scale(after)(gradient))
          )
        })
    }
  )
