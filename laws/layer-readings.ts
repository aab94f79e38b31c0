/**
 * What is read off a layer: its parameters and their number, its outputs, what it looks like and is made of. A whole is read from its parts.
 *
 * The words are arguments, so that others can be put to the same laws.
 */
import type { Category2 } from 'fp-ts/lib/Category.js'
import type { State } from 'fp-ts/lib/State.js'
import * as Layer from '../src/Layer.js'
import { type Specification, shapesOf } from '../src/layer/inspection.js'
import { untyped } from '../src/layer/layer.js'
import { isWithin, partAt } from '../src/layer/parameter-paths.js'
import { type RunShape, showSizes, type Values } from '../src/layer/runtime.js'
import type { AnyLayer, Arrow } from '../src/layer/types.js'
import * as Metric from '../src/Metric.js'
import { type Key, key as keyOf } from '../src/random/key.js'
import { size } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { entries, leaves } from '../src/tensor/tree.js'
import { agree, type Chain, library } from './composition.js'
import { type Law, law } from './law.js'
import type { LayerCase } from './layer-case.js'
import { identical } from './same.js'
import { type FreezeCase, sharing, type TieCase } from './sharing.js'

interface Options {
  readonly dtype?: 'float32' | 'float64'
}
/** The words that the laws are about. */
export interface LayerReading {
  readonly init: (layer: AnyLayer, options?: Options) => State<Key, Values>
  readonly initialize: (layer: AnyLayer, options?: Options) => (key: Key) => Values
  readonly predict: (
    layer: AnyLayer
  ) => (snapshot: { readonly params: Values; readonly buffers: Values }) => (x: Values) => Values
  readonly show: (layer: AnyLayer) => string
  readonly summary: (layer: AnyLayer, inputShape?: RunShape) => string
  readonly spec: (layer: AnyLayer) => Specification
  readonly namedParameters: (layer: AnyLayer) => (params: Values) => readonly (readonly [string, Tensor])[]
  readonly parameters: (layer: AnyLayer) => (params: Values) => readonly Tensor[]
  readonly countParameters: (params: Values) => number
  readonly intermediates: (
    layer: AnyLayer
  ) => (params: Values, buffers?: Values) => (x: Values) => Readonly<Record<string, Values>>
  readonly isFrozen: (layer: AnyLayer) => (path: string) => boolean
}
export const reading: LayerReading = {
  init: Layer.init,
  initialize: Layer.initialize,
  predict: Layer.predict,
  show: Layer.show,
  summary: Layer.summary,
  spec: Layer.spec,
  namedParameters: Layer.namedParameters,
  parameters: Layer.parameters,
  countParameters: Layer.countParameters,
  intermediates: Layer.intermediates,
  isFrozen: Layer.isFrozen
}

export const float64 = { dtype: 'float64' } as const
export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
export const called = (layer: AnyLayer, name: string): AnyLayer => Layer.named(name as 'name', layer)

interface Row {
  readonly path: string
  readonly output: string
  readonly parameters: number
}
/** The rows of a table as it is printed, its total last: columns begin where their titles do, and numbers end the line. */
const rowsOf = (table: string): readonly Row[] => {
  const [head = '', , ...lines] = table.split('\n')
  const [kind, output] = [head.indexOf('kind'), head.indexOf('output')]
  return lines
    .filter(line => !line.startsWith('─'))
    .map(line => {
      const [shown = '', count = ''] = line.slice(output).split(/\s+(?=[\d,]+$)/)
      return { path: line.slice(0, kind).trim(), output: shown, parameters: Number(count.replaceAll(',', '')) }
    })
}

