/** Layers made of layers, and layers whose parameters are shared, held, mapped or drawn otherwise, of small parts. */
import fc from 'fast-check'
import * as Initializer from '../src/Initializer.js'
import * as Layer from '../src/Layer.js'
import type { Condition } from '../src/layer/combinator-run.js'
import { branchOf, concatOf, liftOf, repeatOf, whenOf } from '../src/layer/combinator-run.js'
import { typed, untyped } from '../src/layer/layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { transpose } from '../src/operation/movement.js'
import { mul } from '../src/primitive/arithmetic.js'
import { tanh } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { less } from '../src/primitive/selection.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { type Subject, smooth } from './layer-case.js'
import { fitting, keeping, sizes } from './layer-parts.js'

const few = fc.integer({ min: 1, max: 3 })

// The compiler cannot know that layers drawn at random fit: it is told by the word of the run-time parts, or by `never`.
const branched = (...layers: readonly AnyLayer[]): AnyLayer => typed<AnyLayer>(branchOf(layers.map(untyped)))
const joined = (axis: number, ...layers: readonly AnyLayer[]): AnyLayer =>
  typed<AnyLayer>(concatOf(axis, layers.map(untyped)))
const lifted = (leading: readonly number[], layer: AnyLayer): AnyLayer =>
  typed<AnyLayer>(liftOf(leading, untyped(layer)))
const repeated = (count: number, layer: AnyLayer): AnyLayer => typed<AnyLayer>(repeatOf(count, untyped(layer)))
export const under = (condition: Condition, layer: AnyLayer): AnyLayer =>
  typed<AnyLayer>(whenOf(condition, untyped(layer)))

/** Layers of one input, some of which have outputs of a size of their own. */
const fanned = (features: number): fc.Arbitrary<readonly AnyLayer[]> =>
  fc
    .array(
      fc.oneof(
        keeping(features),
        sizes.map(size => Layer.linear(features, size))
      ),
      { minLength: 1, maxLength: 2 }
    )
    .map(layers => [Layer.linear(features, 2), ...layers])
/** The same, all with features to be joined. */
const withFeatures = (features: number): fc.Arbitrary<readonly AnyLayer[]> =>
  fanned(features).map(layers =>
    layers.map(layer => (JSON.stringify(untyped(layer).output) === '[]' ? lifted([features], layer) : layer))
  )

/** A condition that depends on the input, and is the same for inputs nearby. */
const often: Condition = x => less(tanh(sumAll((Array.isArray(x) ? x[0] : x) as Tensor)), 0.3)
const conditions = fc.constantFrom<Condition>(true, false, 'training', 'evaluation', often)

/** Two layers of which one's weight fits the other's place, as it is or the other way round, and how. */
export interface Tieable {
  readonly model: AnyLayer
  readonly tie: { readonly from: string; readonly to: string; readonly by?: (x: Tensor) => Tensor }
}
const backwards = (x: Tensor): Tensor => transpose(x as Tensor<[number, number]>)
export const tieable: fc.Arbitrary<Tieable> = fc.oneof(
  fc.tuple(few, few, fc.boolean()).map(([inside, outside, nested]): Tieable => {
    const encoder = Layer.named('encoder', Layer.linear(outside, inside))
    const decoder = Layer.named('decoder', Layer.linear(inside, outside, { bias: false }))
    const model = nested
      ? Layer.sequential(Layer.residual(Layer.sequential(encoder, Layer.tanh, decoder) as never))
      : Layer.sequential(encoder, Layer.tanh, decoder)
    const [from, to] = ['encoder.weight', 'decoder.weight'].map(path => (nested ? `0.${path}` : path))
    return { model, tie: { from: from!, to: to!, by: backwards } }
  }),
  few.map(
    (features): Tieable => ({
      model: Layer.sequential(Layer.linear(features, features), Layer.tanh, Layer.linear(features, features)),
      tie: { from: '0', to: '2' }
    })
  ),
  few.map(
    (features): Tieable => ({
      model: Layer.parallel(Layer.linear(features, 2), Layer.named('right', Layer.linear(features, 2))),
      tie: { from: 'right.weight', to: '0.weight', by: x => mul(x, 2) }
    })
  )
)
const tied = ({ model, tie }: Tieable): AnyLayer => Layer.tie(tie)(model as never)

/** Parameters that are held: by a path, or by their last name. */
export const held: fc.Arbitrary<(path: string) => boolean> = fc.constantFrom<((path: string) => boolean)[]>(
  path => path.endsWith('weight'),
  path => path.startsWith('0'),
  () => true,
  () => false
)
/** Functions of parameters, smooth, the same shape in and out. */
export const mappings = fc.constantFrom<((path: string, parameter: Tensor) => Tensor)[]>(
  (_, parameter) => parameter,
  (_, parameter) => mul(parameter, 2),
  (path, parameter) => (path.endsWith('weight') ? tanh(parameter) : parameter)
)
export type Choose = (path: string, shape: readonly number[]) => Initializer.Initializer | undefined
export const choices = fc.constantFrom<Choose[]>(
  () => undefined,
  (_, shape) => (shape.length < 2 ? Initializer.zeros : Initializer.orthogonal()),
  path => (path.endsWith('weight') ? Initializer.kaimingUniform() : undefined),
  () => Initializer.normal({ standardDeviation: 0.5 })
)
const sequence = (layers: readonly AnyLayer[]): AnyLayer => Layer.sequential(...layers)

export const combinators = {
  branch: few.chain(fanned).map(layers => smooth(branched(...layers))),
  concat: few.chain(withFeatures).map(layers => smooth(joined(-1, ...layers))),
  concatAlong: fc.tuple(few, few, few).map(([a, b, columns]) => {
    const rows = (count: number): AnyLayer =>
      Layer.sequential(Layer.linear(2, count * columns), Layer.reshape([count * columns], [count, columns]) as never)
    return smooth(joined(-2, rows(a), rows(b)))
  }),
  repeat: fc
    .tuple(fc.integer({ min: 0, max: 3 }), sizes.chain(keeping))
    .map(([count, layer]) => smooth(repeated(count, layer))),
  when: fc.tuple(conditions, sizes.chain(keeping)).map(([condition, layer]) => smooth(under(condition, layer))),
  lift: fc
    .tuple(fc.array(few, { maxLength: 2 }), sizes.chain(keeping))
    .map(([leading, layer]) => smooth(lifted(leading, layer))),
  first: fitting(2).map(layers => smooth(Layer.first(sequence(layers)))),
  second: fitting(2).map(layers => smooth(Layer.second(sequence(layers)))),
  split: fc.tuple(sizes.chain(keeping), sizes.chain(keeping)).map(([f, g]) => smooth(Layer.split(f, g))),
  fanout: fc.tuple(few, few).map(([a, b]) => smooth(Layer.fanout(Layer.linear(2, a), Layer.linear(2, b)))),
  arrow: sizes.chain(keeping).map(layer => smooth(Layer.arrow(layer))),
  tie: tieable.map(each => smooth(tied(each))),
  freeze: fc.tuple(fitting(2), held).map(([layers, frozen]) => smooth(Layer.freeze(frozen)(sequence(layers) as never))),
  mapParameters: fc.tuple(fitting(2), mappings).map(([layers, f]) => smooth(Layer.mapParameters(f)(sequence(layers)))),
  initializedWith: fc
    .tuple(fitting(2), choices)
    .map(([layers, choose]) => smooth(Layer.initializedWith(choose)(sequence(layers))))
} satisfies { readonly [name: string]: fc.Arbitrary<Subject> }
