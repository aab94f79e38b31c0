/** Derivatives taken in wrong ways, and for each a law that sees it, whatever the seed. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { real } from '../../laws/arbitrary.js'
import type { Case, Tensors } from '../../laws/case.js'
import {
  besides,
  type DerivativeWords,
  firstDerivatives,
  higherDerivatives,
  linearMaps,
  words
} from '../../laws/derivatives.js'
import { domains } from '../../laws/domains.js'
import type { Law } from '../../laws/law.js'
import { casesOf } from '../../laws/variants.js'
import { add, addPrimitive, mul, subPrimitive } from '../../src/primitive/arithmetic.js'
import { matmul } from '../../src/primitive/contraction.js'
import { cast } from '../../src/primitive/conversion.js'
import { sin, tanh } from '../../src/primitive/elementary.js'
import { permute, reshape, sumAll } from '../../src/primitive/movement.js'
import { type Tensor, uniform, type Variable, variable } from '../../src/tensor/tensor.js'
import { leaves } from '../../src/tensor/tree.js'
import { type Dual, pushForward } from '../../src/transform/forward.js'
import { fails } from './verdict.js'

const product = matmul({ left: false, right: false })
/** Neither linear nor separable, with operands of different shapes. */
const layer: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([n, m]) => fc.tuple(real([n, m]), real([1, n])))
  .map(inputs => ({ inputs, f: ([w, x]) => tanh(product(sin(x!), w!)) }))
const square: fc.Arbitrary<Case> = fc
  .integer({ min: 1, max: 3 })
  .chain(n => fc.tuple(real([n, n]), real([n, n])))
  .map(inputs => ({ inputs, f: ([a, b]) => product(sin(a!), tanh(b!)) }))

const scaleBy =
  (factor: number) =>
  (xs: Tensors): Tensors =>
    xs.map(x => mul(x, factor))
const firstOnly = (xs: Tensors): Tensors => xs.map((x, i) => (i === 0 ? x : mul(x, 0)))
const turned = (x: Tensor): Tensor =>
  x.shape.length < 2
    ? x
    : reshape(x.shape)(permute([...x.shape.keys()].toSpliced(-2, 2, x.shape.length - 1, x.shape.length - 2))(x))

/** Forward mode as one with a single, global perturbation: what is unknown around a derivative moves with its argument. */
const open: Variable[] = []
const confused: DerivativeWords['jvp'] = f => (at, v) => {
  const unknowns = at.map(variable)
  open.push(...unknowns)
  const root = f(unknowns)
  const seeds = new Map<Tensor, Dual>(open.map((x): [Tensor, Dual] => [x, { primal: x, tangent: v[0] }]))
  unknowns.forEach((x, i) => {
    seeds.set(x, { primal: at[i]!, tangent: v[i] })
  })
  open.splice(open.length - unknowns.length)
  const [dual] = pushForward([root], seeds)
  return [dual!.primal, dual!.tangent ?? mul(dual!.primal, 0)]
}

const first = (wrong: Partial<DerivativeWords>) => firstDerivatives({ ...words, ...wrong })
const higher = (wrong: Partial<DerivativeWords>) => higherDerivatives({ ...words, ...wrong })
const beside = (wrong: Partial<DerivativeWords>) => besides({ ...words, ...wrong })

