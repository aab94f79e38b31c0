/** The words by which layers are drawn, applied and looked at. */
import type { State } from 'fp-ts/lib/State.js'
import type { Key } from '../random/key.js'
import { size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { leaves } from '../tensor/tree.js'
import { intermediatesOf, namedLeaves, type Specification, showLayer, specOf, summaryOf } from './inspection.js'
import { untyped } from './layer.js'
import type { RunShape, Values } from './runtime.js'
import type { AnyLayer, Buffers, Params } from './types.js'

/** How parameters are drawn: float32 unless given. */
export interface InitOptions {
  readonly dtype?: 'float32' | 'float64'
}

/**
 * Fresh parameters as a step of a program that carries a key: sequences of layers draw one after the other.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [params, next] = Layer.init(Layer.linear(3, 2))(Random.key(1))
 * deepStrictEqual([Tensor.shape(params.weight), Tensor.shape(next)], [[2, 3], [2]])
 */
export const init = <L extends AnyLayer>(layer: L, { dtype = 'float32' }: InitOptions = {}): State<Key, Params<L>> =>
  untyped(layer).init({ dtype }) as State<Key, Params<L>>

/**
 * Fresh parameters, drawn by a key.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const params = Layer.initialize(Layer.linear(3, 2), { dtype: 'float64' })(Random.key(1))
 * strictEqual(Tensor.dtype(params.weight), 'float64')
 */
export const initialize =
  <L extends AnyLayer>(layer: L, options: InitOptions = {}) =>
  (key: Key): Params<L> =>
    init(layer, options)(key)[0]

interface Applying<F> {
  readonly apply: (params: Values, buffers: Values) => F
}
const applying = <L extends AnyLayer>(layer: L) => layer as L & Applying<Applied<L>>
/** What a layer is as a function of its input, with the layer's own signature. */
export type Applied<L extends AnyLayer> = L extends { readonly apply: (...known: never) => infer F } ? F : never

/**
 * The output in evaluation mode for parameters and buffers as a snapshot holds them; for every kind of layer the same call.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.runningMean(2)
 * const output = Layer.predict(model)({ params: {}, buffers: model.buffers })(Tensor.ones([5, 2]))
 * deepStrictEqual(Tensor.shape(output), [5, 2])
 */
export const predict =
  <L extends AnyLayer>(layer: L) =>
  ({ params, buffers }: { readonly params: Params<L>; readonly buffers: Buffers<L> }): Applied<L> =>
    applying(layer).apply(params, buffers)

/**
 * The layer as PyTorch prints it.
 *
 * @example
 * import { Layer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(
 *   Layer.show(Layer.sequential(Layer.named('hidden', Layer.linear(1, 13)), Layer.tanh)),
 *   'Sequential(\n  (hidden): Linear(in_features=1, out_features=13, bias=True)\n  (1): Tanh()\n)'
 * )
 */
export const show = (layer: AnyLayer): string => showLayer(untyped(layer))

/**
 * A table of the layers: path, kind, output and number of parameters, and their total. With an input's shape the outputs are whole.
 *
 * @example
 * import { Layer } from 'cotangent'
 * import { match } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
 * match(Layer.summary(model, [9, 1]), /0 +Linear +\[9, 13\] +26[^]*total +40/)
 */
export const summary = (layer: AnyLayer, inputShape?: RunShape): string => summaryOf(untyped(layer), inputShape)

/**
 * The layer as plain data: kind, settings, layers inside.
 *
 * @example
 * import { Layer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Layer.spec(Layer.linear(1, 13)), {
 *   kind: 'linear',
 *   settings: { inFeatures: 1, outFeatures: 13, bias: true },
 *   layers: []
 * })
 */
export const spec = (layer: AnyLayer): Specification => specOf(untyped(layer))

/**
 * The parameters with their paths, in the order of the layers: `torch.nn.Module.named_parameters`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.named('hidden_linear', Layer.linear(1, 8)), Layer.tanh, Layer.linear(8, 1))
 * const params = Layer.initialize(model)(Random.key(42))
 * deepStrictEqual(
 *   Layer.namedParameters(model)(params).map(([name, tensor]) => [name, Tensor.shape(tensor)]),
 *   [['hidden_linear.weight', [8, 1]], ['hidden_linear.bias', [8]], ['2.weight', [1, 8]], ['2.bias', [1]]]
 * )
 */
export const namedParameters =
  <L extends AnyLayer>(layer: L) =>
  (params: Params<L>): readonly (readonly [string, Tensor])[] =>
    namedLeaves(untyped(layer), params)

/**
 * The parameters in the order of the layers: `torch.nn.Module.parameters`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.linear(1, 8)
 * deepStrictEqual(Layer.parameters(model)(Layer.initialize(model)(Random.key(42))).map(Tensor.shape), [[8, 1], [8]])
 */
export const parameters =
  <L extends AnyLayer>(layer: L) =>
  (params: Params<L>): readonly Tensor[] =>
    namedParameters(layer)(params).map(([, tensor]) => tensor)

/**
 * The number of trainable numbers: `sum(p.numel() for p in model.parameters())`.
 *
 * @example
 * import { Layer, Random } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const model = Layer.linear(1, 8)
 * strictEqual(Layer.countParameters(Layer.initialize(model)(Random.key(42))), 16)
 */
export const countParameters = (params: unknown): number =>
  leaves(params).reduce((total, leaf) => total + size(leaf.shape), 0)

/**
 * Every layer's output by path, in evaluation mode: what `torch.nn.Module.register_forward_hook` is used for, as a pure function.
 *
 * A layer that holds no others is found under its own kind, and one within a residual, which has no name there, as `inner`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.linear(1, 8), Layer.named('bend', Layer.tanh))
 * const outputs = Layer.intermediates(model)(Layer.initialize(model)(Random.key(42)))(Tensor.ones([5, 1]))
 * deepStrictEqual(Object.keys(outputs), ['0', 'bend'])
 */
export const intermediates =
  <L extends AnyLayer>(layer: L) =>
  (params: Params<L>, buffers: Buffers<L> = untyped(layer).buffers as Buffers<L>) =>
  (x: Values): { readonly [path: string]: Tensor } =>
    intermediatesOf(untyped(layer), params, buffers, x) as { readonly [path: string]: Tensor }
