/**
 * Combinators of layers: what each means in terms of `sequential` and `parallel`, and the laws of arrows.
 *
 * Randomness goes from left to right, so that these are the laws of arrows with effects: `first(f)` and `second(g)` do not change places where both
 * draw. The words are arguments, so that others can be put to the same laws.
 */
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import { first, second, split } from '../src/layer/combinator.js'
import { branchOf, type Condition, concatOf, liftOf, repeatOf, whenOf } from '../src/layer/combinator-run.js'
import { typed, untyped } from '../src/layer/layer.js'
import { isShape, part, type Values } from '../src/layer/runtime.js'
import type { AnyLayer, Mode } from '../src/layer/types.js'
import { concat } from '../src/operation/joining.js'
import { map } from '../src/operation/tree.js'
import { key as keyOf } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import { type Tensor, uniform } from '../src/tensor/tensor.js'
import { agree, type Chain, type Composing, leavesIn, library, observed } from './composition.js'
import { type Law, law } from './law.js'
import { close, identical } from './same.js'

/** The words that the laws are about. */
export interface Combining extends Composing {
  readonly branch: (...layers: readonly AnyLayer[]) => AnyLayer
  readonly concat: (...layers: readonly AnyLayer[]) => AnyLayer
  readonly repeat: (count: number) => (layer: AnyLayer) => AnyLayer
  readonly when: (condition: Condition, layer: AnyLayer) => AnyLayer
  readonly lift: (leading: readonly number[]) => (layer: AnyLayer) => AnyLayer
  readonly first: (layer: AnyLayer) => AnyLayer
  readonly second: (layer: AnyLayer) => AnyLayer
  readonly split: (f: AnyLayer, g: AnyLayer) => AnyLayer
  readonly fanout: (f: AnyLayer, g: AnyLayer) => AnyLayer
}
export const combining: Combining = {
  ...library,
  branch: (...layers) => typed(branchOf(layers.map(untyped))),
  concat: (...layers) => typed(concatOf(-1, layers.map(untyped))),
  repeat: count => layer => typed(repeatOf(count, untyped(layer))),
  when: (condition, layer) => typed(whenOf(condition, untyped(layer))),
  lift: leading => layer => typed(liftOf(leading, untyped(layer))),
  first,
  second,
  split: (f, g) => split(f, g),
  fanout: (f, g) => typed(branchOf([f, g].map(untyped)))
}

const modes: readonly Mode[] = ['training', 'evaluation']
const keepsShape = (layer: AnyLayer): boolean => identical(untyped(layer).input, untyped(layer).output)
const hasFeatures = (layer: AnyLayer): boolean => {
  const { output } = untyped(layer)
  return isShape(output) && output.length > 0
}
type Seen = ReturnType<typeof observed>
/** What was seen, with other outputs. */
const withOutputs = (seen: Seen, f: (mode: Mode, output: Values) => Values): Seen => ({
  ...seen,
  training: { ...seen.training, output: f('training', seen.training.output) },
  evaluation: { ...seen.evaluation, output: f('evaluation', seen.evaluation.output) }
})
const bool = (value: boolean): Tensor => uniform({ shape: [], dtype: 'bool' }, value ? 1 : 0)
const backwards = (pair: Values): Values => [...(pair as readonly Values[])].reverse()

/** What comes out where a layer is left out: the input, the key, and what is remembered, as they were. */
const left = (layer: AnyLayer, x: Values, seed: number): Seen['training'] => {
  const run = untyped(layer)
  return { output: x, key: run.init({ dtype: 'float64' })(keyOf(seed))[1], buffers: leavesIn(run, run.buffers) }
}

