/** Reverse mode, derived: linearize, then transpose the linear expression. */
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import {
  type Equation,
  isExpression,
  isTensor,
  type Many,
  orZeros,
  type Smooth,
  type Tangent,
  type Tensor,
  uniform,
  variable
} from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { addTangents, checkDifferentiable, linearizeAt, tangentsFor } from './forward.js'
import { dependents } from './graph.js'

const notLinear = (name: string) => mistake('NotLinear', 'transpose', `${name} is not linear in what a tangent reaches`)

/** A quotient is linear in its numerator: where a derivative does not mention the operands it is taken in, it is the function itself. */
const transposeSmooth = (
  primitive: Smooth<Many, unknown>,
  { inputs, outputs, attributes }: Equation,
  operands: readonly number[],
  cotangent: Tensor,
  seeds: ReadonlyMap<Tensor, unknown>
): readonly Tangent[] => {
  const directions = operands.map(i => variable(inputs[i]!))
  const derivative = primitive.jvp(
    inputs.map((_, i) => directions[operands.indexOf(i)]),
    inputs,
    outputs[0]!,
    attributes
  )
  if (dependents([derivative], seeds).length > 0) throw notLinear(primitive.name)
  return transpose([derivative], directions, [cotangent])
}

const transposeEquation = (
  e: Equation,
  received: readonly Tangent[],
  depends: (x: Tensor) => boolean,
  seeds: ReadonlyMap<Tensor, unknown>
): readonly Tangent[] => {
  const { primitive, inputs, attributes } = e
  if (primitive.kind === 'control') return primitive.transpose(inputs.map(depends), received, inputs, attributes)
  const cotangent = received[0]!
  const operands = inputs.flatMap((x, i) => (isFloat(x) && depends(x) ? [i] : []))
  switch (primitive.kind) {
    case 'locallyConstant':
      throw notLinear(primitive.name)
    case 'smooth': {
      const given = transposeSmooth(primitive, e, operands, cotangent, seeds)
      return inputs.map((_, i) => given[operands.indexOf(i)])
    }
    case 'multilinear':
      if (operands.length > 1) throw notLinear(primitive.name)
      return inputs.map((_, i) =>
        operands.includes(i) ? primitive.transpose(i, cotangent, inputs, attributes) : undefined
      )
    case 'linear':
      return inputs.map((_, i) =>
        operands.includes(i) ? primitive.transpose(i, cotangent, inputs, attributes) : undefined
      )
  }
}

/** The cotangents of the directions in which the results are linear, given those of the results. */
export const transpose = (
  results: readonly Tangent[],
  directions: Many,
  cotangents: readonly Tangent[]
): readonly Tangent[] => {
  const roots = results.filter(r => r !== undefined)
  const seeds = new Map<Tensor, Tangent>(directions.map(d => [d, undefined]))
  const order = [...dependents(roots, seeds)]
  // A place for each result, so that one that nobody used is seen to be missing.
  const pending = new Map<Equation, Tangent[]>(order.map(e => [e, e.outputs.map(() => undefined)]))
  const depends = (x: Tensor): boolean => seeds.has(x) || (isExpression(x) && pending.has(x.equation))
  const receive = (x: Tensor, cotangent: Tangent): void => {
    if (cotangent === undefined) return
    if (seeds.has(x)) seeds.set(x, addTangents(seeds.get(x), cotangent))
    else if (isExpression(x)) {
      const entry = pending.get(x.equation)
      if (entry) entry[x.index] = addTangents(entry[x.index], cotangent)
    }
  }
  results.forEach((r, i) => {
    if (r) receive(r, cotangents[i])
  })
  for (let e = order.pop(); e !== undefined; e = order.pop()) {
    const received = pending.get(e)!
    if (received.some(c => c !== undefined)) {
      const given = transposeEquation(e, received, depends, seeds)
      for (let i = 0; i < e.inputs.length; i++) receive(e.inputs[i]!, given[i])
    }
    // Dropped at once: a cotangent is not needed after it has been passed on.
    received.length = 0
  }
  return directions.map(d => seeds.get(d))
}

const pullBack = <A>(
  x: A,
  directions: readonly (Tensor | undefined)[],
  tangents: readonly Tangent[],
  cotangents: readonly Tangent[]
): A => {
  const given = transpose(
    tangents,
    directions.filter(d => d !== undefined),
    cotangents
  )
  let next = 0
  return refill(
    x,
    leaves(x).map((p, i) => orZeros(directions[i] && given[next++], p))
  ) as A
}

/**
 * Reverse mode: the value at x, and the adjoint of the derivative there, `Jᵀ u`, from cotangents of the result to those of x: `jax.vjp`.
 *
 * @throws a Mistake if a cotangent is not a tree like the result, with its shapes and dtypes
 *
 * @example
 * import { pipe, Tensor, vjp } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = ({ a, b }: { a: Tensor.Tensor<[2]>; b: Tensor.Tensor<[2]> }) => pipe(a, Tensor.mul(b))
 * const [value, pull] = vjp(f)({ a: Tensor.tensor([1, 2]), b: Tensor.tensor([3, 4]) })
 * const { a, b } = pull(Tensor.ones([2]))
 * deepStrictEqual([value, a, b].map(Tensor.toArray), [[3, 8], [3, 4], [1, 2]])
 */
