/** Activations when compiling: shapes that stay, shapes that halve, and what does not compile. */
import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf, test } from 'vitest'
import * as Layer from '../../src/Layer.js'
import type { Key } from '../../src/random/key.js'
import * as _ from '../../src/Tensor.js'

type Tensor<S extends _.Shape = _.Shape> = _.Tensor<S>
declare const key: Key
declare const n: number
declare const unknownRank: Tensor
const { zeros } = _

test('element by element, shapes stay', () => {
  expectTypeOf(pipe(zeros([2, 3]), _.gelu({ approximate: 'tanh' }), _.silu, _.mish, _.elu())).toEqualTypeOf<
    Tensor<[2, 3]>
  >()
  expectTypeOf(pipe(unknownRank, _.softshrink({ lambda: 1 }))).toEqualTypeOf<Tensor>()
  expectTypeOf(pipe(zeros([4]), _.softmin())).toEqualTypeOf<Tensor<[4]>>()
  // @ts-expect-error there are two formulas
  _.gelu({ approximate: 'erf' })
  // @ts-expect-error both are needed
  _.threshold({ threshold: 1 })
})

test('special functions: shapes stay, or are broadcast', () => {
  expectTypeOf(pipe(zeros([2, 3]), _.lgamma, _.digamma, _.polygamma({ order: 1 }))).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(pipe(zeros([2, 1]), _.atan2(zeros([3])))).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(pipe(zeros([2, 1]), _.hypot(1))).toEqualTypeOf<Tensor<[2, 1]>>()
  expectTypeOf(pipe(zeros([2, 3]), _.prelu(zeros([3])))).toEqualTypeOf<Tensor<[2, 3]>>()
  // @ts-expect-error 'hypot: shapes [2] and [3] do not broadcast: …'
  _.hypot(zeros([3]))(zeros([2]))
})

test('glu halves an axis', () => {
  expectTypeOf(_.glu()(zeros([2, 6]))).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(_.glu({ axis: 0 })(zeros([2, 6]))).toEqualTypeOf<Tensor<[1, 6]>>()
  expectTypeOf(_.glu()(zeros([2, n]))).toEqualTypeOf<Tensor<[2, number]>>()
  expectTypeOf(_.glu({ axis: n })(zeros([2, 6]))).toEqualTypeOf<Tensor<[number, number]>>()
  expectTypeOf(_.glu()(unknownRank)).toEqualTypeOf<Tensor>()
  // @ts-expect-error 'glu: axis -1 of [2, 5] has size 5, which has no two equal halves'
  _.glu()(zeros([2, 5]))
  // @ts-expect-error 'glu: axis 2 is out of range for rank 2'
  _.glu({ axis: 2 })(zeros([2, 6]))
})

test('layers: activations fit anywhere, and have no parameters', () => {
  const model = Layer.sequential(Layer.linear(3, 4), Layer.gelu(), Layer.linear(4, 2), Layer.logSoftmax())
  expectTypeOf(model.apply(Layer.initialize(model)(key))(zeros([5, 3]))).toEqualTypeOf<Tensor<[5, 2]>>()
  expectTypeOf(Layer.silu).toEqualTypeOf<Layer.Pointwise<'silu'>>()
  expectTypeOf(Layer.elu({ alpha: 2 })).toEqualTypeOf<Layer.Pointwise<'elu'>>()
  // @ts-expect-error axes are counted from the end
  Layer.logSoftmax({ axis: 0 })
})

test('layers: glu knows half of a size', () => {
  const model = Layer.sequential(Layer.linear(3, 8), Layer.glu(), Layer.linear(4, 2))
  expectTypeOf(model.apply(Layer.initialize(model)(key))(zeros([5, 3]))).toEqualTypeOf<Tensor<[5, 2]>>()
  // @ts-expect-error 'layer 2 (linear) expects input [8] but layer 1 (glu) produces [4]'
  Layer.sequential(Layer.linear(3, 8), Layer.glu(), Layer.linear(8, 2))
})

test('layers: the slopes of prelu are a parameter', () => {
  expectTypeOf(Layer.initialize(Layer.prelu())(key)).toEqualTypeOf<{ readonly weight: Tensor<[1]> }>()
  const channels = Layer.prelu({ parameters: 3, spatial: 2 })
  const params = Layer.initialize(channels)(key)
  expectTypeOf(params).toEqualTypeOf<{ readonly weight: Tensor<[3]> }>()
  expectTypeOf(channels.apply(params)(zeros([9, 3, 4, 5]))).toEqualTypeOf<Tensor<[9, 3, number, number]>>()
  const model = Layer.sequential(Layer.linear(2, 3), Layer.prelu({ parameters: 3 }), Layer.prelu(), Layer.linear(3, 1))
  expectTypeOf(model.apply(Layer.initialize(model)(key))(zeros([5, 2]))).toEqualTypeOf<Tensor<[5, 1]>>()
  // @ts-expect-error 'layer 1 (prelu) expects input [4] but layer 0 (linear) produces [3]'
  Layer.sequential(Layer.linear(2, 3), Layer.prelu({ parameters: 4 }))
})
