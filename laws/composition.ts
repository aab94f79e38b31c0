/**
 * Layers under composition: a category, with products.
 *
 * The words are arguments, so that another way to compose can be put to the same laws.
 */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { namedLeaves } from '../src/layer/inspection.js'
import { untyped } from '../src/layer/layer.js'
import { type Memory, part, type Values } from '../src/layer/runtime.js'
import type { AnyLayer, Mode } from '../src/layer/types.js'
import { add } from '../src/primitive/arithmetic.js'
import { key as keyOf } from '../src/random/key.js'
import { isTensor, type Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { layerCase } from './layer-case.js'
import { identical } from './same.js'

export interface Composing {
  readonly sequential: (...layers: readonly AnyLayer[]) => AnyLayer
  readonly parallel: (...layers: readonly AnyLayer[]) => AnyLayer
  readonly residual: (layer: AnyLayer) => AnyLayer
  readonly identity: AnyLayer
}
export const library: Composing = {
  sequential: (...layers) => Layer.sequential(...layers),
  parallel: (...layers) => Layer.parallel(...layers),
  residual: layer => Layer.residual(layer as typeof Layer.tanh),
  identity: Layer.identity
}

/** Layers of which each fits the one before, an input for the first, and a key for all that is drawn. */
export interface Chain {
  readonly layers: readonly AnyLayer[]
  readonly x: Tensor
  readonly seed: number
}
export const chainOf = (layers: fc.Arbitrary<readonly AnyLayer[]>): fc.Arbitrary<Chain> =>
  layers.chain(ls =>
    layerCase(fc.constant({ layer: library.sequential(...ls), kinks: [] })).map(({ x, seed }) => ({
      layers: ls,
      x: x as Tensor,
      seed
    }))
  )

/** All there is to see of a layer from a key on: leaves in order, outputs, what it remembers and the key that is left, in both modes. */
export const observed = (layer: AnyLayer, x: Values, seed: number) => {
  const run = untyped(layer)
  const [params, key] = run.init({ dtype: 'float64' })(keyOf(seed))
  const forward = (mode: Mode) => {
    const [output, after] = run.forward(params, mode)(x)({ key, buffers: run.buffers })
    return { output, key: after.key, buffers: leavesIn(run, after.buffers) }
  }
  return { parameters: leavesIn(run, params), key, training: forward('training'), evaluation: forward('evaluation') }
}
/** In the order of the layers, whatever the nesting. */
export const leavesIn = (layer: ReturnType<typeof untyped>, values: Values): readonly Tensor[] =>
  namedLeaves(layer, values).map(([, leaf]) => leaf)

export const agree = (a: AnyLayer, b: AnyLayer, x: Values, seed: number): boolean =>
  identical(observed(a, x, seed), observed(b, x, seed))

/** The same run step by step: what composition means. */
const oneByOne = (layers: readonly AnyLayer[], params: Values, mode: Mode, x: Values, memory: Memory): Values => {
  let [output, key] = [x, memory.key]
  layers.forEach((layer, i) => {
    const run = untyped(layer)
    const name = run.name ?? String(i)
    const [next, after] = run.forward(part(params, name), mode)(output)({ buffers: part(memory.buffers, name), key })
    output = next
    key = after.key
  })
  return [output, key]
}

const modes: readonly Mode[] = ['training', 'evaluation']

/** Laws of chains of three layers or more. */
export const compositionLaws = ({
  sequential,
  parallel,
  residual,
  identity
}: Composing = library): readonly Law<Chain>[] => [
  law(
    'composition',
    'forward(sequential(f, g, …))(p) = … ∘ forward(g)(p₁) ∘ forward(f)(p₀), the key passed along',
    ({ layers, x, seed }) => {
      const whole = untyped(sequential(...layers))
      const [params, key] = whole.init({ dtype: 'float64' })(keyOf(seed))
      const memory = { key, buffers: whole.buffers }
      return modes.every(mode => {
        const [output, after] = whole.forward(params, mode)(x)(memory)
        return identical([output, after.key], oneByOne(layers, params, mode, x, memory))
      })
    }
  ),
  law(
    'drawing in order',
    'init(sequential(f, g, …)) draws f, then g, …, from one key passed along',
    ({ layers, seed }) => {
      let key = keyOf(seed)
      const drawn = layers.flatMap(layer => {
        const [params, rest] = untyped(layer).init({ dtype: 'float64' })(key)
        key = rest
        return leavesIn(untyped(layer), params)
      })
      const whole = untyped(sequential(...layers))
      const [params, rest] = whole.init({ dtype: 'float64' })(keyOf(seed))
      return identical([leavesIn(whole, params), rest], [drawn, key])
    }
  ),
  law('identity', 'id ⋙ f = f = f ⋙ id, in outputs, leaves and masks', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    return agree(sequential(identity, f), f, x, seed) && agree(sequential(f, identity), f, x, seed)
  }),
  law(
    'associativity',
    '(f ⋙ g) ⋙ h = f ⋙ (g ⋙ h), in outputs, leaves and masks',
    ({ layers: [f, ...rest], x, seed }) => {
      const [g, ...others] = rest
      if (f === undefined || g === undefined) return true
      const h = sequential(...others)
      return agree(sequential(sequential(f, g), h), sequential(f, sequential(g, h)), x, seed)
    }
  ),
  law('concatenation', 'sequential(xs ⧺ ys) = sequential(xs) ⋙ sequential(ys)', ({ layers, x, seed }) =>
    layers.every((_, i) =>
      agree(
        sequential(...layers),
        sequential(sequential(...layers.slice(0, i)), sequential(...layers.slice(i))),
        x,
        seed
      )
    )
  ),
  law('parallel of identities', 'parallel(id, id) = id', ({ x, seed }) =>
    agree(parallel(identity, identity), identity, [x, x], seed)
  ),
  law(
    'first is a functor',
    'first(f ⋙ g) = first(f) ⋙ first(g), in outputs, leaves and masks, where first(f) = parallel(f, id)',
    ({ layers, x, seed }) => {
      const first = (layer: AnyLayer): AnyLayer => parallel(layer, identity)
      const [f, g] = [sequential(...layers.slice(0, 1)), sequential(...layers.slice(1))]
      return agree(first(sequential(f, g)), sequential(first(f), first(g)), [x, x], seed)
    }
  ),
  law('parallel is first, then second', 'parallel(f, g) = parallel(f, id) ⋙ parallel(id, g)', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    return agree(parallel(f, f), sequential(parallel(f, identity), parallel(identity, f)), [x, x], seed)
  }),
  law(
    'projections',
    'forward(parallel(f, g))([x, y]) = [forward(f)(x), forward(g)(y)], the key passed along',
    subject => {
      const { layers, x, seed } = subject
      const f = sequential(...layers)
      const both = untyped(parallel(f, f))
      const [params, key] = both.init({ dtype: 'float64' })(keyOf(seed))
      return modes.every(mode => {
        const [output, after] = both.forward(params, mode)([x, x])({ key, buffers: both.buffers })
        const one = (name: string, at: Memory['key']) =>
          untyped(f).forward(part(params, name), mode)(x)({ key: at, buffers: part(both.buffers, name) })
        const [left, between] = one('0', key)
        const [right, last] = one('1', between.key)
        return identical([output, after.key], [[left, right], last.key])
      })
    }
  ),
  law('residual', 'residual(f)(x) = x + f(x), with the leaves and masks of f', ({ layers, x, seed }) => {
    const f = sequential(...layers)
    const [shortcut, plain] = [() => observed(residual(f), x, seed), observed(f, x, seed)]
    const [before, after] = [untyped(f).input, untyped(f).output]
    if (!identical(before, after)) return true
    const seen = shortcut()
    const sum = (y: Values): Values => (isTensor(y) ? add(x, y) : y)
    return identical(seen, {
      ...plain,
      training: { ...plain.training, output: sum(plain.training.output) },
      evaluation: { ...plain.evaluation, output: sum(plain.evaluation.output) }
    })
  })
]