/** Of any layer, at a point. */
export const layerReadingLaws = (w: LayerReading = reading): readonly Law<LayerCase>[] => [
  law('initialize', 'initialize(f)(key) = fst(init(f)(key)), in the dtype that is asked for', ({ layer, seed }) =>
    [undefined, { dtype: 'float32' }, float64].every(options =>
      identical(w.initialize(layer, options as Options)(keyOf(seed)), w.init(layer, options as Options)(keyOf(seed))[0])
    )
  ),
  law(
    'init in either dtype',
    'init draws float32 unless told, and in float64 the same paths and shapes, with the same key left',
    ({ layer, seed }) => {
      const drawn = (options?: Options) => w.init(layer, options)(keyOf(seed))
      const outline = ([params, rest]: readonly [Values, Key]) => [shapesOf(params), rest]
      return (
        identical(drawn(), drawn({ dtype: 'float32' })) &&
        identical(outline(drawn()), outline(drawn(float64))) &&
        leaves(drawn(float64)[0]).every(leaf => leaf.dtype === 'float64')
      )
    }
  ),
  law(
    'predict',
    'predict(f)({ params, buffers })(x) = fst(forward(params, evaluation)(x)({ buffers, key })), for any key',
    ({ layer, params, memory: { buffers }, x }, choice) => {
      const [output] = untyped(layer).forward(params, 'evaluation')(x)({ buffers, key: keyOf(choice) })
      return identical(w.predict(layer)({ params, buffers })(x), output)
    }
  ),
  law('each parameter under its path', 'namedParameters(f)(p) are the entries of p, each once', ({ layer, params }) => {
    const found = w.namedParameters(layer)(params)
    const all = entries(params).map(([names]) => names.join('.'))
    return (
      identical(found.map(([path]) => path).sort(), [...all].sort()) &&
      found.every(([path, leaf]) => leaf === partAt(params, path))
    )
  }),
  law('parameters', 'parameters(f)(p) = namedParameters(f)(p), without the paths', ({ layer, params }) =>
    identical(
      w.parameters(layer)(params),
      w
        .namedParameters(layer)(params)
        .map(([, leaf]) => leaf)
    )
  ),
  law('count', 'countParameters(p) = Σ size(parameters(f)(p))', ({ layer, params }) =>
    identical(
      w.countParameters(params),
      sum(
        w
          .parameters(layer)(params)
          .map(({ shape }) => size(shape))
      )
    )
  ),
  law(
    'total of a summary',
    'the total that summary(f) tells is Σ of its rows, and countParameters of what f draws',
    ({ layer, params }) => {
      const rows = rowsOf(w.summary(layer))
      const total = rows[rows.length - 1]?.parameters
      return total === w.countParameters(params) && total === sum(rows.slice(0, -1).map(row => row.parameters))
    }
  ),
  law(
    'outputs of a summary',
    'each row of summary(f, shape x) tells the shape of intermediates(f)(p)(x) at its path',
    ({ layer, params, memory: { buffers }, x }) => {
      const whole = library.sequential(called(layer, 'f'))
      const found = w.intermediates(whole)({ f: params }, { f: buffers })(x)
      const rows = rowsOf(w.summary(whole, shapesOf(x))).slice(0, -1)
      return (
        rows.some(({ path }) => path === 'f') &&
        rows.every(({ path, output }) => !(path in found) || output === showSizes(shapesOf(found[path])))
      )
    }
  ),
  law(
    'intermediates see what predict gives',
    'intermediates(f alone under a name)(p)(x) has predict(f)(p)(x) there',
    ({ layer, params, memory: { buffers }, x }) => {
      const found = w.intermediates(library.sequential(called(layer, 'f')))({ f: params }, { f: buffers })(x)
      return identical(found['f'], w.predict(layer)({ params, buffers })(x))
    }
  ),
  law('plain data', 'spec(f) = fromJSON(toJSON(spec(f)))', ({ layer }) =>
    identical(JSON.parse(JSON.stringify(w.spec(layer))), w.spec(layer))
  ),
  law(
    'a name is no more than a name',
    'spec(named(n, f)) = spec(f) with the name n; show and parameters are those of f',
    ({ layer, params }) => {
      const other = called(layer, 'other')
      return (
        identical(w.spec(other), { ...w.spec(layer), name: 'other' }) &&
        w.show(other) === w.show(layer) &&
        identical(w.namedParameters(other)(params), w.namedParameters(layer)(params))
      )
    }
  )
]

