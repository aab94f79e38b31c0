/** How many of PyTorch's cases are about each name, and what the account of them lacks. */
import { casesOf } from '../oracle/oracle.js'
import type { Suite } from '../oracle/suite.js'
import { type About, oracleNames } from './oracle-names.js'

/** The number of cases by name with its namespace. */
export const oracleCounts = (suites: readonly Suite[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { file } of suites)
    for (const c of casesOf(file)) {
      const about: About = oracleNames[file]?.[c.kind] ?? []
      for (const name of typeof about === 'function' ? about(c) : about) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  return counts
}

/** Kinds that no name is given for, and kinds that are none of their file. */
export const unaccounted = (suites: readonly Suite[]): readonly string[] => [
  ...suites.flatMap(({ file, kinds }) => {
    const given = Object.keys(oracleNames[file] ?? {})
    return [
      ...kinds.filter(kind => !given.includes(kind)).map(kind => `${file}: ${kind} is about nothing`),
      ...given.filter(kind => !kinds.includes(kind)).map(kind => `${file}: there is no ${kind}`)
    ]
  }),
  ...Object.keys(oracleNames)
    .filter(file => !suites.some(suite => suite.file === file))
    .map(file => `there is no file ${file}`)
]
