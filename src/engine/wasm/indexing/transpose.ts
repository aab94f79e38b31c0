/** Rows to columns, a square of vectors at a time. */
import { i32, type Local, type Statement, sequence, share, type Value } from '../assembler.js'
import { cut, displaced, type Index, walk } from '../product/address.js'
import { float32, float64, transposed } from '../product/vectors.js'
import { moveElement } from './element.js'

export interface Transpose {
  readonly dtype: 'float32' | 'float64' | 'int32'
  /** Neighbours along rows lie side by side in the result and `sourceStep` bytes apart in the source. */
  readonly rows: number
  readonly sourceStep: number
  /** Neighbours along columns lie side by side in the source and `resultStep` bytes apart in the result. */
  readonly columns: number
  readonly resultStep: number
}

const square = (
  wide: boolean,
  to: Local<'i32'>,
  from: Local<'i32'>,
  { sourceStep, resultStep }: Transpose,
  ahead: number
): Statement => {
  const put = (column: number): Value<'i32'> => displaced(to, column * resultStep)
  const take = (row: number): Value<'i32'> => displaced(from, row * sourceStep)
  if (wide) {
    const bytes = 8 * ahead
    return transposed(
      float64(false),
      [0, 1].map(row => float64(false).load(take(row), bytes)),
      columns => sequence(...columns.map((column, i) => float64(false).store(put(ahead + i), column)))
    )
  }
  const bytes = 4 * ahead
  return transposed(
    float32(false),
    [0, 1, 2, 3].map(row => float32(false).load(take(row), bytes)),
    columns => sequence(...columns.map((column, i) => float32(false).store(put(ahead + i), column)))
  )
}

/** A cache line of each source row is used up before the next is looked at. */
const line = 64

export const transpose = (to: Value<'i32'>, from: Value<'i32'>, shape: Transpose): Statement => {
  const { dtype, rows, columns, sourceStep, resultStep } = shape
  const wide = dtype === 'float64'
  const bytes = wide ? 8 : 4
  const lanes = 16 / bytes
  const perLine = line / bytes
  const block = (target: Local<'i32'>, source: Local<'i32'>, height: number, width: number): Statement => {
    if (height === lanes && width % lanes === 0) {
      return sequence(
        ...Array.from({ length: width / lanes }, (_, i) => square(wide, target, source, shape, i * lanes))
      )
    }
    const single = moveElement[dtype]
    return sequence(
      ...Array.from({ length: height * width }, (_, i) => {
        const [row, column] = [Math.floor(i / width), i % width]
        return single(target, source, column * resultStep + row * bytes, column * bytes + row * sourceStep)
      })
    )
  }
  const moved = (from: Value<'i32'>, index: Index, step: number): Value<'i32'> =>
    typeof index === 'number' ? displaced(from, index * step) : i32.add(from, i32.mul(index, i32.const(step)))
  const whole = columns - (columns % lanes)
  const widths = [...cut(whole, perLine), ...cut(columns - whole, 1)]
  return walk(widths, (column, width) =>
    walk([...cut(rows - (rows % lanes), lanes), ...cut(rows % lanes, 1)], (row, height) =>
      share(moved(moved(to, column, resultStep), row, bytes), target =>
        share(moved(moved(from, column, bytes), row, sourceStep), source => block(target, source, height, width))
      )
    )
  )
}
