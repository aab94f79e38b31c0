/** Control as steps: loops whose carry stays in place, and a branch. */
import type { Closed } from '../../control/closed.js'
import type { Loop as ScanLoop } from '../../control/scan.js'
import type { While } from '../../control/while.js'
import { size } from '../../structure/shape.js'
import type { Type } from '../../tensor/tensor.js'
import { i32, type Value } from './assembler.js'
import { type Builder, copied, dense, kernel, moveTo, room } from './builder.js'
import { bytesOf } from './kernel.js'
import type { Succession } from './order.js'
import type { Step } from './step.js'
import { copyStretch } from './stretch.js'
import { type Buffer, bufferFor, type Scope, type View, whole } from './view.js'

type Lower = (to: Builder, body: Closed, given: readonly View[], successions?: readonly Succession[]) => readonly View[]

export const branch =
  (lower: Lower) =>
  (
    to: Builder,
    [condition, ...inputs]: readonly View[],
    { yes, no }: { readonly yes: Closed; readonly no: Closed },
    types: readonly Type[]
  ): readonly View[] => {
    const results = types.map(type => room(to, type))
    const side = (body: Closed): readonly Step[] => {
      const steps: Step[] = []
      const inner = to.inner(to.scope, steps)
      lower(inner, body, inputs).forEach((from, i) => {
        moveTo(inner, from, results[i]!)
      })
      return steps
    }
    to.emit({ kind: 'branch', condition: condition!, yes: side(yes), no: side(no) })
    return results
  }

/** The address of row number `counter` of a dense tensor, in steps of so many bytes; backwards it counts from the end. */
const rowAddress = (
  base: number,
  rowBytes: number,
  counter: number,
  length: number,
  backwards: boolean
): Value<'i32'> => {
  const index = i32.load(i32.const(counter))
  const row = backwards ? i32.sub(i32.const(length - 1), index) : index
  return i32.add(i32.const(base), i32.mul(row, i32.const(rowBytes)))
}

/**
 * Moves the first results over what was carried. All that is read out of the old carry is copied before any of it is overwritten.
 * Gives the places of the other results.
 */
export const replaceCarried = (to: Builder, carried: readonly View[], made: readonly View[]): readonly View[] => {
  const old = new Set(carried.map(view => view.buffer))
  const safe = made.map((view, i) => (view === carried[i] || !old.has(view.buffer) ? view : copied(to, view)))
  safe.slice(0, carried.length).forEach((view, i) => {
    if (view !== carried[i]) moveTo(to, view, carried[i]!)
  })
  return safe.slice(carried.length)
}

/** What a loop carries is overwritten in each step, so it begins as a copy. */
const carriedFrom = (to: Builder, start: readonly View[]): readonly View[] =>
  start.map(x => {
    const target = room(to, x)
    moveTo(to, x, target)
    return target
  })
/** Each carry gives way to the result in its place. */
const successionsOf = ({ parameters, results }: Closed, carries: number): readonly Succession[] =>
  parameters.slice(0, carries).map((p, i): Succession => [p, results[i]!])

export const loop =
  (lower: Lower) =>
  (to: Builder, inputs: readonly View[], attributes: ScanLoop, types: readonly Type[]): readonly View[] => {
    const { body, length, carries, sequences, backwards } = attributes
    const start = inputs.slice(0, carries)
    const rows = inputs.slice(carries, carries + sequences)
    if (length === 0) return [...start, ...types.slice(carries).map(type => room(to, type))]
    const scope: Scope = { parent: to.scope }
    const counter: Buffer = bufferFor({ shape: [], dtype: 'int32' }, to.scope)
    const counterView = whole(counter, { shape: [], dtype: 'int32' })
    const carried = carriedFrom(to, start)
    const stacks = types.slice(carries).map(type => room(to, type))
    const steps: Step[] = []
    const inner = to.inner(scope, steps)
    /** Copies between a row of a sequence and a buffer of the body. */
    const copyRow = (sequence: View, part: View, into: boolean): void => {
      const rowBytes = size(part.shape) * bytesOf[part.dtype]
      inner.emit(
        kernel({
          name: 'row',
          reads: [counterView, into ? part : sequence],
          writes: [into ? sequence : part],
          complete: !into,
          cost: 5 + rowBytes / 16,
          code: place => {
            const row = rowAddress(place(sequence).base, rowBytes, place(counterView).base, length, backwards)
            const other = i32.const(place(part).base)
            return into ? copyStretch(row, other, rowBytes) : copyStretch(other, row, rowBytes)
          }
        })
      )
    }
    const rowViews = rows.map(sequence => {
      const type = { dtype: sequence.dtype, shape: sequence.shape.slice(1) }
      const part = room(inner, type)
      copyRow(dense(to, sequence), part, false)
      return part
    })
    const made = lower(
      inner,
      body,
      [...carried, ...rowViews, ...inputs.slice(carries + sequences)],
      successionsOf(body, carries)
    )
    made.slice(carries).forEach((x, i) => {
      copyRow(stacks[i]!, dense(inner, x), true)
    })
    replaceCarried(inner, carried, made.slice(0, carries))
    to.emit({ kind: 'loop', scope, times: length, counter, body: steps })
    return [...carried, ...stacks]
  }

export const loopWhile =
  (lower: Lower) =>
  (to: Builder, inputs: readonly View[], { condition, body, carries }: While): readonly View[] => {
    const scope: Scope = { parent: to.scope }
    const carried = carriedFrom(to, inputs.slice(0, carries))
    const given = [...carried, ...inputs.slice(carries)]
    const test: Step[] = []
    const [goesOn] = lower(to.inner(scope, test), condition, given)
    const steps: Step[] = []
    const inner = to.inner(scope, steps)
    replaceCarried(inner, carried, lower(inner, body, given, successionsOf(body, carries)))
    to.emit({ kind: 'while', scope, test, condition: goesOn!, body: steps })
    return carried
  }
