/**
 * A law is data: a name, its algebra in one line, and a predicate on subjects, to be run by any test runner or by none.
 *
 * What is compared are numbers, within tolerances that each law states; closeness is never an `Eq`.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'

export { near } from './closeness.js'

/** A law of subjects of one kind: functions with a point, layers, optimizers, a user's own. */
export interface Law<A> {
  readonly name: string
  readonly statement: string
  /** Whether the law holds of a subject; the number is for what else has to be chosen, such as directions. */
  readonly holds: (subject: A, choice: number) => boolean
  /** The law as a fast-check property: `fc.assert(law.property(subjects))`. */
  readonly property: (subjects: fc.Arbitrary<A>) => fc.IPropertyWithHooks<[A, number]>
}

export const law = <A>(name: string, statement: string, holds: (subject: A, choice: number) => boolean): Law<A> => ({
  name,
  statement,
  holds,
  property: subjects => fc.property(subjects, fc.integer({ min: 0, max: 1_000_000 }), holds)
})

/** The same law of subjects of another kind that these can be made of. */
export const contramap =
  <A, B>(f: (subject: B) => A) =>
  ({ name, statement, holds }: Law<A>): Law<B> =>
    law(name, statement, (subject, choice) => holds(f(subject), choice))

export interface CheckOptions {
  readonly runs?: number
  readonly seed?: number
}

/**
 * Tries a law: how often it was found to hold, or a report with the smallest counterexample found. 100 runs unless told.
 *
 * @example
 * import { check, law } from 'cotangent/laws'
 * import fc from 'fast-check'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual, ok } from 'node:assert'
 *
 * const even = law('even', 'n mod 2 = 0', (n: number) => n % 2 === 0)
 * deepStrictEqual(check({ runs: 50 })(even)(fc.constantFrom(2, 4)), E.right(50))
 * ok(E.isLeft(check({ seed: 1 })(even)(fc.integer())))
 */
export const check =
  ({ runs = 100, seed }: CheckOptions = {}) =>
  <A>(tested: Law<A>) =>
  (subjects: fc.Arbitrary<A>): E.Either<string, number> => {
    const details = fc.check(tested.property(subjects), { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
    return details.failed
      ? E.left(
          `${tested.name} (${tested.statement}) does not hold:\n${fc.defaultReportMessage(details) ?? ''}${thrown(details.errorInstance)}`
        )
      : E.right(details.numRuns)
  }

/** What a law threw instead of being false, which fast-check leaves out of its report. */
const thrown = (error: unknown): string =>
  error instanceof Error && error.message !== 'Property failed by returning false' ? `\nIt threw ${error.message}` : ''
