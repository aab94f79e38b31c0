/** Layers when compiling: what compositions take, give and hold, and that layers that do not fit do not compile. */

import { pipe } from 'fp-ts/lib/function.js'
import type { State } from 'fp-ts/lib/State.js'
import { expectTypeOf, test } from 'vitest'
import * as _ from '../../src/Layer.js'
import type { ShapeFunction } from '../../src/layer/types.js'
import type { Key } from '../../src/random/key.js'
import type { ConvolutionSize, Product } from '../../src/structure/digits.js'
import type { Shape } from '../../src/structure/shape-types.js'
import * as Tensor from '../../src/Tensor.js'
import { grad } from '../../src/Transform.js'

type T<S extends Shape = Shape> = Tensor.Tensor<S>
type LinearParams<I extends number, O extends number> = { readonly weight: T<[O, I]>; readonly bias: T<[O]> }
const { zeros } = Tensor
const { linear, named, parallel, residual, sequential, andThen, tanh, relu } = _

declare const key: Key
declare const n: number

// Layers whose exact output follows from their exact input.
interface ConvolutionShape<C extends number, K extends number, P extends number> extends ShapeFunction {
  readonly result: this['given'] extends readonly [unknown, infer H extends number, infer W extends number]
    ? [C, ConvolutionSize<H, K, 1, P>, ConvolutionSize<W, K, 1, P>]
    : unknown
}
type Convolution<I extends number, O extends number, K extends number, P extends number> = _.Layer<
  { readonly weight: T<[O, I, K, K]> },
  [I, number, number],
  [O, number, number],
  _.Empty,
  'convolution',
  ConvolutionShape<O, K, P>
>
interface PoolShape<K extends number> extends ShapeFunction {
  readonly result: this['given'] extends readonly [infer H extends number, infer W extends number]
    ? [ConvolutionSize<H, K, K>, ConvolutionSize<W, K, K>]
    : unknown
}
interface FlattenShape extends ShapeFunction {
  readonly result: this['given'] extends infer S extends Shape ? [Product<S>] : unknown
}
declare const convolution: <I extends number, O extends number, K extends number, P extends number = 0>(
  i: I,
  o: O,
  k: K,
  options?: { readonly padding?: P }
) => Convolution<I, O, K, P>
declare const pool: <K extends number>(
  k: K
) => _.Layer<_.Empty, [number, number], [number, number], _.Empty, 'pool', PoolShape<K>>
declare const flat: _.Layer<_.Empty, [number, number, number], [number], _.Empty, 'flatten', FlattenShape>
declare const input: <const S extends Shape>(...sizes: S) => _.Layer<_.Empty, [...S], [...S], _.Empty, 'input'>

const positional = sequential(linear(1, 13), tanh, linear(13, 1))
const byName = sequential(
  named('hidden_linear', linear(1, 8)),
  named('hidden_activation', tanh),
  named('output_linear', linear(8, 1))
)

test('parameters are a record by position or name, without layers that have none', () => {
  expectTypeOf(_.initialize(positional)(key)).toEqualTypeOf<{
    readonly 0: LinearParams<1, 13>
    readonly 2: LinearParams<13, 1>
  }>()
  expectTypeOf(_.initialize(byName)(key)).toEqualTypeOf<{
    readonly hidden_linear: LinearParams<1, 8>
    readonly output_linear: LinearParams<8, 1>
  }>()
  expectTypeOf<_.Params<typeof positional>>().toEqualTypeOf<{
    readonly 0: LinearParams<1, 13>
    readonly 2: LinearParams<13, 1>
  }>()
  expectTypeOf<_.Params<typeof tanh>>().toEqualTypeOf<_.Empty>()
  expectTypeOf(_.initialize(linear(2, 3, { bias: false }))(key)).toEqualTypeOf<{ readonly weight: T<[3, 2]> }>()
  // @ts-expect-error tanh has no parameters
  _.initialize(positional)(key)[1]
})

test('a model is applied to any leading axes', () => {
  const params = _.initialize(positional)(key)
  const [batch, rows, ranks] = [zeros([5, 1]), zeros([n, 1]), zeros<Shape>([])]
  expectTypeOf(positional.apply(params)(batch)).toEqualTypeOf<T<[5, 1]>>()
  expectTypeOf(pipe(batch, positional.apply(params))).toEqualTypeOf<T<[5, 1]>>()
  expectTypeOf(positional.apply(params)(zeros([2, 5, 1]))).toEqualTypeOf<T<[2, 5, 1]>>()
  expectTypeOf(positional.apply(params)(zeros([1]))).toEqualTypeOf<T<[1]>>()
  expectTypeOf(positional.apply(params)(rows)).toEqualTypeOf<T<[number, 1]>>()
  expectTypeOf(positional.apply(params)(ranks)).toExtend<T<[5, 1]>>()
  // @ts-expect-error inputs have one feature
  positional.apply(params)(zeros([5, 2]))
  // @ts-expect-error inputs have one feature
  pipe(zeros([5, 2]), positional.apply(params))
  // @ts-expect-error the parameters of another model
  positional.apply(_.initialize(sequential(linear(1, 12), tanh, linear(12, 1)))(key))
})

