/** A loop with a carry, as one equation. Its derivatives are loops: forwards for tangents, backwards for cotangents. */
import { add } from '../primitive/arithmetic.js'
import { batchSize, broadcast, permute, reshape } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range } from '../structure/shape.js'
import {
  applyControl,
  type Constant,
  type Control,
  type Many,
  orZeros,
  type Tensor,
  type Type,
  variable,
  zeros
} from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { evaluator } from '../transform/evaluate.js'
import type { Batched } from '../transform/vmap.js'
import { carriedOn } from './carry.js'
import { batchClosed, type Closed, close, linearizeClosed, run, transposeClosed } from './closed.js'

/** The body's parameters, and the loop's operands, are carries, then rows of sequences, then what is the same in every step. */
export interface Loop {
  readonly body: Closed
  readonly length: number
  readonly carries: number
  readonly sequences: number
  readonly backwards: boolean
}

const row = (x: Tensor, i: number): Tensor => {
  const [, ...rest] = x.shape
  return reshape(rest)(slice({ start: [i, ...rest.map(() => 0)], step: x.shape.map(() => 1), shape: [1, ...rest] })(x))
}
const stack = (xs: Many, { shape, dtype }: Type): Tensor =>
  xs.length === 0 ? zeros({ shape: [0, ...shape], dtype }) : concat(0)(xs.map(x => reshape([1, ...shape])(x)))
const split = <V>(
  xs: readonly V[],
  { carries, sequences }: Pick<Loop, 'carries' | 'sequences'>
): readonly [readonly V[], readonly V[], readonly V[]] => [
  xs.slice(0, carries),
  xs.slice(carries, carries + sequences),
  xs.slice(carries + sequences)
]
const count = (marks: readonly boolean[]): number => marks.filter(Boolean).length

