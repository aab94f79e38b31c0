/** Combinators, sharing and arrows when compiling: what they take, give and hold, and what does not compile. */
import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf, test } from 'vitest'
import * as Initializer from '../../src/Initializer.js'
import * as _ from '../../src/Layer.js'
import type { Key } from '../../src/random/key.js'
import type { Shape } from '../../src/structure/shape-types.js'
import * as Tensor from '../../src/Tensor.js'

type T<S extends Shape = Shape> = Tensor.Tensor<S>
type LinearParams<I extends number, O extends number> = { readonly weight: T<[O, I]>; readonly bias: T<[O]> }
const { linear, named, sequential, parallel, tanh, relu } = _
const { zeros } = Tensor
declare const key: Key
declare const n: number

test('one input to several layers', () => {
  const both = _.branch(linear(2, 3), tanh, named('gate', linear(2, 1)))
  expectTypeOf<_.Params<typeof both>>().toEqualTypeOf<{
    readonly 0: LinearParams<2, 3>
    readonly gate: LinearParams<2, 1>
  }>()
  const [a, b, c] = both.apply(_.initialize(both)(key))(zeros([5, 2]))
  expectTypeOf(a).toEqualTypeOf<T<[5, 3]>>()
  expectTypeOf(b).toEqualTypeOf<T<[5, 2]>>()
  expectTypeOf(c).toEqualTypeOf<T<[5, 1]>>()
  // @ts-expect-error inputs have two features
  both.apply(_.initialize(both)(key))(zeros([5, 3]))
  // @ts-expect-error the second takes 3 features, and the first 2
  _.branch(linear(2, 3), linear(3, 4))
  // @ts-expect-error used twice
  _.branch(named('a', tanh), named('a', relu))
  // @ts-expect-error there is no layer
  _.branch()
  const fitting = sequential(linear(1, 2), both, parallel(linear(3, 4), tanh, linear(1, 9)))
  expectTypeOf<_.Input<typeof fitting>>().toEqualTypeOf<[1]>()
  expectTypeOf<_.Output<typeof fitting>>().toEqualTypeOf<readonly [[4], [2], [9]]>()
  // @ts-expect-error the gate gives one feature
  sequential(both, parallel(tanh, tanh, linear(2, 9)))
  expectTypeOf(_.branch(linear(2, n), linear(n, 3))).toHaveProperty('apply')
  expectTypeOf(_.branch(...[linear(2, 3), linear(2, 3)])).toHaveProperty('apply')
})

test('outputs joined', () => {
  const model = _.concat(linear(2, 3), tanh, linear(2, 4))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 2]))).toEqualTypeOf<T<[5, 9]>>()
  const rows = _.concatAlong(-2)(_.lift([2])(linear(3, 4)), _.lift([5])(linear(3, 4)) as never)
  expectTypeOf(rows).toHaveProperty('apply')
  const grids = _.concatAlong(-2)(_.lift([2])(linear(3, 4)), _.lift([2])(linear(3, 4)))
  expectTypeOf(grids.apply(_.initialize(grids)(key))(zeros([7, 2, 3]))).toEqualTypeOf<T<[7, 4, 4]>>()
  // @ts-expect-error 3 rows and 4 do not fit apart from axis -2
  _.concatAlong(-2)(_.lift([2])(linear(3, 3)), _.lift([2])(linear(3, 4)))
  // @ts-expect-error activations have no axis among their features
  _.concat(tanh, relu)
  // @ts-expect-error the axis is counted from the end
  _.concatAlong(0)(linear(2, 3))
  // @ts-expect-error a list of outputs is not one
  _.concat(_.branch(linear(2, 3)), linear(2, 3))
})

test('channels joined, sizes of images as they are', () => {
  const inception = _.concatAlong(-3)(_.conv2d(3, 4, { kernelSize: 3, padding: 1 }), _.conv2d(3, 8, { kernelSize: 1 }))
  const model = sequential(_.unflatten([3, 8, 8]), inception, _.residual(relu), _.flatten(3), linear(768, 10))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 192]))).toEqualTypeOf<T<[5, 10]>>()
  // @ts-expect-error 12 · 8 · 8 is 768
  sequential(_.unflatten([3, 8, 8]), inception, _.flatten(3), linear(767, 10))
})

