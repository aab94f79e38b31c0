/** Families of laws: how many of each a name passes, counted from the lists and tables that the tests go through. */
import fc from 'fast-check'
import type { Law } from '../../laws/law.js'

/** The number of laws by name. */
export type Counts = ReadonlyMap<string, number>
export interface Family {
  readonly name: string
  /** What the laws say, for readers of the document. */
  readonly about: string
  readonly counts: Counts
  /** The test that runs the laws, and what it has to say to do so. */
  readonly test: string
  readonly runs: readonly string[]
}
type Some = { readonly length: number }

/** Each law of a list is run on each name of a table. */
export const every = (table: object, laws: Some): Counts =>
  new Map(Object.keys(table).map(name => [name, laws.length] as const))
/** Of several counts. */
export const total = (...all: readonly Counts[]): Counts => {
  const sum = new Map<string, number>()
  for (const counts of all) for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count)
  return sum
}
/** Under the names that the library has, several perhaps for one; those that it has not are left out. */
export const renamed = (counts: Counts, names: Readonly<Record<string, readonly string[]>>): Counts =>
  total(...[...counts].map(([name, count]) => new Map((names[name] ?? [name]).map(each => [each, count] as const))))

/** A law, as one that is only tried, and the subjects to try it on. */
export interface Trial {
  readonly name: string
  readonly attempt: () => void
}
export const trials = <A>(laws: readonly Law<A>[], subjects: fc.Arbitrary<A>): readonly Trial[] => {
  const drawn = fc.sample(subjects, { numRuns: 8, seed: 1 })
  return laws.map(law => ({ name: law.name, attempt: () => drawn.forEach((subject, i) => law.holds(subject, 5 * i)) }))
}

/**
 * Laws that are about several words together: those that a word is used in, found by trying the laws with words that tell when they
 * are used.
 */
export const used = <W extends object>(words: W, lawsOf: (words: W) => readonly Trial[]): Counts => {
  const seen = new Set<string>()
  const telling = (name: string, value: unknown): unknown =>
    typeof value === 'function'
      ? (...given: readonly unknown[]) => {
          seen.add(name)
          return value(...given)
        }
      : typeof value === 'object' && value !== null
        ? new Proxy(value, {
            get: (of, property) => {
              seen.add(name)
              return Reflect.get(of, property)
            }
          })
        : value
  const told = Object.fromEntries(Object.entries(words).map(([name, value]) => [name, telling(name, value)])) as W
  return total(
    ...lawsOf(told).map(({ attempt }) => {
      seen.clear()
      attempt()
      return new Map([...seen].map(name => [name, 1] as const))
    })
  )
}
