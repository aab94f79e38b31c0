/** Whether a law holds of subjects, and whether it catches what breaks it. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import { check, type Law } from '../../laws/law.js'

/** How many times as often as usual: `FC_TIMES=10 FC_SEED=random npx vitest run test/laws` looks for what is rare. */
const times = Number(process.env['FC_TIMES'] ?? 1)
/** Tried with the samples of the run: see `test/setup.ts`. */
export const holds = <A>(law: Law<A>, subjects: fc.Arbitrary<A>, usually: number): void => {
  const runs = usually * times
  expect(check({ runs })(law)(subjects)).toEqual(E.right(runs))
}

/** Caught within a run count, whatever the seed; nobody reads a smallest counterexample, which would take most of the time. */
export const fails = <A>(law: Law<A> | undefined, subjects: fc.Arbitrary<A>, runs = 100): void => {
  if (law === undefined) throw new Error('no such law')
  const drawn = fc.noShrink(subjects)
  for (const seed of [1, 2, 3, 4, 5]) expect(check({ runs, seed })(law)(drawn)).toMatchObject({ _tag: 'Left' })
}
export const named = <A>(laws: readonly Law<A>[], name: string): Law<A> | undefined =>
  laws.find(law => law.name === name)

/** A right thing with something wrong about it. */
export const but = <P extends object>(right: P, wrong: Partial<P>): P => ({ ...right, ...wrong })