/** One input to several layers, the same layer again, a layer under a condition. */
export const combinatorLaws = ({
  sequential,
  parallel,
  identity,
  branch,
  concat: joined,
  repeat,
  when,
  lift
}: Combining = combining): readonly Law<Chain>[] => [
  law(
    'branch',
    'forward(branch(f, g))(x) = [forward(f)(x), forward(g)(x)], the key passed along',
    ({ layers, x, seed }) => {
      const f = sequential(...layers)
      const both = untyped(branch(f, f))
      const [params, key] = both.init({ dtype: 'float64' })(keyOf(seed))
      return modes.every(mode => {
        const [output, after] = both.forward(params, mode)(x)({ key, buffers: both.buffers })
        const one = (name: string, at: typeof key) =>
          untyped(f).forward(part(params, name), mode)(x)({ key: at, buffers: part(both.buffers, name) })
        const [left, between] = one('0', key)
        const [right, last] = one('1', between.key)
        return identical([output, after.key], [[left, right], last.key])
      })
    }
  ),
  law('branch copies, then parallel', 'branch(f, g) = branch(id, id) ⋙ parallel(f, g)', ({ layers, x, seed }) => {
    const [f, g] = [sequential(...layers), sequential(...layers.slice(0, 1))]
    return agree(branch(f, g), sequential(branch(identity, identity), parallel(f, g)), x, seed)
  }),
  law('concat', 'concat(f, g) is branch(f, g), its outputs joined along the last axis', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    if (!hasFeatures(f)) return true
    const apart = observed(branch(f, f), x, seed)
    return identical(
      observed(joined(f, f), x, seed),
      withOutputs(apart, (_, output) => concat(-1)(output as readonly Tensor[]))
    )
  }),
  law('repeat', 'repeat(n)(f) = sequential(f, …, f)', ({ layers, x, seed }, choice) => {
    const f = sequential(...layers)
    const copies = range(choice % 4).map(() => f)
    return !keepsShape(f) || agree(repeat(copies.length)(f), sequential(...copies), x, seed)
  }),
  law('repeat adds up', 'repeat(m + n)(f) = repeat(m)(f) ⋙ repeat(n)(f)', ({ layers, x, seed }, choice) => {
    const f = sequential(...layers)
    const [m, n] = [choice % 3, Math.floor(choice / 3) % 3]
    return !keepsShape(f) || agree(repeat(m + n)(f), sequential(repeat(m)(f), repeat(n)(f)), x, seed)
  }),
  law('when true', 'when(true, f) = f, and so under a function of the input that gives true', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    if (!keepsShape(f)) return true
    return [true, () => bool(true)].every(condition => agree(when(condition, f), f, x, seed))
  }),
  law(
    'when false',
    'when(false, f) = id with the leaves of f, and so under a function that gives false',
    ({ layers, x, seed }) => {
      const f = sequential(...layers)
      if (!keepsShape(f)) return true
      const still = left(f, x, seed)
      return [false, () => bool(false)].every(condition =>
        identical(observed(when(condition, f), x, seed), {
          ...observed(f, x, seed),
          training: still,
          evaluation: still
        })
      )
    }
  ),
  law('when in a mode', 'when(training, f) is f in training, and id in evaluation', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    if (!keepsShape(f)) return true
    const [applied, still] = [observed(f, x, seed), left(f, x, seed)]
    const seen = (condition: Condition): Seen => observed(when(condition, f), x, seed)
    return (
      identical(seen('training'), { ...applied, evaluation: still }) &&
      identical(seen('evaluation'), { ...applied, training: still })
    )
  }),
  law(
    'when unknown',
    'jit(when(c, f)) = when(c, f) for a condition that is made of the input',
    ({ layers, x, seed }, choice) => {
      const f = sequential(...layers)
      if (!keepsShape(f)) return true
      const [yes, at] = [bool(choice % 2 === 0), keyOf(seed)]
      // The condition is an operand, and so unknown while it is traced.
      const run = (mode: Mode) => (given: Tensor, condition: Tensor) => {
        const layer = untyped(when(() => condition, f))
        const [params, key] = layer.init({ dtype: 'float64' })(at)
        return layer.forward(params, mode)(given)({ key, buffers: layer.buffers })
      }
      return modes.every(mode => close(1e-12)(jit(run(mode), { engine: interpreter })(x, yes), run(mode)(x, yes)))
    }
  ),
  law('lift', 'lift(s)(f) = f, and its features are those of f after s', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    const { input, output } = untyped(f)
    if (!isShape(input) || !isShape(output)) return true
    const leading = x.shape.slice(0, x.shape.length - input.length)
    const lifted = lift(leading)(f)
    return (
      agree(lifted, f, x, seed) &&
      identical(untyped(lifted).input, x.shape) &&
      identical(untyped(lifted).output, [...leading, ...output])
    )
  })
]

/** The laws of arrows: what layers do with pairs. */
export const arrowLaws = ({
  sequential,
  parallel,
  identity,
  first,
  second,
  split,
  fanout
}: Combining = combining): readonly Law<Chain>[] => [
  law('first of the identity', 'first(id) = id, second(id) = id', ({ x, seed }) =>
    [first, second].every(word => agree(word(identity), identity, [x, x], seed))
  ),
  law('first and second are functors', 'first(f ⋙ g) = first(f) ⋙ first(g), and so second', ({ layers, x, seed }) => {
    const [f, g] = [sequential(...layers.slice(0, 1)), sequential(...layers.slice(1))]
    return [first, second].every(word => agree(word(sequential(f, g)), sequential(word(f), word(g)), [x, x], seed))
  }),
  law('first leaves the second alone', 'fst ∘ first(f) = f ∘ fst, snd ∘ first(f) = snd', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    const [plain, both] = [observed(f, x, seed), observed(first(f), [x, x], seed)]
    return identical(
      both,
      withOutputs(plain, (_, output) => [output, x])
    )
  }),
  law('second is first, exchanged', 'second(f) = swap ⋙ first(f) ⋙ swap', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    const other = map(leaf => leaf)(x)
    return identical(
      observed(second(f), [other, x], seed),
      withOutputs(observed(first(f), [x, other], seed), (_, output) => backwards(output))
    )
  }),
  law('split', 'split(f, g) = first(f) ⋙ second(g) = parallel(f, g)', ({ layers, x, seed }) => {
    const [f, g] = [sequential(...layers), sequential(...layers.slice(0, 1))]
    const both = split(f, g)
    return agree(both, sequential(first(f), second(g)), [x, x], seed) && agree(both, parallel(f, g), [x, x], seed)
  }),
  law('fanout', 'fanout(f, g) = fanout(id, id) ⋙ split(f, g)', ({ layers, x, seed }) => {
    const [f, g] = [sequential(...layers.slice(0, 1)), sequential(...layers)]
    return agree(fanout(f, g), sequential(fanout(identity, identity), split(f, g)), x, seed)
  }),
  law('fanout of the identity', 'fanout(id, id)(x) = [x, x]', ({ x, seed }) =>
    identical(
      observed(fanout(identity, identity), x, seed),
      withOutputs(observed(identity, x, seed), () => [x, x])
    )
  ),
  law('fanout, then first', 'fst ∘ fanout(f, id) = f', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    const seen = observed(fanout(f, identity), x, seed)
    return identical(
      withOutputs(seen, (_, output) => (output as readonly Values[])[0]),
      observed(f, x, seed)
    )
  })
]
