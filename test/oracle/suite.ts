/** The kinds of one file that the library has, and how a case of one is checked. */

import { later } from './later.js'
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
  readonly run: readonly Case[]
  readonly left: readonly Case[]
  /** What nobody accounts for, what is accounted for twice, and what is accounted for though it is not in the file. */
  readonly wrong: readonly string[]
}

/** Which cases of a file are run, its kinds being those of a table, and which are left for later. */
export const account = (file: string, kinds: readonly string[]): Account => {
  const cases = casesOf(file)
  const postponed = Object.values(later[file] ?? {}).flat()
  const told = [...kinds, ...postponed]
  const isLeft = ({ kind, name }: Case): boolean => postponed.includes(kind) || postponed.includes(name)
  const [found, names] = [[...new Set(cases.map(c => c.kind))], cases.map(c => c.name)]
  return {
    file,
    cases,
    run: cases.filter(c => !isLeft(c)),
    left: cases.filter(isLeft),
    wrong: [
      ...found.filter(kind => !told.includes(kind)).map(kind => `${kind}: neither in the table nor left for later`),
      ...told.filter(each => !found.includes(each) && !names.includes(each)).map(each => `${each}: not in the oracle`),
      ...told.filter((each, i) => told.indexOf(each) !== i).map(each => `${each}: accounted for twice`),
      ...cases.filter(c => postponed.includes(c.kind) && postponed.includes(c.name)).map(c => `${c.name}: left twice`),
      ...names.filter((name, i) => names.indexOf(name) !== i).map(name => `${name}: two cases of one name`)
    ]
  }
}