/** Of two layers that one maker gives. */
export const apartLaws = ({ spec, show }: LayerReading = reading): readonly Law<readonly [AnyLayer, AnyLayer]>[] => [
  law(
    'spec tells apart',
    'show(f) ≠ show(g) ⇒ spec(f) ≠ spec(g)',
    ([f, g]) => show(f) === show(g) || !identical(spec(f), spec(g))
  )
]

/** Of layers some of whose parameters are held. */
export const frozenReadingLaws = ({ isFrozen }: LayerReading = reading): readonly Law<FreezeCase>[] => [
  law(
    'isFrozen',
    'isFrozen(freeze(chosen)(f)) = chosen, and isFrozen(f) is never true',
    ({ layer, params, frozen }) => {
      const held = sharing.freeze(frozen)(layer)
      return pathsIn(params).every(path => isFrozen(held)(path) === frozen(path) && !isFrozen(layer)(path))
    }
  ),
  law(
    'isFrozen of parts',
    'isFrozen(parallel(f, g))(name.path) = isFrozen(the one of that name)(path), whoever stands beside it',
    ({ layer, params, frozen }) => {
      const held = sharing.freeze(frozen)(layer)
      const both = library.parallel(called(layer, 'free'), library.sequential(called(held, 'held')))
      return pathsIn(params).every(
        path => !isFrozen(both)(`free.${path}`) && isFrozen(both)(`1.held.${path}`) === isFrozen(held)(path)
      )
    }
  ),
  law('frozen twice', 'isFrozen(freeze(a)(freeze(b)(f)))(path) = a(path) ∨ b(path)', ({ layer, params, frozen }) => {
    const biases = (path: string): boolean => path.endsWith('bias')
    const held = sharing.freeze(biases)(sharing.freeze(frozen)(layer))
    return pathsIn(params).every(path => isFrozen(held)(path) === (biases(path) || frozen(path)))
  })
]
const pathsIn = (params: Values): readonly string[] => entries(params).map(([names]) => names.join('.'))

/** Of models of which a part is shared. */
export const sharedReadingLaws = (w: LayerReading = reading): readonly Law<TieCase>[] => [
  law(
    'what is shared counts once',
    'countParameters of what tie({ from, to })(f) draws is that of f, less that of its part at to; of its paths, none is there',
    ({ model, tie, seed }) => {
      const tied = sharing.tie(tie)(model)
      const [own, whole] = [w.initialize(tied)(keyOf(seed)), w.initialize(model)(keyOf(seed))]
      return (
        w.countParameters(own) === w.countParameters(whole) - w.countParameters(partAt(whole, tie.to)) &&
        !w
          .namedParameters(tied)(own)
          .some(([path]) => isWithin(tie.to)(path))
      )
    }
  )
]

/** An fp-ts instance with the name by which its type is found, and that name as it is exported. */
export interface Tagged {
  readonly URI: string
  readonly Category: Category2<Layer.URI>
}
export const tagLaws = ({ URI, Category }: Tagged = Layer): readonly Law<Chain>[] => [
  law(
    'URI',
    'of all instances, the one that URI finds is the Category whose compose(g, f) is sequential(f, g)',
    ({ layers, x, seed }) => {
      const [f, g] = layers
      if (f === undefined || g === undefined) return true
      const instances = [Category, Metric.Functor, Metric.Profunctor].filter(each => each.URI === URI)
      type Some = Arrow<readonly number[], readonly number[]>
      return (
        instances.length === 1 &&
        instances.every(
          each => 'compose' in each && agree(each.compose(g as Some, f as Some), library.sequential(f, g), x, seed)
        )
      )
    }
  )
]
