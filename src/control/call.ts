/** Functions kept whole: `checkpoint` recomputes them in the backward pass, `customJvp` replaces their derivative. */
import { batchSize } from '../primitive/movement.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { applyControl, type Control, type Many, orZeros, type Tensor } from '../tensor/tensor.js'
import { tracing } from '../tensor/tracing.js'
import { leaves, refill } from '../tensor/tree.js'
import { batch } from '../transform/vmap.js'
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
  programs: body => [body]
}

/** f as a closed program, handed with its operands to `through`. */
const calling =
  <A, B>(operation: string, f: (x: A) => B, through: (inputs: Many, body: Closed) => Many) =>
  (x: A): B => {
    const inputs = leaves(x, operation)
    let tree: B | undefined
    const [body, free] = close((...xs) => {
      tree = f(refill(x, xs) as A)
      return leaves(tree, operation)
    }, inputs)
    return refill(tree, through([...inputs, ...free], body)) as B
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

type Rule = (primals: Many, tangents: Many) => Many
interface Custom {
  readonly body: Closed
  readonly rule: Rule
}
export const customJvpPrimitive: Control<Custom> = {
  kind: 'control',
  name: 'customJvp',
  types: (_, { body }) => body.results,
  evaluate: (inputs, { body }) => run(body, inputs),
  linearize: (inputs, _, attributes) => [
    applyControl(customJvpPrimitive, inputs, attributes),
    tangents =>
      attributes.rule(
        inputs,
        tangents.map((t, i) => orZeros(t, inputs[i]!))
      )
  ],
  transpose: () => {
    throw mistake(
      'NotLinear',
      'customJvp',
      'the function stands where a linear one is needed; write its rule with linear operations on the tangents'
    )
  },
  batch: (inputs, batched, { body, rule }) => {
    const n = batchSize(inputs, batched)
    const marks = [...batched, ...batched]
    const wide: Rule = (primals, tangents) => {
      const [one] = close(
        (...xs) => rule(xs.slice(0, primals.length), xs.slice(primals.length)),
        [...body.parameters, ...body.parameters]
      )
      const given = [...primals, ...tangents]
      const fixed = run(
        { parameters: one.parameters.filter((_, i) => !marks[i]), results: one.results },
        given.filter((_, i) => !marks[i])
      )
      return batch(
        n,
        fixed,
        new Map(one.parameters.flatMap((p, i) => (marks[i] ? [[p as Tensor, given[i]!] as const] : [])))
      )
    }
    return applyControl(customJvpPrimitive, inputs, { body: batchClosed(n, body, batched), rule: wide })
  },
  programs: ({ body }) => [body]
}

/**
 * f with its derivative given: the rule takes a point and a tangent, and gives the tangent of the result, linear in the tangent: `jax.custom_jvp`.
 *
 * Reverse mode transposes the rule, so there is no second one to write. What f or the rule close over is taken to be constant.
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
    const n = leaves(x, 'customJvp').length
    const flat =
      (results: Many): Rule =>
      (primals, tangents) => {
        const [point, tangent] = [refill(x, primals.slice(0, n)) as A, refill(x, tangents.slice(0, n)) as A]
        const given = leaves(
          tracing(() => rule(point, tangent)),
          'customJvp'
        )
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
    return calling('customJvp', f, (inputs, body) =>
      applyControl(customJvpPrimitive, inputs, { body, rule: flat(body.results) })
    )(x)
  }