const broken: readonly (readonly [string, Law<Case>])[] = [
  [
    'jvp gives the value at another point',
    first({ jvp: f => (at, v) => [f(scaleBy(1.001)(at)), words.jvp(f)(at, v)[1]] }).sameValue
  ],
  ['linearize gives no value', first({ linearize: f => at => [mul(f(at), 0), words.linearize(f)(at)[1]] }).sameValue],
  [
    'a tangent that is squared',
    first({
      jvp: f => (at, v) => {
        const [y, t] = words.jvp(f)(at, v)
        return [y, mul(t, t)]
      }
    }).linearTangent
  ],
  [
    'a tangent with a constant added',
    first({
      jvp: f => (at, v) => {
        const [y, t] = words.jvp(f)(at, v)
        return [y, add(t, 0.01)]
      }
    }).linearTangent
  ],
  [
    'cotangents cut off, as by a clip in the backward pass',
    first({
      vjp: f => at => {
        const [y, pull] = words.vjp(f)(at)
        return [y, u => pull(u).map(x => tanh(x))]
      }
    }).linearCotangent
  ],
  [
    'a gradient transposed once too often',
    first({
      vjp: f => at => {
        const [y, pull] = words.vjp(f)(at)
        return [y, u => pull(u).map(turned)]
      }
    }).adjointness
  ],
  [
    'the second operand forgotten',
    first({
      vjp: f => at => {
        const [y, pull] = words.vjp(f)(at)
        return [y, u => firstOnly(pull(u))]
      }
    }).adjointness
  ],
  [
    'forward and reverse wrong alike',
    first({ jvp: f => (at, v) => words.jvp(f)(at, scaleBy(1.0001)(v)) }).centralDifference
  ],
  [
    'a derivative at the point where it was first used',
    first({
      linearize: f => at => {
        let kept: Tensor | undefined
        return [f(at), v => (kept ??= words.jvp(f)(at, v)[1])]
      }
    }).oneLinearMap
  ],
  ['a gradient of the mean', first({ grad: f => at => scaleBy(0.5)(words.grad(f)(at)) }).gradient],
  [
    'valueAndGrad with a gradient of another function',
    first({ valueAndGrad: f => at => [f(at), words.grad(xs => mul(f(xs), 2))(at)] }).gradient
  ],
  [
    'a chain without its outer slope',
    first({ jvp: f => (at, v) => [f(at), words.jvp(xs => sin(f(xs)))(at, v)[1]] }).chainRule
  ],
  ['rows for columns', first({ jacfwd: f => at => leaves(words.jacfwd(f)(at)).map(turned) }).sameJacobians],
  ['stopGradient that lets through', first({ stopGradient: x => x }).stoppedGradient],
  ['stopGradient that gives zero', first({ stopGradient: x => mul(x, 0) }).stoppedGradient],
  ['checkpoint without a derivative', first({ checkpoint: f => xs => f(xs.map(words.stopGradient)) }).checkpointed],
  ['checkpoint that recomputes at a point moved', first({ checkpoint: f => xs => f(scaleBy(1.001)(xs)) }).checkpointed],
  [
    'a custom rule at the wrong point',
    first({ customJvp: (f, rule) => words.customJvp(f, (xs, v) => rule(scaleBy(1.001)(xs), v)) }).customised
  ],
  [
    'a custom rule that is not asked',
    first({ customJvp: (f, rule) => words.customJvp(f, (xs, v) => mul(rule(xs, v), 0)) }).customised
  ],
  [
    'a second derivative that takes the first for constant',
    higher({ grad: f => at => words.grad(f)(at).map(words.stopGradient) }).symmetric
  ],
  [
    'a Hessian–vector product with a row of its own',
    higher({ hvp: f => (at, v) => firstOnly(words.hvp(f)(at, v)) }).secondDifference
  ],
  ['a Hessian without its blocks off the diagonal', higher({ hessian: diagonal }).oneHessian],
  [
    'a third derivative through a stopped second',
    higher({
      jvp: f => (at, v) => {
        const [y, t] = words.jvp(f)(at, v)
        return [y, add(words.stopGradient(t), mul(t, 0))]
      }
    }).thirdDerivative
  ],
  ['one perturbation for all', higher({ jvp: confused }).noConfusion],
  [
    'a gradient of the value and of what is beside it',
    beside({
      valueAndGradAux: f => at => [
        words.valueAndGradAux(f)(at)[0],
        words.grad(xs => {
          const [value, aside] = f(xs)
          return leaves(aside)
            .map(sumAll)
            .reduce((a, b) => add(a, cast('float64')(b)), value)
        })(at)
      ]
    }).passedAlong
  ],
  [
    'what is beside, at another point',
    beside({
      valueAndGradAux: f => at => {
        const [[value], gradient] = words.valueAndGradAux(f)(at)
        return [[value, f(scaleBy(1.001)(at))[1]], gradient]
      }
    }).passedAlong
  ],
  [
    'what is beside, as if it did not depend on the argument',
    beside({
      valueAndGradAux: f => at => {
        const [[value], gradient] = words.valueAndGradAux(f)(at)
        return [[value, f(at.map(words.stopGradient))[1]], gradient]
      }
    }).derivedBeside
  ],
  [
    'a gradient that does not depend on the argument',
    beside({
      valueAndGradAux: f => at => {
        const [both, gradient] = words.valueAndGradAux(f)(at)
        return [both, gradient.map(words.stopGradient)]
      }
    }).derivedBeside
  ]
]
function diagonal(f: Parameters<DerivativeWords['hessian']>[0]) {
  return (at: Tensors): unknown =>
    leaves(words.hessian(f)(at)).map((block, i) => (i % (at.length + 1) === 0 ? block : mul(block, 0)))
}

describe('every derivative taken wrongly is caught within 100 runs', () => {
  test.each(broken)('%s', (_, law) => fails(law, fc.oneof(layer, square)))
})

const { ownDerivative, doubleTranspose } = linearMaps(words)
const affine: typeof addPrimitive = {
  ...addPrimitive,
  evaluate: (inputs, _, type) => {
    const [sum, one] = [addPrimitive.evaluate(inputs, _, type), uniform(type, 1)]
    return addPrimitive.evaluate([sum, one], _, type)
  }
}
test('a map that is not linear is caught within 100 runs', () => fails(ownDerivative, casesOf(affine, domains.add)))
test('a difference whose second operand alone moves it the wrong way is caught within 100 runs', () =>
  fails(ownDerivative, casesOf({ ...subPrimitive, along: (_, tangent) => tangent }, domains.sub)))
test('a transpose that is none, twice, is caught within 100 runs', () =>
  fails(doubleTranspose, casesOf({ ...addPrimitive, transpose: (i, c) => (i === 0 ? c : mul(c, -1)) }, domains.add)))
