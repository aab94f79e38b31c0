/** Shapes of tensors when compiling: what operations give, and that what does not fit does not compile. */
import { pipe } from 'fp-ts/lib/function.js'
import { expectTypeOf, test } from 'vitest'
import type {
  Add,
  ConvolutionSize,
  Divide,
  DivideExactly,
  Multiply,
  Product,
  Subtract
} from '../../src/structure/digits.js'
import type { Shape } from '../../src/structure/shape-types.js'
import * as _ from '../../src/Tensor.js'
import { grad, hessian, jacfwd, jvp, valueAndGrad, vjp, vmap } from '../../src/Transform.js'

type Tensor<S extends Shape = Shape> = _.Tensor<S>
const { zeros } = _

declare const n: number
declare const unknownRows: Tensor<[number, 3]>
declare const unknownRank: Tensor

test('literal sizes are added, subtracted, multiplied and divided', () => {
  expectTypeOf<Add<999, 1>>().toEqualTypeOf<1000>()
  expectTypeOf<Add<1, 999>>().toEqualTypeOf<1000>()
  expectTypeOf<Add<0, 7>>().toEqualTypeOf<7>()
  expectTypeOf<Add<128, 4096>>().toEqualTypeOf<4224>()
  expectTypeOf<Subtract<1000, 1>>().toEqualTypeOf<999>()
  expectTypeOf<Subtract<105, 12>>().toEqualTypeOf<93>()
  expectTypeOf<Subtract<1000, 1000>>().toEqualTypeOf<0>()
  expectTypeOf<Multiply<28, 28>>().toEqualTypeOf<784>()
  expectTypeOf<Multiply<999, 999>>().toEqualTypeOf<998001>()
  expectTypeOf<Multiply<12, 3>>().toEqualTypeOf<36>()
  expectTypeOf<Multiply<0, 28>>().toEqualTypeOf<0>()
  expectTypeOf<Divide<785, 28>>().toEqualTypeOf<28>()
  expectTypeOf<Divide<783, 28>>().toEqualTypeOf<27>()
  expectTypeOf<Divide<3, 4>>().toEqualTypeOf<0>()
  expectTypeOf<DivideExactly<3920, 784>>().toEqualTypeOf<5>()
  expectTypeOf<DivideExactly<3921, 784>>().toEqualTypeOf<null>()
  expectTypeOf<Product<[64, 3, 224, 224]>>().toEqualTypeOf<9633792>()
  expectTypeOf<Product<[]>>().toEqualTypeOf<1>()
  expectTypeOf<Product<[3, 0, 4]>>().toEqualTypeOf<0>()
})

test('what is not a literal size is a number', () => {
  expectTypeOf<Add<number, 1>>().toEqualTypeOf<number>()
  expectTypeOf<Subtract<1, 2>>().toEqualTypeOf<number>()
  expectTypeOf<Multiply<1.5, 2>>().toEqualTypeOf<number>()
  expectTypeOf<Divide<12, number>>().toEqualTypeOf<number>()
  expectTypeOf<Divide<12, 0>>().toEqualTypeOf<number>()
  expectTypeOf<Product<[5, number]>>().toEqualTypeOf<number>()
  expectTypeOf<Product<Shape>>().toEqualTypeOf<number>()
})

test('sizes of convolutions', () => {
  expectTypeOf<ConvolutionSize<28, 3>>().toEqualTypeOf<26>()
  expectTypeOf<ConvolutionSize<28, 3, 1, 1>>().toEqualTypeOf<28>()
  expectTypeOf<ConvolutionSize<28, 2, 2>>().toEqualTypeOf<14>()
  expectTypeOf<ConvolutionSize<224, 7, 2, 3>>().toEqualTypeOf<112>()
  expectTypeOf<ConvolutionSize<32, 3, 1, 0, 2>>().toEqualTypeOf<28>()
  expectTypeOf<ConvolutionSize<number, 3>>().toEqualTypeOf<number>()
  expectTypeOf<ConvolutionSize<2, 3>>().toEqualTypeOf<number>()
})

test('constructors keep literal sizes', () => {
  expectTypeOf(zeros([5, 3])).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(zeros([])).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(zeros([n, 3])).toEqualTypeOf<Tensor<[number, 3]>>()
  expectTypeOf(
    _.tensor([
      [1, 2, 3],
      [4, 5, 6]
    ])
  ).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(_.scalar(1)).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(_.shape(zeros([5, 3]))).toEqualTypeOf<[5, 3]>()
})

