/** The elementary functions of one variable, and powers: value and slope side by side. */
import * as loop from '../kernel/elementwise.js'
import {
  erfc as erfcScalar,
  erfinv as erfinvScalar,
  erf as erfScalar,
  sigmoid as sigmoidScalar
} from '../kernel/special.js'
import { floating } from '../structure/dtype.js'
import { apply, isUniform, type One, type Smooth, type Tensor, type Two, zeros } from '../tensor/tensor.js'
import { add, div, mul, neg, reciprocal, scale, square, sub } from './arithmetic.js'
import { cast, type Operand, operands } from './conversion.js'
import { together } from './movement.js'
import { map, pairType, sameType, zip } from './pointwise.js'
import { bitAnd, equal, lessEqual, sign, where } from './selection.js'

/** `y = f(x)`: `dy = dx · slope(x, y)`. */
export const elementary = (
  name: string,
  evaluate: loop.UnaryLoop,
  slope: (x: Tensor, y: Tensor) => Tensor
): Smooth<One> => {
  const primitive: Smooth<One> = {
    kind: 'smooth',
    name,
    type: sameType,
    evaluate: map(evaluate),
    jvp: ([dx], [x], y) => scale(dx ?? zeros(x), slope(x, y)),
    batch: ([x]) => apply(primitive, [x], undefined)
  }
  return primitive
}
export const from = (f: (x: number) => number): loop.UnaryLoop => loop.unary(f)
/** Of integers, float32. */
export const of =
  (primitive: Smooth<One>) =>
  (x: Tensor): Tensor =>
    apply(primitive, [cast(floating(x.dtype))(x)], undefined)

export const absPrimitive = elementary('abs', from(Math.abs), x => sign(x))
export const expPrimitive = elementary('exp', loop.exp, (_, y) => y)
export const expm1Primitive = elementary('expm1', from(Math.expm1), x => exp(x))
export const logPrimitive = elementary('log', from(Math.log), x => reciprocal(x))
export const log1pPrimitive = elementary('log1p', from(Math.log1p), x => reciprocal(add(x, 1)))
export const sqrtPrimitive = elementary('sqrt', from(Math.sqrt), (_, y) => div(0.5, y))
export const sinPrimitive = elementary('sin', from(Math.sin), x => cos(x))
export const cosPrimitive = elementary('cos', from(Math.cos), x => neg(sin(x)))
export const tanPrimitive = elementary('tan', from(Math.tan), (_, y) => add(square(y), 1))
export const asinPrimitive = elementary('asin', from(Math.asin), x => reciprocal(sqrt(oneMinusSquare(x))))
export const acosPrimitive = elementary('acos', from(Math.acos), x => neg(reciprocal(sqrt(oneMinusSquare(x)))))
export const atanPrimitive = elementary('atan', from(Math.atan), x => reciprocal(add(square(x), 1)))
export const sinhPrimitive = elementary('sinh', from(Math.sinh), x => cosh(x))
export const coshPrimitive = elementary('cosh', from(Math.cosh), x => sinh(x))
export const tanhPrimitive = elementary('tanh', loop.tanh, (_, y) => oneMinusSquare(y))
export const asinhPrimitive = elementary('asinh', from(Math.asinh), x => reciprocal(sqrt(add(square(x), 1))))
export const acoshPrimitive = elementary('acosh', from(Math.acosh), x => reciprocal(sqrt(mul(sub(x, 1), add(x, 1)))))
export const atanhPrimitive = elementary('atanh', from(Math.atanh), x => reciprocal(oneMinusSquare(x)))
/** `1 / (1 + e⁻ˣ)`; the slope is y (1 − y), in which y near 1 loses nothing that matters: 1 − y is then the error of y itself. */
export const sigmoidPrimitive = elementary('sigmoid', from(sigmoidScalar), x => mul(sigmoid(x), sigmoid(neg(x))))
const twoOverRootPi = 2 / Math.sqrt(Math.PI)
export const erfPrimitive = elementary('erf', from(erfScalar), x => mul(exp(neg(square(x))), twoOverRootPi))
export const erfcPrimitive = elementary('erfc', from(erfcScalar), x => mul(exp(neg(square(x))), -twoOverRootPi))
export const erfinvPrimitive = elementary('erfinv', from(erfinvScalar), (_, y) =>
  mul(exp(square(y)), 1 / twoOverRootPi)
)

export const exp = of(expPrimitive)
export const expm1 = of(expm1Primitive)
export const log = of(logPrimitive)
export const log1p = of(log1pPrimitive)
export const sqrt = of(sqrtPrimitive)
export const sin: (x: Tensor) => Tensor = of(sinPrimitive)
export const cos: (x: Tensor) => Tensor = of(cosPrimitive)
export const tan = of(tanPrimitive)
export const asin = of(asinPrimitive)
export const acos = of(acosPrimitive)
export const atan = of(atanPrimitive)
export const sinh: (x: Tensor) => Tensor = of(sinhPrimitive)
export const cosh: (x: Tensor) => Tensor = of(coshPrimitive)
export const tanh = of(tanhPrimitive)
export const asinh = of(asinhPrimitive)
export const acosh = of(acoshPrimitive)
export const atanh = of(atanhPrimitive)
export const sigmoid: (x: Tensor) => Tensor = of(sigmoidPrimitive)
export const erf = of(erfPrimitive)
export const erfc = of(erfcPrimitive)
export const erfinv = of(erfinvPrimitive)
/** Of integers an integer. */
export const abs = (x: Tensor): Tensor =>
  apply(absPrimitive, [cast(x.dtype === 'bool' ? 'int32' : x.dtype)(x)], undefined)

const oneMinusSquare = (x: Tensor): Tensor => mul(sub(1, x), add(x, 1))

/**
 * `z = xʸ`: `dz = dx · y xʸ⁻¹ + dy · z log x`, with PyTorch's conventions that 0⁰ is 1,
 * that the first slope is 0 where y = 0, and the second 0 where x = 0 and y ≥ 0.
 */
export const powPrimitive: Smooth<Two> = {
  kind: 'smooth',
  name: 'pow',
  type: pairType('pow'),
  evaluate: zip(loop.binary((x, y) => (y === 2 ? x * x : x ** y))),
  simplify: ([x, y]) => (isUniform(y, 1) ? x : isUniform(y, 2) ? square(x) : undefined),
  jvp: ([dx, dy], [x, y], z) => {
    // Where y = 0 the power may be infinite; a choice of 0 there would hide the slope that this slope has in y.
    const along = dx && scale(dx, scale(y, pow(x, sub(y, 1))))
    if (dy === undefined) return along ?? zeros(z)
    const flat = bitAnd(equal(x, 0), lessEqual(0, y))
    // The logarithm is taken of 1 where it is not used, so that its own derivative stays finite there.
    const across = scale(dy, where(flat, 0, mul(z, log(where(flat, 1, x)))))
    return along === undefined ? across : add(along, across)
  },
  batch: together(inputs => apply(powPrimitive, inputs, undefined))
}
/** Of integers, float32: an integer to a negative power is none. */
export const pow = (a: Operand, b: Operand): Tensor => apply(powPrimitive, operands('pow', a, b, floating), undefined)
export const rsqrt = (x: Tensor): Tensor => reciprocal(sqrt(x))
