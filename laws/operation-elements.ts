/** Operations that work element by element, activations among them, as cases for the laws: inside their domains and away from kinks. */
import fc from 'fast-check'
import { slice } from '../src/primitive/window.js'
import { range, type Shape } from '../src/structure/shape.js'
import * as Library from '../src/Tensor.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { bools, elementsOf, real, special } from './arbitrary.js'
import type { Case } from './case.js'
import { type Domain, domainsOver } from './domains.js'
import {
  any,
  awayFrom,
  axisOf,
  cases,
  few,
  lines,
  type OfOne,
  type Operand,
  ofOne,
  ofShapes,
  plain
} from './operation-case.js'
import type { PrimitiveName } from './primitives.js'

type OfTwo = (b: Tensor) => (a: Tensor) => Tensor

const domains = domainsOver(few)
const domain = (name: PrimitiveName): Domain<unknown> => domains[name]
/** On the domain of a primitive, whose attributes it has as well. */
const on = (name: PrimitiveName, f: (attributes: unknown) => OfOne): fc.Arbitrary<Case> =>
  domain(name).map(({ inputs, attributes }) => ({
    inputs,
    f: ([x]) => f(attributes)(x!),
    about: `${JSON.stringify(attributes)}`
  }))
const unary = (name: PrimitiveName, f: OfOne): fc.Arbitrary<Case> => on(name, () => f)
/** On operands of one shape. */
const binary = (name: PrimitiveName, f: OfTwo): fc.Arbitrary<Case> =>
  domain(name).map(({ inputs }) => ({ inputs, f: ([a, b]) => f(b!)(a!) }))
/** The first of the elements along some axes. */
const firstAlong = (x: Tensor, axes: readonly number[]): Tensor =>
  slice({
    start: x.shape.map(() => 0),
    step: x.shape.map(() => 1),
    shape: x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
  })(x)
/** Also on operands of which either is repeated along some axes. */
const broadcasting = (name: PrimitiveName, f: OfTwo): fc.Arbitrary<Case> =>
  binary(name, f).chain(({ inputs: [a, b], ...rest }) => {
    const axes = fc.subarray([...range(a!.shape.length)])
    return fc.tuple(axes, axes).map(([along, across]) => ({
      ...rest,
      inputs: [firstAlong(a!, along), firstAlong(b!, across)]
    }))
  })

const activation = (f: OfOne, ...kinks: readonly number[]): fc.Arbitrary<Case> => plain(any, awayFrom(...kinks), f)
const alpha = fc.constantFrom(0.5, 1, 1.75)
const lambda = fc.constantFrom(0, 0.5, 1.25)
/** An activation with one setting, by which its kinks are told. */
const withSetting = (
  setting: fc.Arbitrary<number>,
  kinks: (setting: number) => readonly number[],
  f: (setting: number) => OfOne
): fc.Arbitrary<Case> => setting.chain(chosen => activation(f(chosen), ...kinks(chosen)))
/** Along an axis, the last unless told. */
const along = (f: (options: { readonly axis?: number }) => OfOne): fc.Arbitrary<Case> =>
  ofOne(
    lines,
    real,
    s => fc.option(axisOf(s), { nil: undefined }),
    axis => f(axis === undefined ? {} : { axis })
  )