test('the same layer again', () => {
  const model = _.repeat(3)(linear(4, 4))
  expectTypeOf<_.Params<typeof model>>().toEqualTypeOf<{
    readonly 0: LinearParams<4, 4>
    readonly 1: LinearParams<4, 4>
    readonly 2: LinearParams<4, 4>
  }>()
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 4]))).toEqualTypeOf<T<[5, 4]>>()
  expectTypeOf<_.Params<ReturnType<typeof several>>>().toEqualTypeOf<{ readonly [x: number]: LinearParams<4, 4> }>()
  const bare = _.repeat(2)(tanh)
  expectTypeOf<_.Params<typeof bare>>().toEqualTypeOf<_.Empty>()
  // @ts-expect-error [4] is not [5]
  _.repeat(3)(linear(4, 5))
  const deep = sequential(linear(1, 4), _.repeat(12)(_.residual(linear(4, 4))), linear(4, 1))
  expectTypeOf(deep.apply(_.initialize(deep)(key))(zeros([5, 1]))).toEqualTypeOf<T<[5, 1]>>()
})
const several = () => _.repeat(n)(linear(4, 4))

test('a layer under a condition', () => {
  const model = _.when(x => Tensor.greater(0)(Tensor.mean()(x)), sequential(linear(2, 3), linear(3, 2)))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([5, 2]))).toEqualTypeOf<T<[5, 2]>>()
  const pairs = _.when('training', parallel(tanh, linear(2, 2)))
  expectTypeOf<_.Output<typeof pairs>>().toEqualTypeOf<readonly [[], [2]]>()
  // @ts-expect-error there are two modes
  _.when('test', tanh)
  // @ts-expect-error [2] is not [3]
  _.when(true, linear(2, 3))
  // @ts-expect-error a pair the other way round
  _.when(true, parallel(linear(2, 3), linear(3, 2)))
})

test('arrows on pairs', () => {
  const one = _.first(named('left', linear(2, 3)))
  expectTypeOf<_.Params<typeof one>>().toEqualTypeOf<{ readonly left: LinearParams<2, 3> }>()
  const [a, b] = one.apply(_.initialize(one)(key))([zeros([5, 2]), zeros([5, 7])])
  expectTypeOf(a).toEqualTypeOf<T<[5, 3]>>()
  expectTypeOf(b).toEqualTypeOf<T<[5, 7]>>()
  const chain = sequential(_.fanout(linear(2, 3), tanh), _.second(linear(2, 4)), _.split(tanh, linear(4, 1)))
  expectTypeOf<_.Output<typeof chain>>().toEqualTypeOf<readonly [[3], [1]]>()
  // @ts-expect-error used twice
  _.split(named('a', tanh), named('a', relu))
  // @ts-expect-error three are not two
  _.split(tanh, tanh, tanh)
})

test('the category of layers', () => {
  const { compose, id } = _.Category
  const f = compose(linear(13, 1), compose(_.lift([13])(tanh), linear(1, 13)))
  expectTypeOf(f).toEqualTypeOf<_.Arrow<[1], [1]>>()
  expectTypeOf(compose(id<[1]>(), f)).toEqualTypeOf<_.Arrow<[1], [1]>>()
  expectTypeOf(_.Category.URI).toEqualTypeOf<'cotangent/Layer'>()
  // @ts-expect-error 12 is not 13
  compose(linear(12, 1), linear(1, 13))
  const arrows: readonly _.Arrow<[2], [2]>[] = [linear(2, 2), _.repeat(2)(linear(2, 2)), _.runningMean(2)]
  expectTypeOf(arrows).toHaveProperty('length')
  // @ts-expect-error [3] is not [2]
  const wrong: _.Arrow<[2], [2]> = linear(2, 3)
  expectTypeOf(wrong).toHaveProperty('forward')
  expectTypeOf(_.arrow(linear(2, 3))).toEqualTypeOf<_.Arrow<[2], [3]>>()
})

const autoencoder = sequential(named('encoder', linear(8, 3)), tanh, named('decoder', linear(3, 8)))