test('a forward pass threads buffers and a key', () => {
  const [output, after] = positional.forward(_.initialize(positional)(key), 'training')(zeros([5, 1]))({
    buffers: {},
    key
  })
  expectTypeOf(output).toEqualTypeOf<T<[5, 1]>>()
  expectTypeOf(after).toEqualTypeOf<_.Memory<_.Empty>>()
  // @ts-expect-error there are two modes
  positional.forward(_.initialize(positional)(key), 'test')
})

test('layers that do not fit', () => {
  // @ts-expect-error layer 2 (linear) expects input [12]
  sequential(linear(1, 13), tanh, linear(12, 1))
  // @ts-expect-error layer 3 (linear) expects input [2]
  sequential(linear(1, 13), tanh, linear(13, 1), linear(2, 4), tanh)
  // @ts-expect-error layer 'output' expects input [9]
  sequential(named('hidden', linear(1, 8)), tanh, named('output', linear(9, 1)))
  // @ts-expect-error the same, one by one
  pipe(linear(1, 13), andThen(tanh), andThen(linear(12, 1)))
})

test('names that cannot be', () => {
  // @ts-expect-error numbers stand for positions
  named('0', linear(1, 2))
  // @ts-expect-error dots separate the parts of paths
  named('a.b', linear(1, 2))
  // @ts-expect-error a path with an empty part
  named('', linear(1, 2))
  // @ts-expect-error used twice
  sequential(named('a', linear(1, 8)), tanh, named('a', linear(8, 1)))
  // @ts-expect-error used twice
  parallel(named('a', tanh), named('a', tanh))
  // Names that are not known when compiling are checked at run time.
  expectTypeOf(sequential(named(String(n), tanh), named(String(n), tanh))).toHaveProperty('apply')
})

test('andThen is sequential, one by one', () => {
  const piped = pipe(linear(1, 13), andThen(tanh), andThen(linear(13, 1)))
  expectTypeOf(piped).toEqualTypeOf<typeof positional>()
  expectTypeOf(pipe(sequential(linear(1, 13), tanh), andThen(linear(13, 1)))).toEqualTypeOf<typeof positional>()
  const inner = pipe(named('inner', sequential(linear(1, 2), tanh)), andThen(linear(2, 3)))
  expectTypeOf<_.Params<typeof inner>>().toEqualTypeOf<{
    readonly inner: { readonly 0: LinearParams<1, 2> }
    readonly 1: LinearParams<2, 3>
  }>()
})

test('the empty sequence is the identity', () => {
  expectTypeOf(sequential().apply({})(zeros([5, 3]))).toEqualTypeOf<T<[5, 3]>>()
})

test('activations before a layer are lifted to its features', () => {
  const model = sequential(tanh, linear(2, 3))
  expectTypeOf<_.Input<typeof model>>().toEqualTypeOf<[2]>()
  expectTypeOf<_.Output<typeof model>>().toEqualTypeOf<[3]>()
})

test('sizes of images follow through convolutions', () => {
  const network = sequential(
    input(1, 28, 28),
    convolution(1, 16, 3, { padding: 1 }),
    tanh,
    pool(2),
    convolution(16, 8, 3, { padding: 1 }),
    relu,
    pool(2),
    flat,
    linear(392, 10)
  )
  expectTypeOf(network.apply(_.initialize(network)(key))(zeros([64, 1, 28, 28]))).toEqualTypeOf<T<[64, 10]>>()
  // @ts-expect-error 16 · 13 · 13 is 2704
  sequential(input(1, 28, 28), convolution(1, 16, 3), relu, pool(2), flat, linear(2705, 10))
  // @ts-expect-error 16 channels are not 3
  sequential(convolution(1, 16, 3), convolution(3, 8, 3))
  // Without an input the sizes are known at run time only.
  expectTypeOf(sequential(convolution(1, 16, 3), relu, flat, linear(9999, 10))).toHaveProperty('apply')
})

test('sizes that are not known fit', () => {
  const model = sequential(linear(1, n), tanh, linear(13, n))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 1]))).toEqualTypeOf<T<[5, number]>>()
})

test('lists of layers whose length is not known', () => {
  const list = Array.from({ length: 4 }, () => linear(8, 8))
  const model = sequential(...list)
  expectTypeOf<_.Params<typeof model>>().toEqualTypeOf<{ readonly [position: number]: LinearParams<8, 8> }>()
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 8]))).toExtend<T<[5, 8]>>()
})

