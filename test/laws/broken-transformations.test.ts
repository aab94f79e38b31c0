/** Transformations that are wrong in a way somebody could have got wrong, and for each a law that sees it, whatever the seed. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { real } from '../../laws/arbitrary.js'
import type { Case, Tensors } from '../../laws/case.js'
import { domains } from '../../laws/domains.js'
import type { Law } from '../../laws/law.js'
import { ofDifferentiable, ofFunctions, type TransformationWords, words } from '../../laws/transformations.js'
import { casesOf, onSpecials } from '../../laws/variants.js'
import { addPrimitive, mul, mulPrimitive, negPrimitive, subPrimitive } from '../../src/primitive/arithmetic.js'
import { matmul, matmulPrimitive } from '../../src/primitive/contraction.js'
import { cast, stopGradient } from '../../src/primitive/conversion.js'
import { powPrimitive, sin, tanh } from '../../src/primitive/elementary.js'
import { broadcast, reshapePrimitive, sum } from '../../src/primitive/movement.js'
import { reverse } from '../../src/primitive/window.js'
import { constant, elements, isConstant, isExpression, isUniform, type Tensor, zeros } from '../../src/tensor/tensor.js'
import { leaves, refill } from '../../src/tensor/tree.js'
import { but, fails } from './verdict.js'

const product = matmul({ left: false, right: false })
const subjects: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([n, m]) => fc.tuple(real([n, m]), real([2, n])))
  .map(inputs => ({ inputs, f: ([w, x]) => tanh(product(sin(x!), w!)) }))

const functions = (wrong: Partial<TransformationWords>) => ofFunctions({ ...words, ...wrong })
const differentiable = (wrong: Partial<TransformationWords>) => ofDifferentiable({ ...words, ...wrong })
/** The same transformation, and then something done to every tensor of its result. */
const then =
  (change: (x: Tensor) => Tensor): TransformationWords['jit'] =>
  f =>
  xs => {
    const result = f(xs)
    return refill(result, leaves(result).map(change)) as typeof result
  }
const vmapThen =
  (change: (x: Tensor) => Tensor): TransformationWords['vmap'] =>
  f =>
  xs => {
    const result = words.vmap(f)(xs)
    return refill(result, leaves(result).map(change)) as typeof result
  }

/** Compiled for the first arguments it meets, whatever it looks at. */
const cached =
  (key: (xs: Tensors) => string): TransformationWords['jit'] =>
  <B>(f: (xs: Tensors) => B) => {
    const results = new Map<string, B>()
    return (xs: Tensors): B => {
      if (!xs.every(isConstant)) return f(xs)
      const known = results.get(key(xs)) ?? f(xs)
      results.set(key(xs), known)
      return known
    }
  }
const inFloat32 = (x: Tensor): Tensor => cast(x.dtype)(cast('float32')(x))
/** One stored element for all that are alike, −0 and 0 among them. */
const condensed = (x: Tensor): Tensor => {
  if (!isConstant(x)) return x
  const [first] = elements(x)
  return elements(x).every(value => value === first)
    ? constant(
        x.shape,
        x.dtype,
        elements(x).map(() => first! + 0)
      )
    : x
}