/** Operations whose results are floating numbers. */
export const elementwise = {
  add: broadcasting('add', Library.add),
  sub: broadcasting('sub', Library.sub),
  mul: broadcasting('mul', Library.mul),
  div: broadcasting('div', Library.div),
  pow: broadcasting('pow', Library.pow),
  atan2: broadcasting('atan2', Library.atan2),
  hypot: broadcasting('hypot', Library.hypot),
  maximum: binary('maximum', Library.maximum),
  minimum: binary('minimum', Library.minimum),

  neg: unary('neg', Library.neg),
  abs: unary('abs', Library.abs),
  square: unary('neg', Library.square),
  sqrt: unary('sqrt', Library.sqrt),
  rsqrt: unary('sqrt', Library.rsqrt),
  reciprocal: unary('abs', Library.reciprocal),
  exp: unary('exp', Library.exp),
  expm1: unary('expm1', Library.expm1),
  log: unary('log', Library.log),
  log1p: unary('log1p', Library.log1p),
  sin: unary('sin', Library.sin),
  cos: unary('cos', Library.cos),
  tan: unary('tan', Library.tan),
  asin: unary('asin', Library.asin),
  acos: unary('acos', Library.acos),
  atan: unary('atan', Library.atan),
  sinh: unary('sinh', Library.sinh),
  cosh: unary('cosh', Library.cosh),
  asinh: unary('asinh', Library.asinh),
  acosh: unary('acosh', Library.acosh),
  atanh: unary('atanh', Library.atanh),
  erf: unary('erf', Library.erf),
  erfc: unary('erfc', Library.erfc),
  erfinv: unary('erfinv', Library.erfinv),
  lgamma: unary('lgamma', Library.lgamma),
  digamma: unary('digamma', Library.digamma),
  polygamma: on('polygamma', order => Library.polygamma({ order: order as number })),

  sign: unary('sign', Library.sign),
  floor: unary('floor', Library.floor),
  ceil: unary('ceil', Library.ceil),
  round: unary('round', Library.round),
  clamp: fc.oneof(
    fc
      .constantFrom<Library.Bounds>({ min: -1 }, { max: 2 }, { min: -1, max: 2 })
      .chain(bounds => activation(Library.clamp(bounds), -1, 2)),
    cases(
      any,
      s =>
        fc.tuple(
          awayFrom(-1, 2)(s),
          real([]).map(x => Library.add(-4)(x)),
          real([]).map(x => Library.add(4)(x))
        ),
      () => fc.constant('bounds that are tensors'),
      () =>
        ([x, min, max]) =>
          Library.mul(min!)(Library.clamp({ min: min as Tensor<[]>, max: max as Tensor<[]> })(Library.mul(0.2)(x!)))
    )
  ),
  where: cases(
    any,
    s => fc.tuple(bools(s), real(s), real(s)),
    () => fc.constant('no settings'),
    () =>
      ([condition, x, y]) =>
        Library.where(x!, y!)(condition!)
  ),
  cast: domains.cast
    .filter(({ attributes }) => attributes.startsWith('float'))
    .map(({ inputs, attributes }) => ({ inputs, f: ([x]) => Library.cast(attributes)(x!), about: attributes })),
  zerosLike: plain(any, real, x => Library.zerosLike(x)),
  onesLike: plain(any, real, x => Library.onesLike(x)),
  fullLike: ofOne(any, real, () => fc.constantFrom(-1.5, 0, 3), Library.fullLike),

  tanh: activation(Library.tanh),
  sigmoid: activation(Library.sigmoid),
  logSigmoid: activation(Library.logSigmoid),
  silu: activation(Library.silu),
  mish: activation(Library.mish),
  tanhshrink: activation(Library.tanhshrink),
  gelu: fc
    .constantFrom('none' as const, 'tanh' as const)
    .chain(approximate => activation(Library.gelu({ approximate }))),
  softplus: fc
    .tuple(fc.constantFrom(0.5, 1, 4), fc.constantFrom(2, 20))
    .chain(([beta, threshold]) => activation(Library.softplus({ beta, threshold }), threshold / beta)),
  softsign: activation(Library.softsign, 0),
  relu: activation(Library.relu, 0),
  leakyRelu: withSetting(
    fc.constantFrom(0, 0.01, 0.3),
    () => [0],
    negativeSlope => Library.leakyRelu({ negativeSlope })
  ),
  elu: withSetting(
    alpha,
    () => [0],
    alpha => Library.elu({ alpha })
  ),
  selu: activation(Library.selu, 0),
  celu: withSetting(
    alpha,
    () => [0],
    alpha => Library.celu({ alpha })
  ),
  prelu: cases(
    any,
    s => fc.tuple(real(s.slice(-1)), awayFrom(0)(s)),
    () => fc.constant('no settings'),
    () =>
      ([weight, x]) =>
        Library.prelu(weight!)(x!)
  ),
  relu6: activation(Library.relu6, 0, 6),
  hardtanh: fc
    .tuple(fc.constantFrom(-1.5, -1, -0.25), fc.constantFrom(0.25, 1, 1.25))
    .chain(([min, max]) => activation(Library.hardtanh({ min, max }), min, max)),
  hardsigmoid: activation(Library.hardsigmoid, -3, 3),
  hardswish: activation(Library.hardswish, -3, 3),
  softshrink: withSetting(
    lambda,
    lambda => [-lambda, lambda],
    lambda => Library.softshrink({ lambda })
  ),
  hardshrink: withSetting(
    lambda,
    lambda => [-lambda, lambda],
    lambda => Library.hardshrink({ lambda })
  ),
  threshold: withSetting(
    fc.constantFrom(-0.5, 0.25),
    threshold => [threshold],
    threshold => Library.threshold({ threshold, value: -2 })
  ),
  softmax: along(Library.softmax),
  logSoftmax: along(Library.logSoftmax),
  softmin: along(Library.softmin),
  glu: ofOne(
    lines.map(s => s.map((extent, axis) => (axis === s.length - 1 ? 2 * extent : extent))),
    real,
    () => fc.constantFrom({}, { axis: -1 }),
    Library.glu
  )
} satisfies { readonly [Name in keyof typeof Library]?: fc.Arbitrary<Case> }

/** NaN, infinities and zeros of both signs among them. */
const anyNumbers: Operand = s => fc.oneof(real(s), special(s))
const comparing = (f: OfTwo): fc.Arbitrary<Case> => broadcasting('add', f)
const ofBits = (f: OfTwo): fc.Arbitrary<Case> => binary('bitAnd', f)
const wholes: Operand = elementsOf(fc.integer({ min: -1, max: 3 }), 'int32')
/** Of truth values, or of numbers that stand for them. */
const truths: Operand = s => fc.oneof(bools(s), wholes(s))
const ofTruths = (f: OfTwo): fc.Arbitrary<Case> =>
  ofShapes(
    any.map((s): readonly Shape[] => [s, s]),
    bools,
    (a, b) => f(b!)(a!)
  )

/** Operations whose results are truth values or whole numbers: they have no derivative. */
export const discreteElementwise = {
  less: comparing(Library.less),
  lessEqual: comparing(Library.lessEqual),
  greater: comparing(Library.greater),
  greaterEqual: comparing(Library.greaterEqual),
  equal: comparing(Library.equal),
  notEqual: comparing(Library.notEqual),
  isFinite: plain(any, anyNumbers, Library.isFinite),
  isNaN: plain(any, anyNumbers, Library.isNaN),
  logicalAnd: ofTruths(Library.logicalAnd),
  logicalOr: ofTruths(Library.logicalOr),
  logicalXor: ofTruths(Library.logicalXor),
  logicalNot: plain(any, truths, Library.logicalNot),
  bitAnd: ofBits(Library.bitAnd),
  bitOr: ofBits(Library.bitOr),
  bitXor: ofBits(Library.bitXor),
  shiftLeft: binary('shiftLeft', Library.shiftLeft),
  shiftRight: binary('shiftRight', Library.shiftRight),
  oneHot: ofOne(any, wholes, () => fc.constantFrom(1, 3), Library.oneHot)
} satisfies { readonly [Name in keyof typeof Library]?: fc.Arbitrary<Case> }