export const vjp =
  <A, B>(f: (x: A) => B) =>
  (x: A): readonly [B, (cotangent: B) => A] => {
    const { value, directions, tangents } = linearizeAt('vjp', f, x)
    return [value, cotangent => pullBack(x, directions, tangents, tangentsFor('vjp', value, cotangent))]
  }

const checkScalar = (operation: string, value: Tensor): void => {
  if (!isTensor(value) || value.shape.length > 0) {
    const given = isTensor(value)
      ? `a tensor of shape ${showShape((value as Tensor).shape)}`
      : typeof value === 'number'
        ? 'a JavaScript number that no longer depends on the argument'
        : 'a tree of tensors'
    throw mistake(
      'NotScalar',
      operation,
      `the function must give one number, not ${given}; take a sum or a mean, or use jacrev`
    )
  }
  if (!isFloat(value)) {
    throw mistake(
      'NotDifferentiable',
      operation,
      `the function gives ${value.dtype}, which has no derivative; cast it to float32 or float64`
    )
  }
}
const valueAndGradOf =
  (operation: string) =>
  <A, R extends readonly unknown[], X>(f: (x: A, ...rest: R) => readonly [Tensor<[]>, X]) =>
  (x: A, ...rest: R): readonly [readonly [Tensor<[]>, X], A] => {
    checkDifferentiable(operation, x)
    const scalarResult = (y: A): readonly [Tensor<[]>, X] => {
      const result = f(y, ...rest)
      checkScalar(operation, result[0])
      return result
    }
    const { value, directions, tangents } = linearizeAt(operation, scalarResult, x)
    return [value, pullBack(x, directions, tangents, [uniform(value[0], 1)])]
  }

/**
 * The value and gradient of the first of two results, the second being passed along: `jax.value_and_grad(has_aux=True)`.
 *
 * @example
 * import { pipe, Tensor, valueAndGradAux } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => [Tensor.square(x), { doubled: pipe(x, Tensor.mul(2)) }] as const
 * const [[value, { doubled }], gradient] = valueAndGradAux(f)(Tensor.scalar(3))
 * deepStrictEqual([value, doubled, gradient].map(Tensor.item), [9, 6, 6])
 */
export const valueAndGradAux = <A, R extends readonly unknown[], X>(
  f: (x: A, ...rest: R) => readonly [Tensor<[]>, X]
): ((x: A, ...rest: R) => readonly [readonly [Tensor<[]>, X], A]) => valueAndGradOf('valueAndGradAux')(f)

/**
 * The value and the gradient, for the price of both together: `jax.value_and_grad`.
 *
 * @example
 * import { Tensor, valueAndGrad } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [value, gradient] = valueAndGrad((x: Tensor.Tensor<[]>) => Tensor.square(x))(Tensor.scalar(3))
 * deepStrictEqual([Tensor.item(value), Tensor.item(gradient)], [9, 6])
 */
export const valueAndGrad = <A, R extends readonly unknown[]>(
  f: (x: A, ...rest: R) => Tensor<[]>
): ((x: A, ...rest: R) => readonly [Tensor<[]>, A]) => {
  const both = valueAndGradOf('valueAndGrad')((x: A, ...rest: R) => [f(x, ...rest), []] as const)
  return (x, ...rest) => {
    const [[value], gradient] = both(x, ...rest)
    return [value, gradient]
  }
}

/**
 * The gradient of a scalar function of a tree: a tree of the same kind, `jax.grad`.
 *
 * Further arguments are passed on and not differentiated. It nests: `grad(grad(f))` is the second derivative.
 *
 * @throws a Mistake if the result is not one floating number, or a leaf of the tree is not floating
 *
 * @example
 * import { grad, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual, strictEqual } from 'node:assert'
 *
 * const cube = (x: Tensor.Tensor<[]>) => pipe(x, Tensor.pow(3))
 * deepStrictEqual([cube, grad(cube), grad(grad(cube))].map(f => Tensor.item(f(Tensor.scalar(2)))), [8, 12, 12])
 *
 * const line = (p: { w: Tensor.Tensor<[]>; b: Tensor.Tensor<[]> }, x: number) => pipe(p.w, Tensor.mul(x), Tensor.add(p.b))
 * strictEqual(Tensor.item(grad(line)({ w: Tensor.scalar(1), b: Tensor.scalar(0) }, 5).w), 5)
 */
export const grad = <A, R extends readonly unknown[]>(
  f: (x: A, ...rest: R) => Tensor<[]>
): ((x: A, ...rest: R) => A) => {
  const both = valueAndGradOf('grad')((x: A, ...rest: R) => [f(x, ...rest), []] as const)
  return (x, ...rest) => both(x, ...rest)[1]
}
