/** The laws of matrices on matrices of all kinds, those of derivatives and transformations on each function; and what breaks them. */
import { describe, expect, test } from 'vitest'
import { derivativeLaws } from '../../laws/derivatives.js'
import { type MatrixWords, matrixCases, matrixFunctions, matrixLaws } from '../../laws/linear-algebra.js'
import { commutingLaws, functionLaws } from '../../laws/transformations.js'
import * as _ from '../../src/LinearAlgebra.js'
import { mul } from '../../src/primitive/arithmetic.js'
import { but, fails, holds, named } from './verdict.js'

const names = Object.keys(matrixFunctions) as readonly (keyof typeof matrixFunctions)[]

test('every function of matrices is in the table', () => {
  expect([...names].sort()).toEqual(Object.keys(_).sort())
})
describe('matrices', () => {
  test.each(matrixLaws(_))('$name: $statement', law => holds(law, matrixCases, 60))
})
describe('functions of matrices', () => {
  test.each(names)('%s obeys the laws of derivatives and transformations', name => {
    for (const law of [...derivativeLaws, ...functionLaws, ...commutingLaws])
      holds(law, matrixFunctions[name], name === 'svd' || name === 'eigh' ? 3 : 6)
  })
})

describe('a broken function is caught', () => {
  const broken: readonly (readonly [string, string, Partial<MatrixWords>])[] = [
    ['factors of the transposed matrix', 'LU', { lu: a => _.lu(mul(a, 2)) }],
    ['columns that are not orthonormal', 'QR', { qr: a => ({ q: mul(_.qr(a).q, 2), r: mul(_.qr(a).r, 0.5) }) }],
    ['values in ascending order', 'singular values', { svd: a => ({ ..._.svd(a), values: mul(_.svd(a).values, -1) }) }],
    ['half of each value', 'eigenvalues', { eigh: a => ({ ..._.eigh(a), values: mul(_.eigh(a).values, 0.5) }) }],
    ['the other root', 'Cholesky', { cholesky: a => mul(_.cholesky(a), -1) as never }],
    ['half of the nearest', 'least squares', { leastSquares: a => b => mul(_.leastSquares(a)(b), 0.5) }],
    ['twice the solution', 'solutions', { solve: a => b => mul(_.solve(a)(b), 2) as typeof b }],
    [
      'a transposition forgotten',
      'triangular solutions',
      { triangularSolve: o => _.triangularSolve({ ...o, transpose: false }) }
    ],
    [
      'the sign forgotten',
      'determinants',
      { slogdet: a => ({ ..._.slogdet(a), sign: mul(_.slogdet(a).sign, _.slogdet(a).sign) }) }
    ]
  ]
  test.each(broken)('%s', (_name, law, wrong) => fails(named(matrixLaws(but<MatrixWords>(_, wrong)), law), matrixCases))
})
