/** Layers whose parameters are shared, held, seen through a function, or drawn otherwise: the same layers, but for that. */
import fc from 'fast-check'
import { interpreter } from '../src/engine/interpreter.js'
import * as Loss from '../src/Loss.js'
import { namedLeaves } from '../src/layer/inspection.js'
import { untyped } from '../src/layer/layer.js'
import { frozenIn, isWithin, mapPaths, partAt, withPart } from '../src/layer/parameter-paths.js'
import type { Values } from '../src/layer/runtime.js'
import { freeze, initializedWith, mapParameters, tie } from '../src/layer/sharing.js'
import type { AnyLayer } from '../src/layer/types.js'
import { map } from '../src/operation/tree.js'
import type { Optimizer } from '../src/optimizer/optimizer.js'
import { add } from '../src/primitive/arithmetic.js'
import { key as keyOf } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import * as Training from '../src/Training.js'
import { type Tensor, zeros as zerosLike } from '../src/tensor/tensor.js'
import { entries, leaves, matching } from '../src/tensor/tree.js'
import { grad, vjp } from '../src/transform/reverse.js'
import { direction, dot } from './closeness.js'
import { agree, library } from './composition.js'
import { type Law, law } from './law.js'
import { type LayerCase, layerCase, smooth } from './layer-case.js'
import { fitting } from './layer-parts.js'
import { type Choose, choices, held, mappings, type Tieable, tieable } from './layer-table-combinators.js'
import { close, identical } from './same.js'

/** The words that the laws are about. */
export interface Sharing {
  readonly tie: (tie: Tieable['tie']) => (model: AnyLayer) => AnyLayer
  readonly freeze: (frozen: (path: string) => boolean) => (layer: AnyLayer) => AnyLayer
  readonly mapParameters: (f: (path: string, parameter: Tensor) => Tensor) => (layer: AnyLayer) => AnyLayer
  readonly initializedWith: (choose: Choose) => (layer: AnyLayer) => AnyLayer
}
export const sharing: Sharing = {
  tie: each => model => tie(each)(model as never),
  freeze: frozen => layer => freeze(frozen)(layer as never),
  mapParameters: f => layer => mapParameters(f)(layer),
  initializedWith: choose => layer => initializedWith(choose)(layer)
}

const draw = (layer: AnyLayer, seed: number) => untyped(layer).init({ dtype: 'float64' })(keyOf(seed))
const applied = (layer: AnyLayer, params: Values, { x, memory }: Pick<LayerCase, 'x' | 'memory'>): Values =>
  untyped(layer).forward(params, 'training')(x)(memory)[0]
/** A number made of all outputs, in a direction that the choice gives. */
const measured =
  (layer: AnyLayer, at: Pick<LayerCase, 'x' | 'memory'>, choice: number) =>
  (params: Values): Tensor<[]> => {
    const outputs = leaves(applied(layer, params, at))
    return dot(outputs, outputs.map(direction(choice))) as Tensor<[]>
  }
const pathsOf = (params: Values): readonly string[] => entries(params).map(([names]) => names.join('.'))

/** A model with a tie, at a point. */
export interface TieCase extends Pick<LayerCase, 'x' | 'memory' | 'seed'>, Tieable {}
export const tieCase: fc.Arbitrary<TieCase> = tieable.chain(each =>
  layerCase(fc.constant(smooth(each.model))).map(({ x, memory, seed }) => ({ ...each, x, memory, seed }))
)
/** The model's parameters, whole, of those of the tied one; and what is done to those at `from`. */
const shared = ({ tie: { by = x => x } }: Tieable) => map(by) as (part: Values) => Values
const whole = (subject: TieCase, params: Values): Values =>
  withPart(params, subject.tie.to, shared(subject)(partAt(params, subject.tie.from)))

