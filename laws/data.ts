/** What must hold of ways to split and batch data: nothing is lost, doubled or torn apart. */
import fc from 'fast-check'
import * as Library from '../src/data/dataset.js'
import { concat } from '../src/primitive/window.js'
import { type Key, key } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import { constant, elements, known, type Tensor } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'
import { type Law, law } from './law.js'
import { identical } from './same.js'

type Rows = Library.Dataset<{ readonly inputs: Tensor }, Tensor>
/** Data whose rows are all different, and how to go through it. */
export interface DataCase {
  readonly data: Rows
  readonly rows: number
  readonly size: number
  readonly fraction: number
  readonly dropLast: boolean
  readonly key: Key
}
export interface Handling {
  readonly split: typeof Library.split
  readonly batches: typeof Library.batches
  readonly draw: typeof Library.draw
  readonly select: typeof Library.select
}
export const library: Handling = Library

/** Each row as one text, all of its tensors together. */
const rowsOf = (data: Rows): readonly string[] =>
  range(Library.size(data)).map(i =>
    JSON.stringify(leaves(Library.select([i])(data)).map(leaf => Array.from(elements(known('a law')(leaf)))))
  )
const sorted = (rows: readonly string[]): readonly string[] => [...rows].sort()
const joined = (parts: readonly Rows[]): Rows => ({
  x: { inputs: concat(0)(parts.map(part => part.x.inputs)) },
  y: concat(0)(parts.map(part => part.y))
})

export const dataLaws = ({ split, batches, draw, select }: Handling = library): readonly Law<DataCase>[] => {
  const drawn = ({ data, size, dropLast, key }: DataCase, shuffle: boolean, dropping = dropLast): readonly Rows[] => [
    ...draw(key)(batches({ size, shuffle, dropLast: dropping && size <= Library.size(data) })(data))
  ]
  return [
    law('a split is a partition', 'the rows of both parts are the rows of the data, each once, and whole', subject => {
      const { data, rows, fraction, key } = subject
      if (rows < 2) return true
      const { train, validation } = split({ fraction, key })(data)
      return (
        identical(sorted([...rowsOf(train), ...rowsOf(validation)]), sorted(rowsOf(data))) &&
        rowsOf(validation).length === Math.min(rows - 1, Math.max(1, Math.floor(rows * fraction)))
      )
    }),
    law(
      'a split is drawn by its key',
      'the same key gives the same parts',
      ({ data, rows, fraction, key }) =>
        rows < 2 || identical(split({ fraction, key })(data), split({ fraction, key })(data))
    ),
    law('batches in order', 'concat(batches) = data, where nothing is shuffled or dropped', subject =>
      identical(joined(drawn(subject, false, false)), subject.data)
    ),
    law('shuffled batches', 'concat(batches) is a permutation of data, drawn by the key', subject => {
      const found = drawn(subject, true, false)
      return (
        identical(sorted(found.flatMap(rowsOf)), sorted(rowsOf(subject.data))) &&
        identical(found, drawn(subject, true, false))
      )
    }),
    law(
      'sizes of batches',
      '⌈n / size⌉ batches, all but the last full; the last is dropped only where that is asked for',
      subject => {
        const { rows, size } = subject
        const drops = subject.dropLast && size <= rows
        const count = drops ? Math.floor(rows / size) : Math.ceil(rows / size)
        return [false, true].every(shuffle => {
          const found = drawn(subject, shuffle).map(batch => rowsOf(batch).length)
          return (
            found.length === count &&
            found.every((n, i) => n === (i < count - 1 || drops ? Math.min(size, rows) : rows - size * (count - 1)))
          )
        })
      }
    ),
    law('dropping loses the last alone', 'with dropLast the full batches are those without it', subject =>
      [false, true].every(shuffle => {
        const [kept, all] = [drawn(subject, shuffle, true), drawn(subject, shuffle, false)]
        return identical(kept, all.slice(0, kept.length))
      })
    ),
    law('selection', 'select(is)(data) has the rows is, in this order, whole', ({ data, rows, size }) => {
      const indices = range(size).map(i => (i * 7 + size) % rows)
      const all = rowsOf(data)
      return identical(
        rowsOf(select(indices)(data)),
        indices.map(i => all[i])
      )
    })
  ]
}

export const dataCase: fc.Arbitrary<DataCase> = fc
  .record({
    rows: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 10 }),
    fraction: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    dropLast: fc.boolean(),
    key: fc.nat(10_000).map(key)
  })
  .map(rest => {
    const { rows } = rest
    const inputs = constant(
      [rows, 2],
      'float32',
      Float32Array.from({ length: 2 * rows }, (_, i) => i)
    )
    return { ...rest, data: { x: { inputs }, y: constant([rows], 'int32', Int32Array.from(range(rows))) } }
  })
