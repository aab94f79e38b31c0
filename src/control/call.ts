/** Functions kept whole: `checkpoint` recomputes them in the backward pass, `customJvp` replaces their derivative. */
import { batchSize } from '../primitive/movement.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { applyControl, type Control, isConstant, type Many, orZeros } from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { batchClosed, type Closed, close, jvpClosed, run, transposeClosed } from './closed.js'

/** The inverse of filtering by marks. */
export const spread = <V>(marks: readonly boolean[], values: readonly V[]): readonly (V | undefined)[] => {
  let next = 0
  return marks.map(mark => (mark ? values[next++] : undefined))
}

/** A program as one equation. Its derivatives are calls too, so nothing inside is a residual: only the inputs are kept. */
export const callPrimitive: Control<Closed> = {
  kind: 'control',
  name: 'checkpoint',
  types: (_, body) => body.results,
  evaluate: (inputs, body) => run(body, inputs),
  linearize: (inputs, active, body) => [
    applyControl(callPrimitive, inputs, body),
    tangents =>
      applyControl(callPrimitive, [...inputs, ...tangents.filter(t => t !== undefined)], jvpClosed(body, active))
  ],
  transpose: (linear, cotangents, inputs, body) => {
    const fixed = inputs.filter((_, i) => !linear[i])
    const given = cotangents.map((c, i) => orZeros(c, body.results[i]!))
    return spread(linear, applyControl(callPrimitive, [...fixed, ...given], transposeClosed(body, linear)))
  },
  batch: (inputs, batched, body) =>
    applyControl(callPrimitive, inputs, batchClosed(batchSize(inputs, batched), body, batched)),
  programs: body => [body],
  withPrograms: (_, [body]) => body!
}

/** f as a closed program, handed with its operands to `through`: first its own, then what it captured. */
const calling =
  <A, B>(operation: string, f: (x: A) => B, through: (inputs: Many, body: Closed, own: number) => Many) =>
  (x: A): B => {
    const inputs = leaves(x, operation)
    let tree: B | undefined
    const [body, free] = close((...xs) => {
      tree = f(refill(x, xs) as A)
      return leaves(tree, operation)
    }, inputs)
    return refill(tree, through([...inputs, ...free], body, inputs.length)) as B
  }

/**
 * The same function, whose intermediate results are computed again when a derivative needs them: less memory for more time. `jax.checkpoint`.
 *
 * @example
 * import { checkpoint, grad, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => pipe(x, Tensor.mul(x), Tensor.mul(x))
 * strictEqual(Tensor.item(grad(checkpoint(f))(Tensor.scalar(2))), 12)
 */
export const checkpoint = <A, B>(f: (x: A) => B): ((x: A) => B) =>
  calling('checkpoint', f, (inputs, body) => applyControl(callPrimitive, inputs, body))

/** Operands are the primals, what the function captured, and what the rule captured. */
interface Custom {
  readonly body: Closed
  /** Parameters: primals, tangents, and what it captured; results: the tangents of the function's. */
  readonly rule: Closed
  /** How many of the operands have tangents. */
  readonly primals: number
}
export const customJvpPrimitive: Control<Custom> = {
  kind: 'control',
  name: 'customJvp',
  types: (_, { body }) => body.results,
  evaluate: (inputs, { body }) => run(body, inputs.slice(0, body.parameters.length)),
  linearize: (inputs, _, attributes) => [
    applyControl(customJvpPrimitive, inputs, attributes),
    tangents => {
      const { body, rule, primals } = attributes
      const other = inputs.find((_, i) => i >= primals && i < body.parameters.length && tangents[i] !== undefined)
      if (other !== undefined)
        throw mistake(
          'NotDifferentiable',
          'customJvp',
          `the rule says nothing of what the function closes over, ${other.dtype} ${showShape(other.shape)}, with respect to which it is differentiated; make that an argument, or stop its gradient`
        )
      const point = inputs.slice(0, primals)
      const given = point.map((x, i) => orZeros(tangents[i], x))
      return run(rule, [...point, ...given, ...inputs.slice(body.parameters.length)])
    }
  ],
  transpose: () => {
    throw mistake(
      'NotLinear',
      'customJvp',
      'the function stands where a linear one is needed; write its rule with linear operations on the tangents'
    )
  },
  batch: (inputs, batched, { body, rule, primals }) => {
    const n = batchSize(inputs, batched)
    const point = batched.slice(0, primals)
    return applyControl(customJvpPrimitive, inputs, {
      body: batchClosed(n, body, batched.slice(0, body.parameters.length)),
      rule: batchClosed(n, rule, [...point, ...point, ...batched.slice(body.parameters.length)]),
      primals
    })
  },
  programs: ({ body, rule }) => [body, rule],
  withPrograms: ({ primals }, [body, rule]) => ({ body: body!, rule: rule!, primals })
}

/**
 * f with its derivative given: the rule takes a point and a tangent, and gives the tangent of the result, linear in the tangent: `jax.custom_jvp`.
 *
 * Reverse mode transposes the rule, so there is no second one to write. What f closes over
 * cannot be differentiated with respect to, because the rule says nothing of it; what the rule closes over is part of it.
 *
 * @throws a Mistake if the rule gives other shapes than the function, or if f closes over what is differentiated
 *
 * @example
 * import { customJvp, grad, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // Rounding that lets gradients through, as if it were the identity.
 * const round = customJvp(Tensor.round<[]>, (_, tangent) => tangent)
 * strictEqual(Tensor.item(round(Tensor.scalar(2.7))), 3)
 * strictEqual(Tensor.item(grad(round)(Tensor.scalar(2.7))), 1)
 */
export const customJvp =
  <A, B>(f: (x: A) => B, rule: (x: A, tangent: A) => B) =>
  (x: A): B => {
    const ruleFor =
      (primals: number, results: Many) =>
      (...xs: Many): Many => {
        const given = leaves(rule(refill(x, xs.slice(0, primals)) as A, refill(x, xs.slice(primals)) as A), 'customJvp')
        if (given.length !== results.length)
          throw mistake(
            'TreeMismatch',
            'customJvp',
            `the rule gives ${given.length} tensors, and the function ${results.length}`
          )
        given.forEach((t, i) => {
          const { shape, dtype } = results[i]!
          if (isFloat(results[i]!) && (!sameShape(t.shape, shape) || t.dtype !== dtype))
            throw mistake(
              'ShapeMismatch',
              'customJvp',
              `the rule gives ${t.dtype} ${showShape(t.shape)} as the tangent of a result that is ${dtype} ${showShape(shape)}`
            )
        })
        return given
      }
    return calling('customJvp', f, (inputs, body, primals) => {
      // What is known all over has no derivative, so the rule is not asked for one.
      if (inputs.every(isConstant)) return run(body, inputs)
      const point = inputs.slice(0, primals)
      const [closed, free] = close(ruleFor(primals, body.results), [...point, ...point])
      return applyControl(customJvpPrimitive, [...inputs, ...free], { body, rule: closed, primals })
    })(x)
  }