export const tieLaws = ({ tie }: Sharing = sharing): readonly Law<TieCase>[] => [
  law(
    'tied record',
    'tie({ from, to }) has the parameters that are not at to, drawn as they were',
    ({ model, tie: one, seed }) => {
      const [[params, rest], [others, after]] = [draw(model, seed), draw(tie(one)(model), seed)]
      const kept = entries(params).filter(([names]) => !isWithin(one.to)(names.join('.')))
      return identical(kept, entries(others)) && identical(rest, after)
    }
  ),
  law('tied', 'tie({ from, to, by })(f)(p) = f(p with by(p.from) at to)', subject => {
    const tied = tie(subject.tie)(subject.model)
    const [params] = draw(tied, subject.seed)
    return identical(applied(tied, params, subject), applied(subject.model, whole(subject, params), subject))
  }),
  law('gradient of a tied parameter', '∂from = ∂f/∂from + byᵀ ∂f/∂to: the sum over both uses', (subject, choice) => {
    const { model, tie: one } = subject
    const tied = tie(one)(model)
    const [params] = draw(tied, subject.seed)
    const gradients = grad(measured(tied, subject, choice))(params)
    const apart = grad(measured(model, subject, choice))(whole(subject, params))
    const [, back] = vjp((part: Values) => shared(subject)(part))(partAt(params, one.from))
    const other = back(partAt(apart, one.to))
    const sum = matching('a law', partAt(apart, one.from), other).map((leaf, i) =>
      add(leaf, leaves(partAt(apart, one.from))[i]!)
    )
    return pathsOf(params).every(path => {
      const found = partAt(gradients, path)
      if (!isWithin(one.from)(path)) return close(1e-12)(found, partAt(apart, path))
      return close(1e-12)(found, sum[pathsOf(partAt(params, one.from)).indexOf(path.slice(one.from.length + 1))])
    })
  })
]

/** A layer and parameters of it that are held, at a point. */
export interface FreezeCase extends LayerCase {
  readonly frozen: (path: string) => boolean
}
const sequence = (layers: readonly AnyLayer[]): AnyLayer => library.sequential(...layers)
const chains: fc.Arbitrary<LayerCase> = layerCase(
  fc
    .integer({ min: 1, max: 3 })
    .chain(fitting)
    .map(layers => smooth(layers.length === 1 ? layers[0]! : sequence(layers)))
)
export const freezeCase: fc.Arbitrary<FreezeCase> = fc.tuple(chains, held).map(([one, frozen]) => ({ ...one, frozen }))

export const freezeLaws = ({ freeze }: Sharing = sharing): readonly Law<FreezeCase>[] => [
  law('frozen is the same', 'freeze(f) = f, in outputs, leaves and masks', ({ layer, frozen, x, seed }) =>
    agree(freeze(frozen)(layer), layer, x, seed)
  ),
  law('gradient of what is frozen', '0 where it is frozen, and elsewhere that of f', (subject, choice) => {
    const { layer, params, frozen } = subject
    const held = freeze(frozen)(layer)
    const gradients = grad(measured(held, subject, choice))(params)
    const plain = grad(measured(layer, subject, choice))(params)
    return pathsOf(params).every(path => {
      const [found, other] = [partAt(gradients, path), partAt(plain, path)] as [Tensor, Tensor]
      return identical(found, frozen(path) ? zerosLike(other) : other)
    })
  }),
  law(
    'frozen is told',
    'a layer says which of its parameters are frozen, wherever it stands',
    ({ layer, params, frozen }) => {
      const inside = untyped(library.sequential(library.identity, freeze(frozen)(layer)))
      return pathsOf(params).every(
        path => frozenIn(inside)([untyped(layer).name ?? '1', ...path.split('.')]) === frozen(path)
      )
    }
  )
]

/** The same with an optimizer, and a way to take its steps. */
export interface FreezeTrainingCase extends FreezeCase {
  readonly optimizer: Optimizer
}
export const freezeTrainingCase = (optimizers: fc.Arbitrary<Optimizer>): fc.Arbitrary<FreezeTrainingCase> =>
  fc.tuple(freezeCase, optimizers).map(([one, optimizer]) => ({ ...one, optimizer }))

export const freezeTrainingLaws = ({ freeze }: Sharing = sharing): readonly Law<FreezeTrainingCase>[] => [
  law('training leaves what is frozen', 'n steps change no bit of what is frozen, whatever the optimizer', subject => {
    const { layer, frozen, optimizer, x, seed } = subject
    const trainer = Training.make<Values, Values, Values, Values, Values>({
      model: untyped(freeze(frozen)(layer)),
      loss: (target: Values) => (prediction: Values) =>
        Loss.mse()(target as Tensor)(prediction as Tensor) as Tensor<[]>,
      optimizer,
      dtype: 'float64',
      engine: interpreter
    })
    const batch = { x, y: zerosLike(applied(layer, draw(layer, seed)[0], subject) as Tensor) }
    const start = trainer.initialize(keyOf(seed))
    const end = range(3).reduce(snapshot => trainer.step(batch)(snapshot)[1], start)
    return pathsOf(start.params).every(
      path => !frozen(path) || identical(partAt(end.params, path), partAt(start.params, path))
    )
  })
]

