/**
 * The same layer with parameters that are shared, held, seen through a function, or drawn otherwise. Paths of parameters stay as they are.
 *
 * 1. The gradient of a parameter that is tied is the sum of those of its uses
 * 2. Training leaves what is frozen as it is, to the last bit, whatever the optimizer
 * 3. `mapParameters((_, p) => p) = identity`, `mapParameters(f) ∘ mapParameters(g) = mapParameters(g ∘ f)`
 * 4. `initializedWith(() => undefined)` draws what the layer draws; in any grouping of layers, leaf by leaf, the same is drawn
 */
import type { Initializer } from '../random/initializer.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed, untyped } from './layer.js'
import { frozenIn } from './parameter-paths.js'
import type { RunLayer } from './runtime.js'
import { freezeOf, initializedWithOf, mapParametersOf, tieOf } from './sharing-run.js'
import type { Chosen, Freezable, Tie, Tieable, Tied } from './sharing-types.js'
import type { AnyLayer, Around } from './types.js'

const plain = (layer: unknown): RunLayer => untyped(layer as AnyLayer)

/**
 * One parameter in two places: what stands at `to` is what stands at `from`, changed by a function if one is given: in PyTorch
 * `decoder.weight = encoder.weight`, as between the input and the output of a language model (Press & Wolf 2017).
 *
 * The record of parameters has nothing at `to` any more, and the gradient at `from` is the sum of those of both uses. A path to a layer ties all
 * parameters below it. Of several ties each is about what those before it have left.
 *
 * @throws a Mistake if the model has no such parameters (it tells those that there are), or if they differ in shape; where paths and sizes are
 * literal, it does not compile
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = pipe(
 *   Layer.sequential(Layer.named('encoder', Layer.linear(8, 3)), Layer.tanh, Layer.named('decoder', Layer.linear(3, 8))),
 *   Layer.tie({ from: 'encoder.weight', to: 'decoder.weight', by: Tensor.transpose })
 * )
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(
 *   Layer.namedParameters(model)(params).map(([path]) => path),
 *   ['encoder.weight', 'encoder.bias', 'decoder.bias']
 * )
 */
export const tie =
  <const Ties extends readonly Tie[]>(...ties: Ties) =>
  <L extends AnyLayer>(model: Tieable<L, Ties>): Tied<L, Ties> =>
    typed<AnyLayer>(tieOf(ties, plain(model))) as Tied<L, Ties>

/**
 * A layer some of whose parameters are held: `torch.nn.Module.requires_grad_(False)`.
 *
 * They get no gradient, and training (`Training.make`) leaves them as they are to the last bit, even if weight decay or an optimizer's momentum
 * would move them. They are chosen by a path (`encoder` holds all below it), by several, or by a function of each path. What layers remember in
 * buffers goes on as before.
 *
 * @throws a Mistake if the layer has no parameters at a path (it tells those that there are); where the path is literal, it does not compile
 *
 * @example
 * import { Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from 'cotangent'
 * import { deepStrictEqual, notDeepStrictEqual } from 'node:assert'
 *
 * const model = pipe(
 *   Layer.sequential(Layer.named('encoder', Layer.linear(2, 3)), Layer.tanh, Layer.linear(3, 1)),
 *   Layer.freeze('encoder')
 * )
 * const trainer = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 0.1, weightDecay: 0.1 }) })
 * const start = trainer.initialize(Random.key(1))
 * const [, { params }] = trainer.step({ x: Tensor.ones([4, 2]), y: Tensor.ones([4, 1]) })(start)
 * deepStrictEqual(params.encoder, start.params.encoder)
 * notDeepStrictEqual(params[2], start.params[2])
 */
export const freeze =
  <const C extends Chosen>(chosen: C) =>
  <L extends AnyLayer>(layer: Freezable<L, C>): Around<L, 'freeze'> =>
    typed<AnyLayer>(freezeOf(chosen, plain(layer))) as Around<L, 'freeze'>

/**
 * Whether the parameter at a path is held by `freeze`: for masks of optimizers that are used without a trainer.
 *
 * @example
 * import { Layer, pipe } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = pipe(Layer.sequential(Layer.linear(2, 3), Layer.linear(3, 1)), Layer.freeze(path => path.endsWith('bias')))
 * deepStrictEqual(['0.weight', '0.bias'].map(Layer.isFrozen(model)), [false, true])
 */
export const isFrozen = (layer: AnyLayer): ((path: string) => boolean) => {
  const frozen = frozenIn(untyped(layer))
  return path => frozen(path.split('.'))
}

/**
 * A layer that sees f(path, p) in place of every parameter p: a reparameterisation, as by `torch.nn.utils.parametrize`.
 *
 * The parameters that are drawn, trained and saved are those that f is applied to; gradients go through f, which must keep shapes.
 *
 * @throws a Mistake, when applied, if f gives no tensor, or one that the layer does not take
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * // Rows of weights of length one: weight normalisation without lengths (Salimans & Kingma 2016).
 * const rows = (path: string, p: Tensor.Tensor) =>
 *   path.endsWith('weight') ? pipe(p, Tensor.div(pipe(p, Tensor.norm({ axis: -1, keepDimensions: true })))) : p
 * const model = pipe(Layer.linear(3, 2, { bias: false }), Layer.mapParameters(rows))
 * const params = Layer.initialize(model)(Random.key(1))
 * const [first] = Tensor.toArray(model.apply(params)(Tensor.eye(3))).map(([a]) => a)
 * ok(Math.abs(first!) <= 1)
 */
export const mapParameters =
  (f: (path: string, parameter: Tensor) => Tensor) =>
  <L extends AnyLayer>(layer: L): Around<L, 'mapParameters'> =>
    typed<AnyLayer>(mapParametersOf(f, untyped(layer))) as Around<L, 'mapParameters'>

/**
 * The same layer, some of whose parameters are drawn by initializers of one's own choice: what `torch.nn.init` does to a module afterwards.
 *
 * `choose` is asked for each floating parameter, with its path and shape; where it gives none, the layer's own draw stays, bit for bit. The others
 * are drawn after all of the layer's own draws, in the order of the layers, in the dtype that is asked for.
 *
 * @throws a Mistake, when drawn, if an initializer gives another shape than the parameter's
 *
 * @example
 * import { Initializer, Layer, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = pipe(
 *   Layer.sequential(Layer.linear(2, 8), Layer.relu, Layer.linear(8, 1)),
 *   Layer.initializedWith(path =>
 *     path.endsWith('bias') ? Initializer.zeros : Initializer.kaimingNormal({ nonlinearity: 'relu' })
 *   )
 * )
 * deepStrictEqual(Tensor.toArray(Layer.initialize(model)(Random.key(1))[2].bias), [0])
 */
export const initializedWith =
  (choose: (path: string, shape: Shape) => Initializer | undefined) =>
  <L extends AnyLayer>(layer: L): Around<L, 'initializedWith'> =>
    typed<AnyLayer>(initializedWithOf(choose, untyped(layer))) as Around<L, 'initializedWith'>
