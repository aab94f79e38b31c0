/** Copies between tensors of any strides: transposes, slices, reversals and repetitions made real. */
import { size } from '../../../structure/shape.js'
import {
  f64x2,
  i32,
  i32x4,
  local,
  nothing,
  type Statement,
  sequence,
  set,
  type Value,
  type Vector
} from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { moveElement } from './element.js'
import { type Axis, along, axesOf, inOrderOf, nested } from './loops.js'
import { copyRow, fillRow } from './row.js'
import { transpose } from './transpose.js'

/** The element at an address, in every lane of a vector. */
const repeatedAt = (address: Value<'i32'>, bytes: number): Value<Vector> =>
  bytes === 8
    ? f64x2.loadSplat(address)
    : bytes === 4
      ? i32x4.loadSplat(address)
      : i32x4.splat(i32.mul(i32.loadByte(address), i32.const(0x01010101)))

/**
 * `result` of the same shape and dtype gets the elements of `source`; any strides of both, which do not overlap. No byte between the
 * result's elements is written. Fast where neighbours in the result, along some axis, lie side by side.
 */
export const copy = ({ source, result }: { readonly source: Place; readonly result: Place }): Statement => {
  if (size(result.shape) === 0) return nothing
  const { dtype } = result
  const bytes = bytesOf[dtype]
  const { axes, bases } = inOrderOf(1, axesOf(result.shape, bytes, source.strides, result.strides), [
    source.base,
    result.base
  ])
  const [from, to] = [local('i32'), local('i32')]
  const over = (outer: readonly Axis[], body: Statement): Statement =>
    sequence(set(from, i32.const(bases[0]!)), set(to, i32.const(bases[1]!)), nested(outer, [from, to], body))
  const inner = axes[axes.length - 1]
  if (inner === undefined) return over([], moveElement[dtype](to, from))
  const outer = axes.slice(0, -1)
  const [sourceStep, resultStep] = inner.steps as [number, number]
  if (resultStep === bytes && sourceStep === bytes) return over(outer, copyRow(to, from, inner.extent * bytes))
  if (resultStep === bytes && sourceStep === 0)
    return over(outer, fillRow(to, repeatedAt(from, bytes), inner.extent * bytes))
  const lanes = 16 / bytes
  const columns = outer.find(({ steps, extent }) => steps[0] === bytes && extent >= lanes)
  if (resultStep === bytes && dtype !== 'bool' && columns && inner.extent >= lanes) {
    return over(
      outer.filter(axis => axis !== columns),
      transpose(to, from, {
        dtype,
        rows: inner.extent,
        sourceStep,
        columns: columns.extent,
        resultStep: columns.steps[1]!
      })
    )
  }
  return over(
    outer,
    along(inner, [from, to], ([fromOffset, toOffset]) => moveElement[dtype](to, from, toOffset, fromOffset))
  )
}
