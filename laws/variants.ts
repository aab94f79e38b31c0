/** Primitives on samples of their domains, as cases for the laws of functions: in float64, or with other numbers in their place. */
import fc from 'fast-check'
import { allocate, type Dtype, isFloat } from '../src/structure/dtype.js'
import type { Shape } from '../src/structure/shape.js'
import { apply, type Constant, constant, type FirstOrder, type Many } from '../src/tensor/tensor.js'
import { elementsOf, special, unit } from './arbitrary.js'
import type { Case } from './case.js'
import { type Domain, domains } from './domains.js'
import { type PrimitiveName, primitive } from './primitives.js'

/** A primitive, right or wrong, on samples of a domain. */
export const casesOf = <A>(primitive: FirstOrder<Many, A>, domain: Domain<A>): fc.Arbitrary<Case> =>
  domain.map(({ inputs, attributes }) => ({
    inputs,
    f: xs => apply(primitive, xs, attributes),
    about: attributes === undefined ? primitive.name : `${primitive.name} ${JSON.stringify(attributes)}`
  }))
/** A primitive of the table on its domain. */
export const casesFor = (name: PrimitiveName, of: Domain<unknown> = domains[name]): fc.Arbitrary<Case> =>
  casesOf(primitive(name), of)

const converted =
  (dtype: Dtype, f: (x: number) => number) =>
  (x: Constant): Constant => {
    if (!isFloat(x)) return x
    const data = allocate(dtype, x.data.length)
    for (let i = 0; i < data.length; i++) data[i] = f(x.data[i]!)
    return constant(x.shape, dtype, data)
  }
const mapped =
  (f: (x: Constant) => Constant) =>
  <A>(domain: Domain<A>): Domain<A> =>
    domain.map(({ inputs, attributes }) => ({ inputs: inputs.map(f), attributes }))
const refilled =
  (operand: (s: Shape) => fc.Arbitrary<Constant>) =>
  <A>(domain: Domain<A>): Domain<A> =>
    domain.chain(({ inputs, attributes }) =>
      fc
        .tuple(...inputs.map(x => (isFloat(x) ? operand(x.shape) : fc.constant(x))))
        .map(chosen => ({ inputs: chosen, attributes }))
    )

/** The same samples, rounded to float32. */
export const inFloat32 = mapped(converted('float32', x => x))
/** The same samples, as whole numbers. */
export const inInt32 = mapped(converted('int32', x => Math.round(4 * x)))
/** Small whole numbers: zeros, ties, kinks, ends of domains. */
export const onWholes = refilled(elementsOf(fc.integer({ min: -1, max: 2 })))
/** −0, NaN, ±∞ and the like, and the constants that simplification looks for. */
export const onSpecials = refilled(s => fc.oneof(special(s), unit(s)))

/** Primitives that are defined on int32; the words built on the others make floats of integers first. */
export const integral: readonly PrimitiveName[] = [
  'add',
  'sub',
  'neg',
  'mul',
  'abs',
  'maximum',
  'minimum',
  'amax',
  'amin',
  'argmax',
  'argmin',
  'less',
  'lessEqual',
  'equal',
  'where',
  'sign',
  'floor',
  'ceil',
  'round',
  'cast',
  'stopGradient',
  'reshape',
  'permute',
  'broadcast',
  'sum',
  'slice',
  'pad',
  'concat',
  'reverse',
  'windows',
  'overlapAdd',
  'take',
  'scatterAdd',
  'cumsum',
  'argsort',
  'matmul'
]
