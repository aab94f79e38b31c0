/** A loop that goes on as long as a condition holds, as one equation. Its derivatives are such loops again, forwards only. */

import { cast } from '../primitive/conversion.js'
import { argmax } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { batchSize, broadcast, reshape, sum } from '../primitive/movement.js'
import { less, where } from '../primitive/selection.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import {
  applyControl,
  type Constant,
  type Control,
  isTensor,
  type Many,
  orZeros,
  type Tensor,
  variable
} from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { evaluator } from '../transform/evaluate.js'
import { dependents } from '../transform/graph.js'
import { spread } from './call.js'
import { carriedOn } from './carry.js'
import { batchClosed, type Closed, close, dualClosed, moved, reached, run } from './closed.js'

/** The parameters of both programs, and the loop's operands, are carries, then what is the same in every step. */
export interface While {
  /** One bool: whether there is another step. */
  readonly condition: Closed
  /** The carries after a step. */
  readonly body: Closed
  readonly carries: number
}

/** The least set of operands that holds the marked ones and every carry into which one of the set goes. */
const settled = (
  marks: readonly boolean[],
  into: (marks: readonly boolean[]) => readonly boolean[]
): readonly boolean[] => {
  for (let now = marks; ; ) {
    const further = into(now)
    const next = now.map((mark, i) => mark || further[i] === true)
    if (next.every((mark, i) => mark === now[i])) return now
    now = next
  }
}

/** Whether a program may stop with an error when it runs: where it looks something up by number. */
const mayFail = (bodies: readonly Closed[]): boolean => {
  const todo = [...bodies]
  for (let body = todo.pop(); body !== undefined; body = todo.pop()) {
    for (const { primitive, attributes } of dependents(body.results, new Set<Tensor>(body.parameters))) {
      if (primitive.name === 'take' || primitive.name === 'scatterAdd') return true
      if (primitive.kind === 'control') todo.push(...primitive.programs(attributes))
    }
  }
  return false
}

/**
 * The loop for members that stop apart: it goes on while one of them does, and the others stay as they are.
 *
 * The first carry says of each member whether it goes on. What a member that has stopped would compute is thrown away; but where that may
 * fail, because a counter has run past the end of a list, it goes along with one that has not stopped.
 */
const apart = (n: number, inputs: Many, batched: readonly boolean[], { condition, body, carries }: While): Many => {
  const asks = batchClosed(n, condition, batched)
  const [start] = run(asks, inputs)
  const going = variable(start!)
  const given = asks.parameters.map(variable)
  const ofMembers = (x: Tensor): Tensor => broadcast(x.shape)(reshape([n, ...x.shape.slice(1).map(() => 1)])(going))
  const inCompany = (x: Tensor): Tensor => {
    const other = take(argmax(0)(cast('int32')(going)))(x)
    return where(ofMembers(x), x, broadcast(x.shape)(other))
  }
  const careful = mayFail([body])
  const made = run(
    batchClosed(n, body, batched),
    given.map((x, i) => (batched[i] && careful ? inCompany(x) : x))
  )
  const next = made.map((x, i) => (batched[i] ? where(ofMembers(x), x, given[i]!) : given[i]!))
  const goesOn = run(asks, [...next, ...given.slice(carries)])[0]!
  const [any, ...others] = [going, ...given].map(variable)
  return applyControl(whilePrimitive, [start!, ...inputs], {
    condition: { parameters: [any!, ...others], results: [less(0, sum([0])(cast('int32')(any!)))] },
    body: { parameters: [going, ...given], results: [goesOn, ...next] },
    carries: carries + 1
  }).slice(1)
}