const broken: readonly (readonly [string, Law<Case>, fc.Arbitrary<Case>])[] = [
  [
    'evaluation that rounds to float32 on the way',
    functions({ evaluate: (roots, values) => words.evaluate(roots, values).map(inFloat32) }).oneMeaning,
    subjects
  ],
  [
    'evaluation that loses the sign of zero',
    functions({ evaluate: (roots, values) => words.evaluate(roots, values).map(condensed) }).oneMeaning,
    casesOf(negPrimitive, onSpecials(domains.neg))
  ],
  ['members in the opposite order', functions({ vmap: vmapThen(reverse([0])) }).vmapIsMap, subjects],
  [
    'the first member for all',
    functions({ vmap: f => xs => words.vmap(f)(xs.map(x => broadcast(x.shape)(sum([0])(x)))) }).vmapIsMap,
    subjects
  ],
  ['a batch in the wrong dtype', functions({ vmap: vmapThen(cast('float32')) }).vmapIsMap, subjects],
  [
    'a vmap that loses a factor where it is nested',
    functions({
      vmap: f => xs => (xs.every(isConstant) ? words.vmap(f)(xs) : vmapThen(x => mul(x, 1.001))(f)(xs))
    }).vmapTwice,
    subjects
  ],
  [
    'a vmap that composes with something in between',
    functions({ vmap: vmapThen(x => mul(x, 1.001)) }).vmapComposes,
    subjects
  ],
  [
    'a vmap that zeroes what does not depend on the member',
    functions({ vmap: vmapThen(zeros) }).vmapOfConstant,
    subjects
  ],
  ['jit that remembers results', functions({ jit: cached(() => '') }).jitIsIdentity, subjects],
  [
    'jit that does not look at dtypes',
    functions({ jit: cached(xs => xs.map(x => `${x.shape} ${elements(x as never)}`).join()) }).jitLooksAtTypes,
    subjects
  ],
  [
    'jit that does not look at shapes',
    functions({ jit: cached(xs => xs.map(x => `${x.dtype} ${elements(x as never)}`).join()) }).jitLooksAtTypes,
    subjects
  ],
  ['jit in float32', functions({ jit: f => then(inFloat32)(f) }).jitIsIdentity, subjects],
  ['jit that stops derivatives', differentiable({ jit: f => then(stopGradient)(f) }).jitCommutes, subjects],
  ['vmap that stops derivatives', differentiable({ vmap: vmapThen(stopGradient) }).vmapOfGrad, subjects],
  ['vmap that stops derivatives forwards', differentiable({ vmap: vmapThen(stopGradient) }).vmapOfJvp, subjects],
  [
    'vmap that shares a gradient among its members',
    differentiable({
      vmap: f => xs =>
        words.vmap(f)(xs.map(x => (isConstant(x) ? x : broadcast(x.shape)(mul(sum([0])(x), 1 / x.shape[0]!)))))
    }).vmapOfGrad,
    subjects
  ],

  [
    'x + 0 = x, which −0 is not',
    functions({}).partlyKnown,
    casesOf(
      but(addPrimitive, { simplify: ([x, y]) => (isUniform(y, 0) ? x : isUniform(x, 0) ? y : undefined) }),
      onSpecials(domains.add)
    )
  ],
  [
    'x · 0 = 0, which ∞ and NaN are not',
    functions({}).partlyKnown,
    casesOf(
      but(mulPrimitive, { simplify: ([x, y]) => (isUniform(y, 0) ? y : isUniform(x, 0) ? x : undefined) }),
      onSpecials(domains.mul)
    )
  ],
  [
    'x⁰ = x',
    functions({}).partlyKnown,
    casesOf(but(powPrimitive, { simplify: ([x, y]) => (isUniform(y, 0) ? x : undefined) }), onSpecials(domains.pow))
  ],
  [
    '−(−x) = −x',
    functions({}).simplified,
    casesOf(
      but(negPrimitive, {
        simplify: ([x]) => (isExpression(x) && x.equation.primitive === negPrimitive ? x : undefined)
      }),
      domains.neg
    )
  ],
  [
    'a − (−b) = a',
    functions({}).simplified,
    casesOf(
      but(subPrimitive, {
        simplify: ([x, y]) => (isExpression(y) && y.equation.primitive === negPrimitive ? x : undefined)
      }),
      domains.sub
    )
  ],
  [
    'a reshape of a reshape is the first',
    functions({}).simplified,
    casesOf(
      but(reshapePrimitive, {
        simplify: ([x]) =>
          isExpression(x) && x.equation.primitive === reshapePrimitive ? x.equation.inputs[0] : undefined
      }),
      domains.reshape
    )
  ],
  [
    'a product that takes in a permutation without turning its flag',
    functions({}).simplified,
    casesOf(
      but(matmulPrimitive, {
        simplify: (inputs, flags) => {
          const given = matmulPrimitive.simplify?.(inputs, flags)
          return given && isExpression(given)
            ? matmul(flags)(given.equation.inputs[0]!, given.equation.inputs[1]!)
            : undefined
        }
      }),
      domains.matmul
    )
  ]
]

describe('every broken transformation is caught within 100 runs', () => {
  test.each(broken)('%s', (_, law, of) => fails(law, of))
})
