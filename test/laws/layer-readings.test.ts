/** The laws of what is read off layers; and words that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { chainOf } from '../../laws/composition.js'
import { layerCase, smooth } from '../../laws/layer-case.js'
import * as _ from '../../laws/layer-readings.js'
import { partReadingLaws } from '../../laws/layer-readings-parts.js'
import { fitting, keeping, layers, sizes } from '../../laws/layer-table.js'
import { freezeCase, tieCase } from '../../laws/sharing.js'
import * as Layer from '../../src/Layer.js'
import { typed, untyped } from '../../src/layer/layer.js'
import type { AnyLayer } from '../../src/layer/types.js'
import * as Metric from '../../src/Metric.js'
import { key } from '../../src/random/key.js'
import { size } from '../../src/structure/shape.js'
import { entries, leaves } from '../../src/tensor/tree.js'
import { but, fails, holds, named } from './verdict.js'

const any = layerCase(fc.oneof(...Object.values(layers)))
const chains = chainOf(fc.integer({ min: 1, max: 3 }).chain(fitting))
/** Chains that a residual may be made of. */
const endless = chainOf(
  sizes.chain(features => fc.array(keeping(features), { minLength: 1, maxLength: 3 })) as fc.Arbitrary<
    readonly AnyLayer[]
  >
)
const both = fc.oneof(chains, endless)
/** Two layers that one maker gives. */
const pairs = fc
  .oneof(...Object.values(layers).map(each => fc.tuple(each, each)))
  .map(([f, g]) => [f.layer, g.layer] as const)

describe('what is read off any layer', () => {
  for (const law of _.layerReadingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, any, 150))
  for (const law of _.apartLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, pairs, 300))
})
describe('what is read off a whole', () => {
  for (const law of partReadingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, both, 60))
})
describe('what is read off parameters that are held or shared', () => {
  for (const law of _.frozenReadingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, freezeCase, 60))
  for (const law of _.sharedReadingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, tieCase, 40))
})
describe('the name of the type', () => {
  for (const law of _.tagLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, chainOf(fitting(2)), 40))
})