export const whilePrimitive: Control<While> = {
  kind: 'control',
  name: 'whileLoop',
  types: (_, { body }) => body.results,
  evaluate: (inputs, { condition, body, carries }) => {
    const goesOn = evaluator(condition.parameters, condition.results)
    const step = evaluator(body.parameters, body.results)
    const fixed = inputs.slice(carries)
    let carry: readonly Constant[] = inputs.slice(0, carries)
    while (goesOn([...carry, ...fixed])[0]!.data[0]) carry = step([...carry, ...fixed])
    return carry
  },
  /** The tangents are carried beside the carry, which is computed again. */
  linearize: (inputs, given, loop) => {
    const { condition, body, carries } = loop
    const active = settled(
      inputs.map((x, i) => isFloat(x) && given[i]!),
      marks => moved(body, marks)
    )
    const moving = active.slice(0, carries)
    const count = moving.filter(Boolean).length
    const dual = dualClosed(body, active, moving)
    const directions = dual.parameters.slice(inputs.length)
    const beside = <V>(values: readonly V[], tangents: readonly V[]): readonly V[] => [
      ...values.slice(0, carries),
      ...tangents.slice(0, count),
      ...values.slice(carries),
      ...tangents.slice(count)
    ]
    const dualLoop: While = {
      condition: { parameters: beside(condition.parameters, directions.map(variable)), results: condition.results },
      body: { parameters: beside(dual.parameters.slice(0, inputs.length), directions), results: dual.results },
      carries: carries + count
    }
    return [
      applyControl(whilePrimitive, inputs, loop),
      tangents => {
        const seeds = inputs.flatMap((x, i) => (active[i] ? [orZeros(tangents[i], x)] : []))
        return spread(moving, applyControl(whilePrimitive, beside(inputs, seeds), dualLoop).slice(carries))
      }
    ]
  },
  transpose: () => {
    throw mistake(
      'NotDifferentiable',
      'whileLoop',
      'reverse mode would have to keep every step, and how many there are is not known; differentiate forwards (jvp, jacfwd, linearize), stop the gradient, or write the loop as a Control.fold over as many steps as there may be, in which Tensor.where or Control.cond keeps a carry that is finished'
    )
  },
  batch: (inputs, batched, loop) => {
    const { condition, body, carries } = loop
    const n = batchSize(inputs, batched)
    const marks = settled(batched, now => reached(body, now))
    const wide = (now: readonly boolean[]): Many =>
      inputs.map((x, i) => (now[i] && !batched[i] ? broadcast([n, ...x.shape])(x) : x))
    const repeated = (outputs: Many, now: readonly boolean[]): Many =>
      outputs.map((x, i) => (now[i] ? x : broadcast([n, ...x.shape])(x)))
    if (!reached(condition, marks)[0]) {
      const outputs = applyControl(whilePrimitive, wide(marks), {
        condition: batchClosed(n, condition, marks, () => true),
        body: batchClosed(n, body, marks, i => !marks[i]),
        carries
      })
      return repeated(outputs, marks)
    }
    // Where members stop apart, so does whatever a step changes.
    const changed = marks.map((mark, i) => mark || (i < carries && body.results[i] !== body.parameters[i]))
    const outputs = n === 0 ? wide(changed).slice(0, carries) : apart(n, wide(changed), changed, loop)
    return repeated(outputs, changed)
  },
  programs: ({ condition, body }) => [condition, body],
  withPrograms: (loop, [condition, body]) => ({ ...loop, condition: condition!, body: body! })
}

const checkCondition = (condition: Tensor): Tensor => {
  if (isTensor(condition) && condition.dtype === 'bool' && condition.shape.length === 0) return condition
  throw mistake(
    'ShapeMismatch',
    'whileLoop',
    `the condition must give one bool, not ${isTensor(condition) ? `${condition.dtype} ${showShape(condition.shape)}` : `the ${typeof condition} ${String(condition)}, which is the same in every step`}`
  )
}

/**
 * The body again and again, as long as the condition holds: `jax.lax.while_loop`.
 *
 * `whileLoop(condition)(body)(start)` is `start` where the condition does not hold there, and else the same from `body(start)` on. What is carried is a tree
 * that keeps its shapes and dtypes. However many steps, it is one equation. Its derivatives are taken forwards, by `jvp`, `linearize` and `jacfwd`, to any
 * order: the tangents are carried beside. Under `vmap` members stop apart. Nothing bounds the number of steps but the condition: a comparison
 * with NaN is false, so write one that has to hold for going on (`tolerance < error`, not its negation), and count steps where a bound is needed.
 *
 * @throws a Mistake if the condition does not give one bool, or the carry changes its shape or dtype, or if it is differentiated in reverse
 *
 * @example
 * import { Control, jvp, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // Heron's root of 2, until it does not change any more: r ← (r + x / r) / 2.
 * const root = (x: Tensor.Tensor<[]>) =>
 *   Control.whileLoop(({ last, next }: { last: Tensor.Tensor<[]>; next: Tensor.Tensor<[]> }) =>
 *     pipe(last, Tensor.sub(next), Tensor.abs, Tensor.greater(1e-6))
 *   )(({ next }) => ({ last: next, next: pipe(x, Tensor.div(next), Tensor.add(next), Tensor.mul(0.5)) }))({ last: Tensor.zerosLike(x), next: x }).next
 * const [value, slope] = jvp(root)(Tensor.scalar(2, { dtype: 'float64' }), Tensor.scalar(1, { dtype: 'float64' }))
 * deepStrictEqual([value, slope].map(x => Tensor.item(x).toFixed(6)), ['1.414214', '0.353553'])
 */
export const whileLoop =
  <C>(condition: (carry: C) => Tensor<[]>) =>
  (body: (carry: C) => C) =>
  (start: C): C => {
    const carry = leaves(start, 'whileLoop')
    const [asks, freeInCondition] = close((...xs) => [checkCondition(condition(refill(start, xs) as C))], carry)
    const [step, freeInBody] = close((...xs) => carriedOn('whileLoop', start, body(refill(start, xs) as C)), carry)
    const n = carry.length
    const results = applyControl(whilePrimitive, [...carry, ...freeInCondition, ...freeInBody], {
      condition: { parameters: [...asks.parameters, ...freeInBody.map(variable)], results: asks.results },
      body: {
        parameters: [...step.parameters.slice(0, n), ...freeInCondition.map(variable), ...step.parameters.slice(n)],
        results: step.results
      },
      carries: n
    })
    return refill(start, results) as C
  }
