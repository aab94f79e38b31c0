/** Rows added up by number. */
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import { i32, type Local, type Scalar, type Statement, sequence } from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import * as vectors from '../product/vectors.js'
import { bool, type Element, float32, float64, int32 } from './element.js'
import { along } from './loops.js'
import { zeroRow } from './row.js'
import { eachRow } from './rows-by-number.js'

type Row = Local<'i32'>

const addElements =
  <T extends Scalar>({ bytes, load, store, add }: Element<T>) =>
  (to: Row, from: Row, count: number, skipped = 0): Statement =>
    along({ extent: count, steps: [bytes, bytes] }, [to, from], ([toOffset, fromOffset]) => {
      const [a, b] = [toOffset! + skipped * bytes, fromOffset! + skipped * bytes]
      return store(to, add(load(to, a), load(from, b)), a)
    })
const addVectors =
  <V extends vectors.Kind, T extends Scalar>({ lanes, load, store, add }: vectors.Vectors<V>, element: Element<T>) =>
  (to: Row, from: Row, count: number): Statement => {
    const whole = Math.floor(count / lanes)
    return sequence(
      along({ extent: whole, steps: [16, 16] }, [to, from], ([a, b]) => store(to, add(load(to, a), load(from, b)), a)),
      addElements(element)(to, from, count % lanes, whole * lanes)
    )
  }
/** Bools are added as the bytes that they are, as the interpreter does. */
const addRow: Readonly<Record<Dtype, (to: Row, from: Row, count: number) => Statement>> = {
  float32: addVectors(vectors.float32(false), float32),
  float64: addVectors(vectors.float64(false), float64),
  int32: addVectors(vectors.int32, int32),
  bool: addElements(bool)
}

export interface ScatterAdd {
  readonly updates: Place
  readonly indices: Place
  readonly result: Place
}
/** All dense. Updates of one row are added in order; a number that is no row's stops the program. */
export const scatterAdd = ({ updates, indices, result }: ScatterAdd): Statement => {
  const { dtype, shape, base } = result
  const width = size(shape.slice(1))
  const rowBytes = width * bytesOf[dtype]
  return sequence(
    zeroRow(i32.const(base), shape[0]! * rowBytes),
    eachRow(indices, { base, rows: shape[0]!, rowBytes }, updates.base, (row, own) => addRow[dtype](row, own, width))
  )
}
