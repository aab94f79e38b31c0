/** Rows of a table by number. */
import { size } from '../../../structure/shape.js'
import type { Statement } from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { copyRow } from './row.js'
import { eachRow } from './rows-by-number.js'

export interface Take {
  readonly table: Place
  readonly indices: Place
  readonly result: Place
}
/** All dense. A number that is no row's stops the program. */
export const take = ({ table, indices, result }: Take): Statement => {
  const rowBytes = size(table.shape.slice(1)) * bytesOf[table.dtype]
  return eachRow(indices, { base: table.base, rows: table.shape[0]!, rowBytes }, result.base, (row, own) =>
    copyRow(own, row, rowBytes)
  )
}
