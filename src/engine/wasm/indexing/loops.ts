/** Loops over the axes of several tensors at once, a pointer each. */
import type { Shape } from '../../../structure/shape.js'
import { branchIf, i32, type Local, label, local, loop, type Statement, sequence, set } from '../assembler.js'

/** How often, and how many bytes each pointer moves from one time to the next. */
export interface Axis {
  readonly extent: number
  readonly steps: readonly number[]
}

export const axesOf = (shape: Shape, bytes: number, ...strides: readonly (readonly number[])[]): readonly Axis[] =>
  shape.map((extent, axis) => ({ extent, steps: strides.map(each => each[axis]! * bytes) }))

const follows = (outer: Axis, inner: Axis): boolean =>
  outer.steps.every((step, i) => step === inner.steps[i]! * inner.extent)

/** The same loops, fewer: none that runs once, and one for two where the outer goes on as the inner does. */
export const merged = (axes: readonly Axis[]): readonly Axis[] => {
  const done: Axis[] = []
  for (const inner of axes) {
    const outer = done[done.length - 1]
    if (inner.extent === 1) continue
    if (outer && follows(outer, inner))
      done[done.length - 1] = { extent: outer.extent * inner.extent, steps: inner.steps }
    else done.push(inner)
  }
  return done
}

/** The same indices in the order in which one of the pointers, number `by`, passes over memory from its beginning to its end. */
export const inOrderOf = (
  by: number,
  axes: readonly Axis[],
  bases: readonly number[]
): { readonly axes: readonly Axis[]; readonly bases: readonly number[] } => {
  const backwards = axes.filter(({ steps }) => steps[by]! < 0)
  const turned = axes.map(axis =>
    axis.steps[by]! < 0 ? { extent: axis.extent, steps: axis.steps.map(step => -step) } : axis
  )
  return {
    axes: merged(turned.filter(({ extent }) => extent > 1).sort((a, b) => b.steps[by]! - a.steps[by]!)),
    bases: bases.map((base, i) => backwards.reduce((sum, { extent, steps }) => sum + (extent - 1) * steps[i]!, base))
  }
}

const advance = (pointers: readonly Local<'i32'>[], steps: readonly number[]): readonly Statement[] =>
  pointers.flatMap((p, i) => (steps[i] === 0 ? [] : [set(p, i32.add(p, i32.const(steps[i]!)))]))

/** Runs the body so many times, at least once. */
export const times = (count: number, ...body: readonly Statement[]): Statement => {
  if (count === 1) return sequence(...body)
  const [left, again] = [local('i32'), label()]
  return sequence(
    set(left, i32.const(count)),
    loop(again, ...body, set(left, i32.sub(left, i32.const(1))), branchIf(again, left))
  )
}

/** The body, which leaves the pointers as they were, at every index, the last axis fastest. Afterwards they are past the end of the first axis. */
export const nested = (axes: readonly Axis[], pointers: readonly Local<'i32'>[], body: Statement): Statement => {
  const [axis, ...inner] = axes
  if (axis === undefined) return body
  // The inner loops have moved the pointers already.
  const moved = inner[0] ? inner[0].steps.map(step => step * inner[0]!.extent) : axis.steps.map(() => 0)
  return times(
    axis.extent,
    nested(inner, pointers, body),
    ...advance(
      pointers,
      axis.steps.map((step, i) => step - moved[i]!)
    )
  )
}

/** So many elements are handled by one round of a loop: the counter is a third of the work otherwise. */
const unrolled = 4
const short = 8

/** One axis, several elements a round: the body gets where each pointer is to look, in bytes from where it points. */
export const along = (
  { extent, steps }: Axis,
  pointers: readonly Local<'i32'>[],
  body: (offsets: readonly number[]) => Statement
): Statement => {
  const bodies = (count: number): readonly Statement[] =>
    Array.from({ length: count }, (_, i) => body(steps.map(step => i * step)))
  if (extent <= short) return sequence(...bodies(extent))
  const rounds = Math.floor(extent / unrolled)
  const forth = steps.map(step => step * unrolled)
  return sequence(
    times(rounds, ...bodies(unrolled), ...advance(pointers, forth)),
    ...bodies(extent % unrolled),
    ...advance(
      pointers,
      forth.map(step => -step * rounds)
    )
  )
}
