/** The kinds of one file that the library has, and how a case of one is checked. */

import { type Case, casesOf, checkMeaning, type Meaning } from './oracle.js'
import { atOnce, type Way } from './ways.js'

export interface Suite {
  readonly file: string
  readonly kinds: readonly string[]
  /** Where the library differs from PyTorch, run in some way, at once unless given: nothing, if it does not. */
  readonly check: (c: Case, way?: Way) => readonly string[]
}

/** From a table of meanings by kind, whatever a meaning is in this file. */
export const suite = <M>(
  file: string,
  table: Readonly<Record<string, M>>,
  check: (meaning: M, c: Case, way: Way) => readonly string[]
): Suite => ({ file, kinds: Object.keys(table), check: (c, way = atOnce) => check(table[c.kind]!, c, way) })

/** For files whose kinds are functions of tensors. */
export const functions = (file: string, table: Readonly<Record<string, Meaning>>): Suite =>
  suite(file, table, checkMeaning)

export interface Account {
  readonly file: string
  readonly cases: readonly Case[]
  /** Kinds that nobody implements, and what is implemented though it is not in the file. */
  readonly wrong: readonly string[]
}

/** The cases of a file, whose kinds should be those of a table. */
export const account = (file: string, kinds: readonly string[]): Account => {
  const cases = casesOf(file)
  const [found, names] = [[...new Set(cases.map(c => c.kind))], cases.map(c => c.name)]
  return {
    file,
    cases,
    wrong: [
      ...found.filter(kind => !kinds.includes(kind)).map(kind => `${kind}: not implemented`),
      ...kinds.filter(kind => !found.includes(kind)).map(kind => `${kind}: not in the oracle`),
      ...names.filter((name, i) => names.indexOf(name) !== i).map(name => `${name}: two cases of one name`)
    ]
  }
}