test('a tie takes a parameter out of the record', () => {
  const tied = pipe(autoencoder, _.tie({ from: 'encoder.weight', to: 'decoder.weight', by: Tensor.transpose }))
  expectTypeOf<_.Params<typeof tied>>().toEqualTypeOf<{
    readonly encoder: LinearParams<8, 3>
    readonly decoder: { readonly bias: T<[8]> }
  }>()
  expectTypeOf(tied.apply(_.initialize(tied)(key))(zeros([5, 8]))).toEqualTypeOf<T<[5, 8]>>()
  // A record that is left empty is left out, and so are all parameters below a path.
  const bare = sequential(linear(2, 2), tanh, linear(2, 2))
  const all = _.tie({ from: '0', to: '2' })(bare)
  expectTypeOf<_.Params<typeof all>>().toEqualTypeOf<{ readonly 0: LinearParams<2, 2> }>()
  const twice = _.tie({ from: '0.weight', to: '2.weight' }, { from: '0.bias', to: '2.bias' })(bare)
  expectTypeOf<_.Params<typeof twice>>().toEqualTypeOf<{ readonly 0: LinearParams<2, 2> }>()
  const inside = _.tie({ from: '0.0.weight', to: '1.weight' })(
    sequential(_.residual(sequential(linear(2, 2))), linear(2, 2))
  )
  expectTypeOf<_.Params<typeof inside>>().toEqualTypeOf<{
    readonly 0: { readonly 0: LinearParams<2, 2> }
    readonly 1: { readonly bias: T<[2]> }
  }>()
  // @ts-expect-error [8, 3] is not [3, 8]
  _.tie({ from: 'encoder.weight', to: 'decoder.weight' })(autoencoder)
  // @ts-expect-error there is no such parameter
  _.tie({ from: 'encoder.wieght', to: 'decoder.weight' })(autoencoder)
  // @ts-expect-error it is tied already
  _.tie({ from: '0.weight', to: '2.weight' }, { from: '2.weight', to: '0.bias' })(bare)
  // Paths that are not known when compiling are checked at run time.
  const dynamic = _.tie({ from: String(n), to: String(n) })(bare)
  expectTypeOf(_.initialize(dynamic)(key)[0]?.weight).toEqualTypeOf<T<[2, 2]> | undefined>()
})

test('a frozen layer has the types of the layer', () => {
  for (const frozen of [
    pipe(autoencoder, _.freeze('encoder')),
    pipe(autoencoder, _.freeze(['encoder.weight', 'decoder'])),
    pipe(
      autoencoder,
      _.freeze(path => path.endsWith('bias'))
    )
  ]) {
    expectTypeOf(_.initialize(frozen)(key)).toEqualTypeOf<_.Params<typeof autoencoder>>()
    expectTypeOf(frozen.apply(_.initialize(frozen)(key))(zeros([5, 8]))).toEqualTypeOf<T<[5, 8]>>()
  }
  // @ts-expect-error there is no such parameter
  _.freeze('encodr')(autoencoder)
  // @ts-expect-error nor this
  _.freeze(['encoder', 'decoder.weights'])(autoencoder)
  // Its name stays.
  const model = sequential(_.freeze('weight')(named('a', linear(1, 2))))
  expectTypeOf<_.Params<typeof model>>().toEqualTypeOf<{ readonly a: LinearParams<1, 2> }>()
})

test('mapped and otherwise drawn layers have the types of the layer', () => {
  const mapped = pipe(
    autoencoder,
    _.mapParameters((path, parameter) => (path === 'x' ? Tensor.neg(parameter) : parameter)),
    _.initializedWith((_path, shape) => (shape.length > 1 ? Initializer.orthogonal() : Initializer.zeros))
  )
  expectTypeOf(_.initialize(mapped)(key)).toEqualTypeOf<_.Params<typeof autoencoder>>()
  // One's own initializer is any function of a shape and a dtype.
  const own: Initializer.Initializer =
    (shape, { dtype }) =>
    from => [zeros(shape, { dtype }), from]
  expectTypeOf(_.initializedWith(() => own)(tanh).apply({})(zeros([5]))).toEqualTypeOf<T<[5]>>()
  // @ts-expect-error a tensor is no initializer
  _.initializedWith(() => zeros([2]))
})

test('initializers draw tensors of the shape', () => {
  expectTypeOf(Initializer.xavierUniform()([3, 2])(key)).toEqualTypeOf<[T<[3, 2]>, Key]>()
  expectTypeOf(Initializer.zeros([3])(key)[0]).toEqualTypeOf<T<[3]>>()
  // @ts-expect-error floating dtypes only
  Initializer.zeros([3], { dtype: 'int32' })
  // @ts-expect-error there are two modes
  Initializer.kaimingNormal({ mode: 'fan_in' })
  // @ts-expect-error no nonlinearity
  Initializer.gain('softplus')
})
