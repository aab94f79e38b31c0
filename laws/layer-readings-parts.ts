/** What is read off a whole: what is read off its parts, each under the name by which it stands there. */
import type { Specification } from '../src/layer/inspection.js'
import { untyped } from '../src/layer/layer.js'
import { part, type Values } from '../src/layer/runtime.js'
import type { AnyLayer } from '../src/layer/types.js'
import { key as keyOf } from '../src/random/key.js'
import { leaves } from '../src/tensor/tree.js'
import { type Chain, library } from './composition.js'
import { type Law, law } from './law.js'
import { called, float64, type LayerReading, reading, sum } from './layer-readings.js'
import { identical } from './same.js'

/** Under what name each layer stands in a whole: its own, or its place. */
const placed = (layers: readonly AnyLayer[]) =>
  layers.map((layer, i) => ({ layer, name: untyped(layer).name ?? String(i) }))
const wholes = [library.sequential, library.parallel]

/** Of layers of which each fits the one before: what a whole is read as, from what its parts are. */
export const partReadingLaws = (w: LayerReading = reading): readonly Law<Chain>[] => [
  law(
    'init of parts',
    'init of a sequence, and of layers side by side, is that of each in its place, the key passed along',
    ({ layers, seed }) => {
      let key = keyOf(seed)
      const drawn = placed(layers).flatMap(({ layer, name }) => {
        const [params, rest] = w.init(layer, float64)(key)
        key = rest
        return leaves(params).length === 0 ? [] : [[name, params] as const]
      })
      return wholes.every(whole =>
        identical(w.init(whole(...layers), float64)(keyOf(seed)), [Object.fromEntries(drawn), key])
      )
    }
  ),
  law('predict of parts', 'predict(sequential(f, g, …)) = … ∘ predict(g) ∘ predict(f)', ({ layers, x, seed }) => {
    const whole = library.sequential(...layers)
    const params = w.initialize(whole, float64)(keyOf(seed))
    const { buffers } = untyped(whole)
    const through = placed(layers).reduce<Values>(
      (y, { layer, name }) => w.predict(layer)({ params: part(params, name), buffers: part(buffers, name) })(y),
      x
    )
    return identical(w.predict(whole)({ params, buffers })(x), through)
  }),
  law(
    'parameters of parts',
    'namedParameters of a sequence, and of layers side by side, are those of each below its name, in their order',
    ({ layers, seed }) =>
      wholes.every(whole => {
        const params = w.initialize(whole(...layers), float64)(keyOf(seed))
        const parts = placed(layers).flatMap(({ layer, name }) =>
          w
            .namedParameters(layer)(part(params, name))
            .map(([path, leaf]) => [`${name}.${path}`, leaf])
        )
        return identical(w.namedParameters(whole(...layers))(params), parts)
      })
  ),
  law(
    'count of parts',
    'countParameters(initialize(sequential(f, g, …))) = countParameters(initialize(f)) + …',
    ({ layers, seed }) => {
      const count = (layer: AnyLayer): number => w.countParameters(w.initialize(layer)(keyOf(seed)))
      return wholes.every(whole => count(whole(...layers)) === sum(layers.map(count)))
    }
  ),
  law(
    'intermediates of parts',
    'intermediates(sequential(f, g, …)) are the outputs so far by name, each with those of its parts below',
    ({ layers, x, seed }) => {
      const whole = library.sequential(...layers)
      const params = w.initialize(whole, float64)(keyOf(seed))
      let y: Values = x
      const told = placed(layers).flatMap(({ layer, name }) => {
        const own = part(params, name)
        const below = untyped(layer).children.length === 0 ? {} : w.intermediates(layer)(own)(y)
        y = w.predict(layer)({ params: own, buffers: untyped(layer).buffers })(y)
        return [[name, y], ...Object.entries(below).map(([path, output]) => [`${name}.${path}`, output])]
      })
      return identical(w.intermediates(whole)(params)(x), Object.fromEntries(told))
    }
  ),
  law(
    'intermediates of every layer',
    'intermediates(f)(p)(x) has an output for each layer inside f, however deep, residuals of residuals among them',
    ({ layers, x, seed }) => {
      const f = library.sequential(...layers)
      const keeps = identical(untyped(f).input, untyped(f).output)
      const inside = ({ layers }: Specification): number => layers.length + sum(layers.map(inside))
      const around = (layer: AnyLayer): readonly AnyLayer[] => [
        library.residual(layer),
        library.residual(library.residual(library.sequential(called(layer, 'inner'))))
      ]
      return [f, ...(keeps ? around(f) : [])].every(whole => {
        const found = w.intermediates(whole)(w.initialize(whole, float64)(keyOf(seed)))(x)
        return Object.keys(found).length === inside(w.spec(whole))
      })
    }
  ),
  law(
    'show of parts',
    'show(sequential(f, g, …)) has show(f), show(g), … inside, each after its name and further to the right',
    ({ layers }) => {
      const inside = placed(layers).map(({ layer, name }) => `(${name}): ${w.show(layer)}`)
      const moved = inside.flatMap(text => text.split('\n').map(line => `  ${line}`))
      return w.show(library.sequential(...layers)) === ['Sequential(', ...moved, ')'].join('\n')
    }
  ),
  law('spec of parts', 'spec(sequential(f, g, …)) has spec(f), spec(g), … for its layers, and so parallel', subject =>
    (['sequential', 'parallel'] as const).every(kind =>
      identical(w.spec(library[kind](...subject.layers)), { kind, settings: {}, layers: subject.layers.map(w.spec) })
    )
  )
]