export const scanPrimitive: Control<Loop> = {
  kind: 'control',
  name: 'scan',
  types: (_, { body, carries, length }) =>
    body.results.map((r, i): Type => (i < carries ? r : { dtype: r.dtype, shape: [length, ...r.shape] })),
  evaluate: (inputs, loop) => {
    const { body, length, carries, backwards } = loop
    const [start, sequences, fixed] = split<Constant>(inputs, loop)
    const rows = new Array<readonly Constant[]>(length)
    const evaluate = evaluator(body.parameters, body.results)
    let carry = start
    for (let step = 0; step < length; step++) {
      const i = backwards ? length - 1 - step : step
      const results = evaluate([...carry, ...sequences.map(s => row(s, i) as Constant), ...fixed])
      carry = results.slice(0, carries)
      rows[i] = results.slice(carries)
    }
    return [
      ...carry,
      ...body.results.slice(carries).map((type, j) =>
        stack(
          rows.map(r => r[j]!),
          type
        )
      )
    ]
  },
  /** The forward loop also gives the residuals of every step; the tangent loop reads them as sequences. */
  linearize: (inputs, given, loop) => {
    const { body, carries, sequences } = loop
    const active = inputs.map((x, i) => isFloat(x) && (i < carries || given[i]!))
    const {
      primal,
      tangent,
      fixed: still
    } = linearizeClosed(
      body,
      active,
      inputs.map((_, i) => i >= carries + sequences)
    )
    const outputs = applyControl(scanPrimitive, inputs, { ...loop, body: primal })
    const [outs, residuals] = [outputs.slice(0, body.results.length), outputs.slice(body.results.length)]
    const once = run(still, inputs)
    const [activeCarries, activeRows, activeFixed] = split(active, loop)
    // The tangent program takes directions, changing residuals, fixed ones; as a loop it takes carries, rows, fixed.
    const endOfCarries = count(activeCarries)
    const endOfRows = endOfCarries + count(activeRows)
    const endOfFixed = endOfRows + count(activeFixed)
    const endOfResiduals = endOfFixed + residuals.length
    const part = (from: number, to?: number) => tangent.parameters.slice(from, to)
    const floating = (i: number): boolean => i >= carries || active[i]!
    const reordered: Closed = {
      parameters: [
        ...part(0, endOfRows),
        ...part(endOfFixed, endOfResiduals),
        ...part(endOfRows, endOfFixed),
        ...part(endOfResiduals)
      ],
      results: tangent.results.filter((_, i) => floating(i))
    }
    return [
      outs,
      tangents => {
        const moving = inputs.flatMap((x, i) => (active[i] ? [orZeros(tangents[i], x)] : []))
        const pushed = applyControl(
          scanPrimitive,
          [...moving.slice(0, endOfRows), ...residuals, ...moving.slice(endOfRows), ...once],
          { ...loop, body: reordered, carries: endOfCarries, sequences: endOfRows - endOfCarries + residuals.length }
        )
        let next = 0
        return outs.map((_, i) => (floating(i) ? pushed[next++] : undefined))
      }
    ]
  },
  /** Backwards, carrying the cotangent of the carry and the sums of those of what is the same in every step. */
  transpose: (linear, cotangents, inputs, loop) => {
    const { body, carries, length, backwards } = loop
    const [linearCarries, linearRows, linearFixed] = split(linear, loop)
    const marks = [...linearCarries.map(() => true), ...linearRows, ...linearFixed]
    const pulled = transposeClosed(body, marks)
    const [, rows, fixed] = split(inputs, loop)
    const keptRows = rows.filter((_, i) => !linearRows[i])
    const keptFixed = fixed.filter((_, i) => !linearFixed[i])
    const sums = body.parameters.slice(carries + rows.length).filter((_, i) => linearFixed[i])
    const accumulators = sums.map(variable)
    const endOfKeptRows = keptRows.length
    const endOfKept = endOfKeptRows + keptFixed.length
    const received = pulled.parameters.slice(endOfKept)
    const endOfRows = carries + count(linearRows)
    const backBody: Closed = {
      parameters: [
        ...received.slice(0, carries),
        ...accumulators,
        ...pulled.parameters.slice(0, endOfKeptRows),
        ...received.slice(carries),
        ...pulled.parameters.slice(endOfKeptRows, endOfKept)
      ],
      results: [
        ...pulled.results.slice(0, carries),
        ...accumulators.map((a, i) => add(a, pulled.results[endOfRows + i]!)),
        ...pulled.results.slice(carries, endOfRows)
      ]
    }
    const given = scanPrimitive.types(inputs, loop).map((type, i) => orZeros(cotangents[i], type))
    const back = applyControl(
      scanPrimitive,
      [...given.slice(0, carries), ...sums.map(zeros), ...keptRows, ...given.slice(carries), ...keptFixed],
      {
        body: backBody,
        length,
        carries: carries + sums.length,
        sequences: endOfKeptRows + given.length - carries,
        backwards: !backwards
      }
    )
    const ordered = [
      ...back.slice(0, carries),
      ...back.slice(carries + sums.length),
      ...back.slice(carries, carries + sums.length)
    ]
    let next = 0
    return marks.map((mark, i) => {
      const cotangent = mark ? ordered[next++] : undefined
      return linear[i] ? cotangent : undefined
    })
  },
  batch: (inputs, batched, loop) => {
    const { body, carries } = loop
    const n = batchSize(inputs, batched)
    const [start, rows, fixed] = split(inputs, loop)
    const swap = (x: Tensor): Tensor => permute([1, 0, ...range(x.shape.length).slice(2)])(x)
    const marks = batched.map((b, i) => b || i < carries)
    const outputs = applyControl(
      scanPrimitive,
      [
        ...start.map((x, i) => (batched[i] ? x : broadcast([n, ...x.shape])(x))),
        ...rows.map((x, i) => (batched[carries + i] ? swap(x) : x)),
        ...fixed
      ],
      { ...loop, body: batchClosed(n, body, marks) }
    )
    return outputs.map((x, i) => (i < carries ? x : swap(x)))
  },
  programs: ({ body }) => [body],
  withPrograms: (loop, [body]) => ({ ...loop, body: body! })
}

