/** Windows laid over one another and added up where they overlap. */
import type { Overlap } from '../../../primitive/windows.js'
import type { Dtype } from '../../../structure/dtype.js'
import { range, size } from '../../../structure/shape.js'
import { i32, type Local, local, nothing, type Scalar, type Statement, sequence, set } from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { evenSize, reach } from '../product/address.js'
import * as vectors from '../product/vectors.js'
import { bool, type Element, float32, float64, int32 } from './element.js'
import { type Axis, along, inOrderOf, nested } from './loops.js'
import { zeroRow } from './row.js'

type Row = Local<'i32'>
/** Adds the elements along an axis from one pointer to those of another, and leaves both as they were. */
type AddRow = (to: Row, from: Row, inner: Axis) => Statement

const addElements =
  <T extends Scalar>({ load, store, add }: Element<T>): AddRow =>
  (to, from, inner) =>
    along(inner, [from, to], ([fromOffset, toOffset]) => {
      const [target, at] = reach(to, toOffset!)
      return store(target, add(load(target, at), load(...reach(from, fromOffset!))), at)
    })
const addVectors =
  <V extends vectors.Kind, T extends Scalar>(
    { lanes, bytes, load, store, add }: vectors.Vectors<V>,
    element: Element<T>
  ): AddRow =>
  (to, from, inner) => {
    if (!inner.steps.every(step => step === bytes)) return addElements(element)(to, from, inner)
    const whole = Math.floor(inner.extent / lanes)
    const rest = range(inner.extent % lanes).map(lane => (whole * lanes + lane) * bytes)
    return sequence(
      along({ extent: whole, steps: [16, 16] }, [from, to], ([a, b]) => store(to, add(load(to, b), load(from, a)), b)),
      ...rest.map(at => element.store(to, element.add(element.load(to, at), element.load(from, at)), at))
    )
  }
/** Bools are added as the bytes that they are, as the interpreter does. */
const addRow: Readonly<Record<Dtype, AddRow>> = {
  float32: addVectors(vectors.float32(false), float32),
  float64: addVectors(vectors.float64(false), float64),
  int32: addVectors(vectors.int32, int32),
  bool: addElements(bool)
}

export interface OverlapAdd extends Omit<Overlap, 'extent'> {
  /** Any strides. */
  readonly source: Place
  /** Elements side by side, its axes in any order. */
  readonly result: Place
}
/** As many bytes as stay in the first-level cache beside what is added to them. */
const nearBytes = 8192

/**
 * Some of the result at a time is set to zero and has all that belongs to it added, so that it is in the cache meanwhile: stretches along which windows
 * overlap, and as many of them as are near, because a vector that is loaded across the ends of two that have just been stored waits for both.
 */
export const overlapAdd = ({ source, result, axis, step, dilation }: OverlapAdd): Statement => {
  const { shape, dtype } = result
  if (size(shape) === 0) return nothing
  const bytes = bytesOf[dtype]
  /** An axis of the result beside the windows. */
  const beside = (a: number): Axis => ({
    extent: shape[a]!,
    steps: [source.strides[a < axis ? a : a + 1]! * bytes, result.strides[a]! * bytes]
  })
  const stride = result.strides[axis]!
  const others = range(shape.length).filter(a => a !== axis && shape[a] !== 1)
  const outer = inOrderOf(1, others.filter(a => result.strides[a]! >= stride).map(beside), [0, 0]).axes
  const inner = others.filter(a => result.strides[a]! < stride).map(beside)
  const stretch = shape[axis]! * size(inner.map(({ extent }) => extent)) * bytes
  const [count, window] = [source.shape[axis]!, source.shape[axis + 1]!]
  const windows: Axis = { extent: count, steps: [source.strides[axis]! * bytes, stride * step * bytes] }
  const inside: Axis = { extent: window, steps: [source.strides[axis + 1]! * bytes, stride * dilation * bytes] }
  const [outerFrom, outerTo, from, to] = [local('i32'), local('i32'), local('i32'), local('i32')]
  const [reading, target] = [local('i32'), local('i32')]
  /** So many stretches, one behind the other. */
  const added = (stretches: Axis): Statement => {
    const rows = inOrderOf(1, [stretches, windows, ...inner], [0, 0]).axes
    const row = rows[rows.length - 1] ?? { extent: 1, steps: [bytes, bytes] }
    return sequence(
      zeroRow(to, stretches.extent * stretch),
      set(reading, from),
      set(target, to),
      count === 0
        ? nothing
        : nested([inside, ...rows.slice(0, -1)], [reading, target], addRow[dtype](target, reading, row))
    )
  }
  const last = outer[outer.length - 1] ?? { extent: 1, steps: [0, 0] }
  const near = evenSize(last.extent, Math.max(1, Math.floor(nearBytes / stretch)), 1)
  const rest = last.extent % near
  const whole: Axis = { extent: Math.floor(last.extent / near), steps: last.steps.map(by => by * near) }
  return sequence(
    set(outerFrom, i32.const(source.base)),
    set(outerTo, i32.const(result.base)),
    nested(
      outer.slice(0, -1),
      [outerFrom, outerTo],
      sequence(
        set(from, outerFrom),
        set(to, outerTo),
        nested([whole], [from, to], added({ ...last, extent: near })),
        rest === 0 ? nothing : added({ ...last, extent: rest })
      )
    )
  )
}