describe('a broken reading is caught', () => {
  const layerLaw = (words: Partial<_.LayerReading>, name: string) =>
    named(_.layerReadingLaws(but(_.reading, words)), name)
  const partLaw = (words: Partial<_.LayerReading>, name: string) => named(partReadingLaws(but(_.reading, words)), name)
  const one = (layer: AnyLayer) => layerCase(fc.constant(smooth(layer)))
  const linears = layerCase(layers.linear)
  const coins = Layer.sequential(Layer.linear(2, 8), Layer.dropout())
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

  test('parameters of a dtype that nobody asked for', () => {
    const initialize: _.LayerReading['initialize'] = layer => _.reading.initialize(layer)
    fails(layerLaw({ initialize }, 'initialize'), linears)
    const init: _.LayerReading['init'] = (layer, options = { dtype: 'float64' }) => _.reading.init(layer, options)
    fails(layerLaw({ init }, 'init in either dtype'), linears)
  })
  test('draws that leave the key as it was', () => {
    const init: _.LayerReading['init'] = (layer, options) => at => [_.reading.init(layer, options)(at)[0], at]
    fails(partLaw({ init }, 'init of parts'), chains)
  })
  test('predictions in training', () => {
    const predict: _.LayerReading['predict'] = layer => snapshot => x =>
      untyped(layer).forward(snapshot.params, 'training')(x)({ buffers: snapshot.buffers, key: key(0) })[0]
    fails(layerLaw({ predict }, 'predict'), one(coins))
    fails(partLaw({ predict }, 'predict of parts'), chainOf(fc.constant([coins, Layer.dropout()])))
  })
  test('predictions that forget what the layer remembers', () => {
    const predict: _.LayerReading['predict'] = layer => snapshot =>
      _.reading.predict(layer)({ ...snapshot, buffers: untyped(layer).buffers })
    fails(layerLaw({ predict }, 'predict'), one(Layer.runningMean(3)))
  })
  test('paths without the layers that they lead through', () => {
    const namedParameters: _.LayerReading['namedParameters'] = layer => params =>
      _.reading
        .namedParameters(layer)(params)
        .map(([path, leaf]) => [last(path), leaf])
    fails(layerLaw({ namedParameters }, 'each parameter under its path'), layerCase(layers.sequential))
    fails(partLaw({ namedParameters }, 'parameters of parts'), chains)
  })
  test('parameters in the order of a record, which puts numbers first', () => {
    const parameters: _.LayerReading['parameters'] = () => leaves
    const mixed = Layer.sequential(Layer.named('first', Layer.linear(2, 3)), Layer.linear(3, 1))
    fails(layerLaw({ parameters }, 'parameters'), one(mixed))
    const namedParameters: _.LayerReading['namedParameters'] = () => params =>
      entries(params).map(([names, leaf]) => [names.join('.'), leaf])
    fails(partLaw({ namedParameters }, 'parameters of parts'), chains)
  })
  test('a count that takes parameters of one size for one', () => {
    const countParameters = (params: unknown): number =>
      [...new Set(leaves(params).map(({ shape }) => size(shape)))].reduce((a, b) => a + b, 0)
    fails(layerLaw({ countParameters }, 'count'), layerCase(layers.sequential))
    fails(partLaw({ countParameters }, 'count of parts'), endless)
  })
  /** The layer that is tied, instead of the tied one. */
  const apart = (layer: AnyLayer): AnyLayer => {
    const { kind, children } = untyped(layer)
    return kind === 'tie' ? typed<AnyLayer>(children[0]!.layer) : layer
  }
  test('a table, and parameters, in which what is shared counts twice', () => {
    const summary: _.LayerReading['summary'] = (layer, shape) => _.reading.summary(apart(layer), shape)
    fails(layerLaw({ summary }, 'total of a summary'), layerCase(layers.tie))
    const initialize: _.LayerReading['initialize'] = (layer, options) => _.reading.initialize(apart(layer), options)
    fails(named(_.sharedReadingLaws(but(_.reading, { initialize })), 'what is shared counts once'), tieCase)
  })
  test('a table that leaves the shape of the input out', () => {
    const summary: _.LayerReading['summary'] = layer => _.reading.summary(layer)
    fails(layerLaw({ summary }, 'outputs of a summary'), linears)
  })
  test('outputs of layers in training', () => {
    const intermediates: _.LayerReading['intermediates'] = layer =>
      _.reading.intermediates(
        typed<AnyLayer>({
          ...untyped(layer),
          forward: (params, _mode, look) => untyped(layer).forward(params, 'training', look)
        })
      )
    fails(layerLaw({ intermediates }, 'intermediates see what predict gives'), one(coins))
  })
  const underOther =
    (rename: (path: string) => string): _.LayerReading['intermediates'] =>
    layer =>
    (params, buffers) =>
    x =>
      Object.fromEntries(
        Object.entries(_.reading.intermediates(layer)(params, buffers)(x)).map(([path, output]) => [
          rename(path),
          output
        ])
      )
  test('outputs of which some hide others', () => {
    const intermediates = underOther(path => path.replace(/inner\.inner/, 'inner'))
    fails(partLaw({ intermediates }, 'intermediates of every layer'), endless)
    fails(partLaw({ intermediates: underOther(last) }, 'intermediates of parts'), endless)
  })
  test('a print without indentation', () => {
    const show: _.LayerReading['show'] = layer => _.reading.show(layer).replace(/\n +/g, '\n')
    fails(partLaw({ show }, 'show of parts'), chains)
  })
  test('a print with the name, as of the layer itself', () => {
    const show: _.LayerReading['show'] = layer => `${untyped(layer).name ?? ''}${_.reading.show(layer)}`
    fails(layerLaw({ show }, 'a name is no more than a name'), linears)
  })
  test('a specification that leaves out what does nothing', () => {
    const spec: _.LayerReading['spec'] = layer => {
      const whole = _.reading.spec(layer)
      return { ...whole, layers: whole.layers.filter(({ kind }) => kind !== 'identity') }
    }
    fails(partLaw({ spec }, 'spec of parts'), chainOf(fc.constant([Layer.linear(2, 2), Layer.identity])))
  })
  test('a specification that no file can hold', () => {
    const spec: _.LayerReading['spec'] = layer => ({ ..._.reading.spec(layer), settings: { rate: Number.NaN } })
    fails(layerLaw({ spec }, 'plain data'), linears)
  })
  test('a specification without settings', () => {
    const spec: _.LayerReading['spec'] = layer => ({ ..._.reading.spec(layer), settings: {} })
    fails(_.apartLaws(but(_.reading, { spec }))[0], pairs)
  })
  test('what is frozen, as nobody or only the outermost layer says', () => {
    const law = (isFrozen: _.LayerReading['isFrozen'], name: string) =>
      named(_.frozenReadingLaws(but(_.reading, { isFrozen })), name)
    fails(
      law(() => () => false, 'isFrozen'),
      freezeCase
    )
    const outermost: _.LayerReading['isFrozen'] = layer => path => untyped(layer).frozen?.(path) ?? false
    fails(law(outermost, 'isFrozen of parts'), freezeCase)
    fails(law(outermost, 'frozen twice'), freezeCase)
  })
  test('the name of another type, and an instance that composes the other way round', () => {
    // They fit one another in either order.
    const two = chainOf(fc.constant([Layer.linear(2, 2), Layer.tanh]))
    fails(_.tagLaws({ URI: Metric.URI, Category: Layer.Category })[0], two)
    const turned = { ...Layer.Category, compose: (g: never, f: never) => Layer.Category.compose(f, g) }
    fails(_.tagLaws({ URI: Layer.URI, Category: turned as typeof Layer.Category })[0], two)
  })
})