test('unary operations and numbers keep the shape', () => {
  expectTypeOf(pipe(zeros([5, 3]), _.tanh, _.add(1), _.mul(2))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(pipe(2, _.sub(zeros([5, 3])))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(_.add(1)(2)).toEqualTypeOf<Tensor<[]>>()
})

test('operands are broadcast', () => {
  expectTypeOf(pipe(zeros([5, 3]), _.add(zeros([3])))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(_.add(zeros([3]))(zeros([5, 3]))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(pipe(zeros([5, 1]), _.add(zeros([2, 1, 3])))).toEqualTypeOf<Tensor<[2, 5, 3]>>()
  expectTypeOf(pipe(zeros([]), _.add(zeros([3])))).toEqualTypeOf<Tensor<[3]>>()
  expectTypeOf(pipe(zeros([5, 3]), _.less(zeros([3])))).toEqualTypeOf<Tensor<[5, 3]>>()
  // @ts-expect-error sizes 3 and 4 differ
  pipe(zeros([5, 3]), _.add(zeros([4])))
  // @ts-expect-error sizes 3 and 4 differ
  _.add(zeros([4]))(zeros([5, 3]))
  // @ts-expect-error sizes 3 and 2 differ, in the middle of a pipe
  pipe(zeros([5, 3]), _.tanh, _.sub(zeros([5, 2])), _.tanh)
})

test('matrix products', () => {
  expectTypeOf(pipe(zeros([5, 3]), _.matmul(zeros([3, 4])))).toEqualTypeOf<Tensor<[5, 4]>>()
  expectTypeOf(pipe(zeros([2, 5, 3]), _.matmul(zeros([3, 4])))).toEqualTypeOf<Tensor<[2, 5, 4]>>()
  expectTypeOf(pipe(zeros([7, 1, 5, 3]), _.matmul(zeros([2, 3, 4])))).toEqualTypeOf<Tensor<[7, 2, 5, 4]>>()
  expectTypeOf(pipe(zeros([3]), _.matmul(zeros([3, 4])))).toEqualTypeOf<Tensor<[4]>>()
  expectTypeOf(pipe(zeros([5, 3]), _.matmul(zeros([3])))).toEqualTypeOf<Tensor<[5]>>()
  expectTypeOf(pipe(zeros([3]), _.matmul(zeros([3])))).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(pipe(zeros([3]), _.dot(zeros([3])))).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(pipe(zeros([3]), _.outer(zeros([4])))).toEqualTypeOf<Tensor<[3, 4]>>()
  // @ts-expect-error inner dimensions 3 and 4 differ
  pipe(zeros([5, 3]), _.matmul(zeros([4, 2])))
  // @ts-expect-error inner dimensions 3 and 4 differ
  _.matmul(zeros([4, 2]))(zeros([5, 3]))
  // @ts-expect-error inner dimensions 3 and 4 differ
  pipe(zeros([3]), _.matmul(zeros([4])))
  // @ts-expect-error leading axes 2 and 4 differ
  pipe(zeros([2, 5, 3]), _.matmul(zeros([4, 3, 6])))
  // @ts-expect-error a scalar has no axis to sum over
  pipe(zeros([]), _.matmul(zeros([3])))
  // @ts-expect-error sizes 3 and 4 differ
  pipe(zeros([3]), _.dot(zeros([4])))
})

test('reductions', () => {
  const x = zeros([5, 3, 2])
  expectTypeOf(pipe(x, _.sum())).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(pipe(x, _.sum({ axis: 1 }))).toEqualTypeOf<Tensor<[5, 2]>>()
  expectTypeOf(pipe(x, _.mean({ axis: -1 }))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(pipe(x, _.max({ axis: [0, -1] }))).toEqualTypeOf<Tensor<[3]>>()
  expectTypeOf(pipe(x, _.sum({ axis: 1, keepDimensions: true }))).toEqualTypeOf<Tensor<[5, 1, 2]>>()
  expectTypeOf(pipe(x, _.sum({ axis: [0, -1], keepDimensions: true }))).toEqualTypeOf<Tensor<[1, 3, 1]>>()
  expectTypeOf(pipe(x, _.sum({ keepDimensions: true }))).toEqualTypeOf<Tensor<[1, 1, 1]>>()
  expectTypeOf(pipe(x, _.softmax({ axis: -1 }))).toEqualTypeOf<Tensor<[5, 3, 2]>>()
  // @ts-expect-error axis 3 is out of range
  pipe(x, _.sum({ axis: 3 }))
  // @ts-expect-error axis -4 is out of range
  pipe(x, _.sum({ axis: -4 }))
  // @ts-expect-error axis 7 is out of range
  pipe(x, _.sum({ axis: [0, 7] }))
  // @ts-expect-error axis 3 is out of range
  pipe(x, _.softmax({ axis: 3 }))
})

test('reshape, with at most one size left to find', () => {
  const x = zeros([5, 28, 28])
  expectTypeOf(pipe(x, _.reshape([5, 784]))).toEqualTypeOf<Tensor<[5, 784]>>()
  expectTypeOf(pipe(x, _.reshape([-1, 784]))).toEqualTypeOf<Tensor<[5, 784]>>()
  expectTypeOf(pipe(unknownRows, _.reshape([-1, 6]))).toEqualTypeOf<Tensor<[number, 6]>>()
  expectTypeOf(pipe(zeros([1]), _.reshape([]))).toEqualTypeOf<Tensor<[]>>()
  // @ts-expect-error 3920 elements are not 3500
  pipe(x, _.reshape([5, 700]))
  // @ts-expect-error 3920 is not a multiple of 783
  pipe(x, _.reshape([-1, 783]))
})

test('axes moved, added and taken away', () => {
  expectTypeOf(pipe(zeros([7, 5, 3]), _.transpose)).toEqualTypeOf<Tensor<[7, 3, 5]>>()
  expectTypeOf(pipe(zeros([7, 5, 3]), _.swapAxes(0, -1))).toEqualTypeOf<Tensor<[3, 5, 7]>>()
  expectTypeOf(pipe(zeros([7, 5, 3]), _.permute([2, 0, 1]))).toEqualTypeOf<Tensor<[3, 7, 5]>>()
  expectTypeOf(pipe(zeros([5, 1, 3]), _.squeeze(1))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(pipe(zeros([5, 3]), _.unsqueeze(0))).toEqualTypeOf<Tensor<[1, 5, 3]>>()
  expectTypeOf(pipe(zeros([5, 3]), _.unsqueeze(-1))).toEqualTypeOf<Tensor<[5, 3, 1]>>()
  expectTypeOf(pipe(zeros([1, 3]), _.expand([5, -1]))).toEqualTypeOf<Tensor<[5, 3]>>()
  // @ts-expect-error a vector has one axis
  pipe(zeros([7]), _.transpose)
  // @ts-expect-error axis 3 is out of range
  pipe(zeros([7, 5, 3]), _.swapAxes(0, 3))
  // @ts-expect-error axis 0 is named twice
  pipe(zeros([7, 5, 3]), _.permute([0, 0, 1]))
  // @ts-expect-error an axis is missing
  pipe(zeros([7, 5, 3]), _.permute([0, 1]))
  // @ts-expect-error axis 0 has size 5
  pipe(zeros([5, 1, 3]), _.squeeze(0))
  // @ts-expect-error axis 3 is out of range
  pipe(zeros([5, 3]), _.unsqueeze(3))
  // @ts-expect-error 3 is neither 1 nor 4
  pipe(zeros([3]), _.expand([5, 4]))
})

test('tensors put together', () => {
  expectTypeOf(_.concat(0)([zeros([5, 28]), zeros([7, 28]), zeros([1, 28])])).toEqualTypeOf<Tensor<[13, 28]>>()
  expectTypeOf(_.concat(-1)([zeros([5, 28]), zeros([5, 2])])).toEqualTypeOf<Tensor<[5, 30]>>()
  expectTypeOf(_.concat(0)([unknownRows, zeros([2, 3])])).toEqualTypeOf<Tensor<[number, 3]>>()
  expectTypeOf(_.stack(0)([zeros([5]), zeros([5])])).toEqualTypeOf<Tensor<[2, 5]>>()
  expectTypeOf(_.stack(-1)([zeros([5]), zeros([5])])).toEqualTypeOf<Tensor<[5, 2]>>()
  const list: readonly Tensor<[5, 28]>[] = []
  expectTypeOf(_.stack(0)(list)).toEqualTypeOf<Tensor<[number, 5, 28]>>()
  // @ts-expect-error 28 columns are not 27
  _.concat(0)([zeros([5, 28]), zeros([7, 27])])
  // @ts-expect-error axis 2 is out of range
  _.concat(2)([zeros([5, 28]), zeros([5, 28])])
  // @ts-expect-error 5 is not 6
  _.stack(0)([zeros([5]), zeros([6])])
})

test('sizes and ranks that are not known fit everything, in both directions', () => {
  expectTypeOf(pipe(zeros([5, 3]), _.add(zeros([n])))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(pipe(zeros([5, 3]), _.add(unknownRank))).toEqualTypeOf<Tensor>()
  expectTypeOf(pipe(unknownRows, _.matmul(zeros([n, 4])))).toEqualTypeOf<Tensor<[number, 4]>>()
  expectTypeOf(pipe(unknownRank, _.sum({ axis: 0 }))).toEqualTypeOf<Tensor>()
  expectTypeOf(pipe(zeros([5, 3]), _.sum({ axis: n }))).toEqualTypeOf<Tensor>()
  expectTypeOf(unknownRank).toExtend<Tensor<[5, 1]>>()
  expectTypeOf(unknownRows).toExtend<Tensor<[5, 3]>>()
  expectTypeOf(zeros([5, 3])).toExtend<Tensor<[number, 3]>>()
  expectTypeOf(zeros([5, 3])).toExtend<Tensor>()
  expectTypeOf(zeros([5, 3])).not.toExtend<Tensor<[5, 1]>>()
  expectTypeOf(zeros([5, 3])).not.toExtend<Tensor<[5, 3, 1]>>()
  expectTypeOf(unknownRows).not.toExtend<Tensor<[5, 4]>>()
})

test('code may be generic in sizes, and in shapes', () => {
  const shifted = <N extends number>(x: Tensor<[N, 3]>, b: Tensor<[3]>): Tensor<[N, 3]> => pipe(x, _.add(b))
  const mapped = <N extends number>(x: Tensor<[N, 3]>, w: Tensor<[3, 4]>): Tensor<[N, 4]> => pipe(x, _.matmul(w))
  const scaled = <S extends Shape>(x: Tensor<S>): Tensor<S> => pipe(x, _.mul(2), _.tanh, _.add(_.scalar(1)))
  const total = <S extends Shape>(x: Tensor<S>): Tensor<[]> => pipe(x, _.sum())
  expectTypeOf(shifted(zeros([5, 3]), zeros([3]))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(mapped(zeros([5, 3]), zeros([3, 4]))).toEqualTypeOf<Tensor<[5, 4]>>()
  expectTypeOf(scaled(zeros([5, 3]))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(total(zeros([5, 3]))).toEqualTypeOf<Tensor<[]>>()
})

interface LineParams {
  readonly w: Tensor<[]>
  readonly b: Tensor<[]>
}

test('derivatives have the shapes of their arguments', () => {
  const nested = (p: { readonly w: Tensor<[]>; readonly b: readonly [Tensor<[3]>, Tensor<[2, 2]>] }) => p.w
  const line = (p: LineParams, t: Tensor<[7]>) => pipe(t, _.mul(p.w), _.add(p.b), _.sum())
  const point: LineParams = { w: _.scalar(1), b: _.scalar(0) }
  expectTypeOf(grad((w: Tensor<[3]>) => pipe(w, _.sum()))(zeros([3]))).toEqualTypeOf<Tensor<[3]>>()
  expectTypeOf(grad(nested)({ w: zeros([]), b: [zeros([3]), zeros([2, 2])] })).toEqualTypeOf<{
    readonly w: Tensor<[]>
    readonly b: readonly [Tensor<[3]>, Tensor<[2, 2]>]
  }>()
  expectTypeOf(grad(line)(point, zeros([7]))).toEqualTypeOf<LineParams>()
  expectTypeOf(valueAndGrad(line)(point, zeros([7]))[1]).toEqualTypeOf<LineParams>()
  const [value, pull] = vjp((p: LineParams) => pipe(p.w, _.add(p.b)))(point)
  expectTypeOf(pull(value)).toEqualTypeOf<LineParams>()
  // @ts-expect-error the gradient of a vector is not defined
  grad((w: Tensor<[3]>) => pipe(w, _.add(zeros([3]))))
  // @ts-expect-error a number is not a tensor
  grad((w: Tensor<[3]>) => w.shape.length)
})

test('Jacobians, directions and batches', () => {
  const map = (x: Tensor<[3]>) => pipe(x, _.matmul(zeros([3, 4])))
  const jacobian = jacfwd(map)
  expectTypeOf(jacobian(zeros([3]))).toEqualTypeOf<Tensor<[4, 3]>>()
  expectTypeOf(jacfwd(jacobian)(zeros([3]))).toEqualTypeOf<Tensor<[4, 3, 3]>>()
  expectTypeOf(hessian((x: Tensor<[3]>) => pipe(x, _.sum()))(zeros([3]))).toEqualTypeOf<Tensor<[3, 3]>>()
  expectTypeOf(jvp(map)(zeros([3]), zeros([3]))[1]).toEqualTypeOf<Tensor<[4]>>()
  expectTypeOf(vmap(map)(zeros([9, 3]))).toEqualTypeOf<Tensor<[9, 4]>>()
})