test('layers side by side take and give lists', () => {
  const both = parallel(linear(1, 2), named('right', linear(3, 4)))
  expectTypeOf<_.Params<typeof both>>().toEqualTypeOf<{
    readonly 0: LinearParams<1, 2>
    readonly right: LinearParams<3, 4>
  }>()
  const [a, b] = both.apply(_.initialize(both)(key))([zeros([5, 1]), zeros([5, 3])])
  expectTypeOf(a).toEqualTypeOf<T<[5, 2]>>()
  expectTypeOf(b).toEqualTypeOf<T<[5, 4]>>()
  // @ts-expect-error the second input has three features
  both.apply(_.initialize(both)(key))([zeros([5, 1]), zeros([5, 4])])
  // @ts-expect-error there are two inputs
  both.apply(_.initialize(both)(key))([zeros([5, 1])])

  // Branches may have leading axes of their own.
  const [c, d] = parallel(linear(2, 3), tanh).apply({ 0: _.initialize(linear(2, 3))(key) })([
    zeros([5, 2]),
    zeros([5, 7])
  ])
  expectTypeOf(c).toEqualTypeOf<T<[5, 3]>>()
  expectTypeOf(d).toEqualTypeOf<T<[5, 7]>>()

  const model = sequential(both, parallel(tanh, tanh), parallel(linear(2, 7), linear(4, 9)))
  expectTypeOf<_.Input<typeof model>>().toEqualTypeOf<readonly [[1], [3]]>()
  expectTypeOf<_.Output<typeof model>>().toEqualTypeOf<readonly [[7], [9]]>()
  const lifted = sequential(parallel(tanh, tanh), both)
  expectTypeOf<_.Input<typeof lifted>>().toEqualTypeOf<readonly [[1], [3]]>()
  // @ts-expect-error the second branch expects 5 features, not 4
  sequential(both, parallel(linear(2, 7), linear(5, 9)))
  // @ts-expect-error two outputs are not one input
  sequential(both, linear(2, 3))
})

test('a residual layer gives what it takes', () => {
  const model = residual(sequential(linear(3, 5), tanh, linear(5, 3)))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([9, 3]))).toEqualTypeOf<T<[9, 3]>>()
  // @ts-expect-error [3] is not [4]
  residual(linear(3, 4))
})

test('layers with buffers are applied to them too', () => {
  const model = sequential(linear(3, 4), _.runningMean(4), tanh)
  const params = _.initialize(model)(key)
  expectTypeOf<_.Buffers<typeof model>>().toEqualTypeOf<{ readonly 1: { readonly mean: T<[4]> } }>()
  expectTypeOf(model.buffers).toEqualTypeOf<_.Buffers<typeof model>>()
  expectTypeOf(model.apply(params, model.buffers)(zeros([5, 3]))).toEqualTypeOf<T<[5, 4]>>()
  expectTypeOf(model.forward(params, 'training')(zeros([5, 3]))).toEqualTypeOf<
    State<_.Memory<_.Buffers<typeof model>>, T<[5, 4]>>
  >()
  // @ts-expect-error the buffers are missing
  model.apply(params)
})

test('code may be generic in layers', () => {
  const run = <P, I extends Shape, O extends Shape>(model: _.Layer<P, I, O>, x: T<[number, ...I]>) => {
    const params = _.initialize(model)(key)
    const prediction: T = model.apply(params)(x)
    return { params, prediction }
  }
  expectTypeOf(run(positional, zeros([5, 1])).params).toEqualTypeOf<_.Params<typeof positional>>()
  const erased = <P>(model: _.Layer<P, Shape, Shape>, x: T) => pipe(x, model.apply(_.initialize(model)(key)))
  expectTypeOf(erased(positional, zeros([5, 1]))).toExtend<T>()
})

test('gradients are records like the parameters', () => {
  const loss = (params: _.Params<typeof byName>, x: T<[5, 1]>) => pipe(x, byName.apply(params), Tensor.mean())
  expectTypeOf(grad(loss)(_.initialize(byName)(key), zeros([5, 1]))).toEqualTypeOf<_.Params<typeof byName>>()
})

test('predict has the signature of the layer, with several inputs too', () => {
  const both = _.parallel(_.named('a', _.linear(2, 3)), _.tanh)
  const snapshot = { params: _.initialize(both)(0 as never as Key), buffers: both.buffers }
  const [a, b] = _.predict(both)(snapshot)([Tensor.ones([5, 2]), Tensor.ones([5, 7])])
  expectTypeOf(a).toEqualTypeOf<Tensor.Tensor<[5, 3]>>()
  expectTypeOf(b).toEqualTypeOf<Tensor.Tensor<[5, 7]>>()
  // @ts-expect-error: the first branch takes 2 features
  _.predict(both)(snapshot)([Tensor.ones([5, 4]), Tensor.ones([5, 7])])
})
