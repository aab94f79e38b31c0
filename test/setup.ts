/**
 * Every property test of a run draws from one fixed seed, so that a failure is the same failure tomorrow.
 * `FC_SEED=random` (or a number) looks elsewhere; fast-check prints the seed of whatever fails.
 */
import * as fc from 'fast-check'

const asked = process.env['FC_SEED']

fc.configureGlobal(asked === 'random' ? {} : { seed: Number(asked ?? 20) })