const lengthOf = (operation: string, rows: Many): number => {
  const length = rows[0]?.shape[0]
  if (length === undefined || rows.some(x => x.shape.length === 0))
    throw mistake('InvalidArgument', operation, 'no sequence to go through: give tensors with a leading axis')
  for (const x of rows)
    if (x.shape[0] !== length)
      throw mistake(
        'ShapeMismatch',
        operation,
        `sequences of ${length} and ${x.shape[0]} elements: leading axes differ`
      )
  return length
}

const looping =
  (operation: 'scan' | 'fold') =>
  <C, X, Y>(f: (carry: C, x: X) => readonly [C, Y]) =>
  <N extends number>(start: C, xs: Batched<X, N>): readonly [C, Batched<Y, N>] => {
    const [carry, rows] = [leaves(start, operation), leaves(xs, operation)]
    const length = lengthOf(operation, rows)
    let outputs: Y | undefined
    const [body, free] = close(
      (...vs) => {
        const [next, y] = f(
          refill(start, vs.slice(0, carry.length)) as C,
          refill(xs, vs.slice(carry.length)) as unknown as X
        )
        outputs = y
        return [...carriedOn(operation, start, next), ...leaves(y, operation)]
      },
      [...carry, ...rows.map(x => ({ dtype: x.dtype, shape: x.shape.slice(1) }))]
    )
    const results = applyControl(scanPrimitive, [...carry, ...rows, ...free], {
      body,
      length,
      carries: carry.length,
      sequences: rows.length,
      backwards: false
    })
    return [
      refill(start, results.slice(0, carry.length)) as C,
      refill(outputs, results.slice(carry.length)) as Batched<Y, N>
    ]
  }

/**
 * A left fold over the leading axis of `xs` that also gives every step's output, stacked: `jax.lax.scan`.
 *
 * However long, it is one equation; its derivatives are loops again.
 *
 * @throws a Mistake if sequences differ in length, or the carry changes its shape or dtype
 *
 * @example
 * import { Control, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const step = (total: Tensor.Tensor<[]>, x: Tensor.Tensor<[]>) => {
 *   const next = pipe(total, Tensor.add(x))
 *   return [next, next] as const
 * }
 * const [sum, sums] = Control.scan(step)(Tensor.scalar(0), Tensor.tensor([1, 2, 3]))
 * deepStrictEqual([Tensor.toArray(sum), Tensor.toArray(sums)], [6, [1, 3, 6]])
 */
export const scan: <C, X, Y>(
  f: (carry: C, x: X) => readonly [C, Y]
) => <N extends number>(start: C, xs: Batched<X, N>) => readonly [C, Batched<Y, N>] = /* @__PURE__ */ looping('scan')

/**
 * A left fold over the leading axis of `xs`: `jax.lax.fori_loop`, `reduce`.
 *
 * @throws a Mistake if sequences differ in length, or the carry changes its shape or dtype
 *
 * @example
 * import { Control, grad, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const product = Control.fold((total: Tensor.Tensor<[]>, x: Tensor.Tensor<[]>) => pipe(total, Tensor.mul(x)))
 * const f = (xs: Tensor.Tensor<[3]>) => product(Tensor.scalar(1), xs)
 * deepStrictEqual(Tensor.toArray(grad(f)(Tensor.tensor([2, 3, 4]))), [12, 8, 6])
 */
export const fold =
  <C, X>(f: (carry: C, x: X) => C) =>
  <N extends number>(start: C, xs: Batched<X, N>): C =>
    looping('fold')((carry: C, x: X) => [f(carry, x), []] as const)<N>(start, xs)[0]