/** A layer and two functions of parameters, at a point. */
export interface MappingCase extends LayerCase {
  readonly f: (path: string, parameter: Tensor) => Tensor
  readonly g: (path: string, parameter: Tensor) => Tensor
}
export const mappingCase: fc.Arbitrary<MappingCase> = fc
  .tuple(chains, mappings, mappings)
  .map(([one, f, g]) => ({ ...one, f, g }))

export const mappingLaws = ({ mapParameters }: Sharing = sharing): readonly Law<MappingCase>[] => [
  law('mapped', 'mapParameters(f)(layer)(p) = layer(f p), with the leaves and masks of the layer', subject => {
    const { layer, params, f, seed } = subject
    const mapped = mapParameters(f)(layer)
    return (
      identical(applied(mapped, params, subject), applied(layer, mapPaths('a law', f)(params), subject)) &&
      identical(draw(mapped, seed), draw(layer, seed))
    )
  }),
  law('mapping the identity', 'mapParameters(id) = id', ({ layer, x, seed }) =>
    agree(mapParameters((_, parameter) => parameter)(layer), layer, x, seed)
  ),
  law('mapping twice', 'mapParameters(f) ∘ mapParameters(g) = mapParameters(g ∘ f)', ({ layer, f, g, x, seed }) =>
    agree(
      mapParameters(f)(mapParameters(g)(layer)),
      mapParameters((path, parameter) => g(path, f(path, parameter)))(layer),
      x,
      seed
    )
  ),
  law('gradient through a mapping', '∇(layer ∘ f)(p) = f*(p) ∇layer(f p)', (subject, choice) => {
    const { layer, params, f } = subject
    const through = mapPaths('a law', f)
    const [at, back] = vjp(through)(params)
    return close(1e-10)(
      grad(measured(mapParameters(f)(layer), subject, choice))(params),
      back(grad(measured(layer, subject, choice))(at))
    )
  })
]

/** Layers of which each fits the one before, and who chooses initializers by the last name and the shape. */
export interface DrawingCase {
  readonly layers: readonly AnyLayer[]
  readonly choose: Choose
  readonly seed: number
}
export const drawingCase: fc.Arbitrary<DrawingCase> = fc
  .tuple(fc.integer({ min: 3, max: 4 }).chain(fitting), choices, fc.nat(1e6))
  .map(([layers, choose, seed]) => ({ layers, choose, seed }))

export const drawingLaws = ({ initializedWith }: Sharing = sharing): readonly Law<DrawingCase>[] => [
  law('nothing chosen', 'initializedWith(none)(f) draws what f draws, and leaves the same key', ({ layers, seed }) => {
    const f = sequence(layers)
    return identical(draw(initializedWith(() => undefined)(f), seed), draw(f, seed))
  }),
  law(
    'what is not chosen',
    'is drawn as f draws it, to the last bit; the others in the same shape and dtype',
    subject => {
      const { layers, choose, seed } = subject
      const f = sequence(layers)
      const [own, drawn] = [draw(f, seed)[0], draw(initializedWith(choose)(f), seed)[0]]
      return pathsOf(own).every(path => {
        const [a, b] = [partAt(own, path), partAt(drawn, path)] as [Tensor, Tensor]
        const chosen = choose(path, a.shape) !== undefined
        return identical([a.shape, a.dtype], [b.shape, b.dtype]) && (chosen || identical(a, b))
      })
    }
  ),
  law(
    'drawing in any grouping',
    'initializedWith(c)((f ⋙ g) ⋙ h) draws the leaves of initializedWith(c)(f ⋙ (g ⋙ h))',
    subject => {
      const { choose, seed } = subject
      const [f, g, ...rest] = subject.layers
      if (f === undefined || g === undefined) return true
      const h = sequence(rest)
      const [left, right] = [
        library.sequential(library.sequential(f, g), h),
        library.sequential(f, library.sequential(g, h))
      ].map(layer => {
        const [params, key] = draw(initializedWith(choose)(layer), seed)
        return [namedLeaves(untyped(layer), params).map(([, leaf]) => leaf), key]
      })
      return identical(left, right)
    }
  )
]
