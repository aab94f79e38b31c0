/** What must hold of factorisations, systems and spectra of matrices; and the functions as cases for the laws of derivatives. */
import fc from 'fast-check'
import * as Library from '../src/LinearAlgebra.js'
import * as matrix from '../src/linear-algebra/matrix.js'
import { add, mul, sub } from '../src/primitive/arithmetic.js'
import { abs, exp } from '../src/primitive/elementary.js'
import { amax } from '../src/primitive/extremum.js'
import { reshape } from '../src/primitive/movement.js'
import { concat } from '../src/primitive/window.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { constant, item, type Tensor } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'
import { between, real } from './arbitrary.js'
import type { Case } from './case.js'
import { member, nearTrees, stack } from './closeness.js'
import { type Law, law } from './law.js'

/** What laws of matrices are about: this library's words, or an instance that may be wrong. */
export type MatrixWords = typeof Library

/** A matrix with rows, columns and elements, a square one far from singular, a symmetric one, and right sides. */
export interface MatrixCase {
  readonly any: Tensor
  readonly square: Tensor
  readonly symmetric: Tensor
  readonly sides: Tensor
}

const extent = fc.integer({ min: 1, max: 5 })
const diagonalOf = (n: number, value: (i: number) => number): Tensor =>
  constant(
    [n, n],
    'float64',
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? value(i / (n + 1)) : 0))
  )
/** Rows of zeros, equal rows, and numbers of very different sizes among them. */
const anyMatrix = (shape: Shape): fc.Arbitrary<Tensor> =>
  fc
    .tuple(
      real(shape),
      fc.constantFrom(1, 1e-8, 1e8),
      fc.constantFrom<'all' | 'zeros' | 'equal'>('all', 'zeros', 'equal')
    )
    .map(([x, scale, kind]) => {
      const rows = range(shape[0]!).map(i => member(x, i))
      const [first] = rows
      const changed = rows.map((row, i) =>
        i % 2 === 1 ? (kind === 'zeros' ? mul(row, 0) : kind === 'equal' ? first! : row) : row
      )
      return mul(stack(changed), scale)
    })

export const matrixCases: fc.Arbitrary<MatrixCase> = fc
  .tuple(extent, extent, extent)
  .chain(([m, n, k]) => fc.record({ any: anyMatrix([m, n]), near: real([n, n]), sides: real([n, k]) }))
  .map(({ any, near, sides }) => {
    const n = near.shape[0]!
    return {
      any,
      square: add(
        near,
        diagonalOf(n, i => (i % 2 === 0 ? 6 : -6))
      ),
      symmetric: matrix.symmetric(near),
      sides
    }
  })

const { product, transposedProduct, productTransposed, transposed, identity } = matrix
const largest = (x: Tensor): number => item('a law')(amax(range(x.shape.length))(abs(x)))
/** Near in the sense of backward error: relative to the size of the whole matrix. */
const nearWhole = (a: Tensor, b: Tensor): boolean => largest(sub(a, b)) <= 1e-13 * (largest(a) + largest(b)) + 1e-300
const orthonormal = (q: Tensor): boolean => nearWhole(transposedProduct(q, q), identity(q.shape[1]!, q))
const diagonalMatrix = (values: Tensor): Tensor =>
  mul(matrix.asRow(values, values.shape[0]!), identity(values.shape[0]!, values))
const isUpper = (x: Tensor): boolean => {
  const [m, n] = x.shape as readonly [number, number]
  const { data } = x as Tensor & { readonly data: Float64Array }
  return range(m * n).every(i => Math.floor(i / n) <= i % n || (data.length === 1 ? data[0] : data[i]) === 0)
}
const ascending = (x: Tensor, sign: 1 | -1): boolean => {
  const { data } = x as Tensor & { readonly data: Float64Array }
  return range(x.shape[0]! - 1).every(i => sign * (data[i + 1]! - data[i]!) >= 0)
}
const nonNegative = (x: Tensor): boolean =>
  Array.from((x as Tensor & { readonly data: Float64Array }).data).every(v => v >= 0)

/** The laws of matrices, of some words. */
export const matrixLaws = (w: MatrixWords): readonly Law<MatrixCase>[] => [
  law('LU', 'P L U ≈ A, L unit lower triangular with |L| ≤ 1, U upper triangular, P orthonormal', ({ any }) => {
    const { permutation, lower, upper } = w.lu(any)
    return (
      nearWhole(product(product(permutation, lower), upper), any) &&
      isUpper(upper) &&
      isUpper(transposed(lower)) &&
      largest(lower) === 1 &&
      orthonormal(permutation)
    )
  }),
  law('least squares', 'Aᵀ (A x − b) ≈ 0, and A x ≈ b for square A', ({ square, symmetric, sides }) => {
    const [tall, long] = [concat(0)([square, symmetric]), concat(0)([sides, mul(sides, -0.5)])]
    const x = w.leastSquares(tall)(long)
    const misfit = transposedProduct(tall, sub(product(tall, x), long))
    return (
      largest(misfit) <= 1e-12 * largest(tall) * (largest(long) + largest(tall) * largest(x)) + 1e-300 &&
      largest(sub(product(square, w.leastSquares(square)(sides)), sides)) <=
        1e-12 * (1 + largest(sides)) * largest(square)
    )
  }),
  law('QR', 'Q R ≈ A, Qᵀ Q ≈ 1, R upper triangular', ({ any }) => {
    const { q, r } = w.qr(any)
    return nearWhole(product(q, r), any) && orthonormal(q) && isUpper(r)
  }),
  law('singular values', 'U diag(σ) Vᵀ ≈ A, Uᵀ U ≈ 1 ≈ Vᵀ V, σ descending from above 0', ({ any }) => {
    const { u, values, v } = w.svd(any)
    return (
      nearWhole(productTransposed(product(u, diagonalMatrix(values)), v), any) &&
      orthonormal(u) &&
      orthonormal(v) &&
      ascending(values, -1) &&
      nonNegative(values)
    )
  }),
  law('eigenvalues', 'V diag(λ) Vᵀ ≈ A, Vᵀ V ≈ 1, λ ascending', ({ symmetric }) => {
    const { values, vectors } = w.eigh(symmetric)
    return (
      nearWhole(productTransposed(product(vectors, diagonalMatrix(values)), vectors), symmetric) &&
      orthonormal(vectors) &&
      ascending(values, 1)
    )
  }),
  law('Cholesky', 'L Lᵀ ≈ A Aᵀ, L lower triangular with a diagonal above 0', ({ square }) => {
    const definite = productTransposed(square, square)
    const lower = w.cholesky(definite)
    return (
      nearWhole(productTransposed(lower, lower), definite) &&
      isUpper(transposed(lower)) &&
      nonNegative(matrix.diagonal(lower))
    )
  }),
  law(
    'solutions',
    'A solve(A)(b) ≈ b, inverse(A) b ≈ solve(A)(b), and for vectors column by column',
    ({ square, sides }) => {
      const x = w.solve(square)(sides)
      const columns = range(sides.shape[1]!).map(i => member(transposed(sides), i))
      return (
        nearWhole(product(square, x), sides) &&
        nearWhole(product(w.inverse(square), sides), x) &&
        columns.every((b, i) => nearWhole(w.solve(square)(b), member(transposed(x), i)))
      )
    }
  ),
  law('triangular solutions', 'T triangularSolve(T)(b) ≈ b for every kind of triangle', ({ square, sides }) => {
    const n = square.shape[0]!
    const unit = (x: Tensor): Tensor => add(sub(x, mul(x, identity(n, x))), identity(n, x))
    return [true, false].every(lower =>
      [true, false].every(transpose =>
        [true, false].every(unitDiagonal => {
          const part = matrix.only(lower ? matrix.onOrBelowDiagonal(n) : matrix.onOrAboveDiagonal(n), square)
          const whole = unitDiagonal ? unit(part) : part
          const x = w.triangularSolve({ lower, transpose, unitDiagonal })(square)(sides)
          const back = product(transpose ? transposed(whole) : whole, x)
          return largest(sub(back, sides)) <= 1e-12 * (largest(sides) + largest(x) * largest(whole)) + 1e-300
        })
      )
    )
  }),
  law(
    'determinants',
    'det(A B) ≈ det A det B, det Aᵀ ≈ det A, and sign · exp(logAbs) ≈ det',
    ({ square, symmetric }) => {
      const [a, b] = [square, symmetric]
      const { sign, logAbs } = w.slogdet(a)
      const close = (x: Tensor, y: Tensor): boolean => largest(sub(x, y)) <= 1e-9 * (1 + largest(x) + largest(y))
      return (
        close(w.det(product(a, b)), mul(w.det(a), w.det(b))) &&
        close(w.det(transposed(a)), w.det(a)) &&
        close(mul(sign, exp(logAbs)), w.det(a))
      )
    }
  ),
  law('leading axes', 'f(batch)[i] ≈ f(batch[i]), for each factorisation', ({ any, square, symmetric, sides }) => {
    const turned = (x: Tensor): Tensor => stack([x, mul(x, 2), add(x, mul(x, 0.25))])
    const alike = (f: (...xs: readonly Tensor[]) => unknown, ...xs: readonly Tensor[]): boolean => {
      const batches = xs.map(turned)
      const all = leaves(f(...batches))
      return range(3).every(i =>
        nearTrees(
          all.map(leaf => member(leaf, i)),
          f(...batches.map(x => member(x, i))),
          1e-9
        )
      )
    }
    return (
      alike(x => w.lu(x!), any) &&
      alike(x => w.qr(x!), any) &&
      alike(x => w.svd(x!).values, any) &&
      alike(x => w.eigh(x!).values, symmetric) &&
      alike(x => w.det(x!), square) &&
      alike(x => w.slogdet(x!), square) &&
      alike(x => w.inverse(x!), square) &&
      alike((x, b) => w.solve(x!)(b!), square, sides)
    )
  })
]

const flat = (results: unknown): Tensor => concat(0)(leaves(results).map(x => reshape([size(x.shape)])(x)))
/**
 * Matrices about a diagonal whose elements lie apart: regular, and with singular values and eigenvalues apart; and nothing beside it is 0, where
 * LAPACK's signs of QR jump.
 */
const apart = (rows: number, columns: number): fc.Arbitrary<Tensor> =>
  fc.array(between(0.05, 0.4), { minLength: rows * columns, maxLength: rows * columns }).map(noise =>
    constant(
      [rows, columns],
      'float64',
      Float64Array.from(noise, (x, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns]
        return (i % 2 === 0 ? x : -x) + (row === column ? 2 * (row + 1) : 0)
      })
    )
  )
const small = fc.integer({ min: 1, max: 3 })
const ofSquare = (f: (a: Tensor) => unknown): fc.Arbitrary<Case> =>
  small.chain(n => apart(n, n)).map(a => ({ inputs: [a], f: ([x]) => flat(f(x!)) }))
const ofAny = (f: (a: Tensor) => unknown): fc.Arbitrary<Case> =>
  fc
    .tuple(small, small)
    .chain(([m, n]) => apart(m, n))
    .map(a => ({ inputs: [a], f: ([x]) => flat(f(x!)) }))
const ofSystem = (f: (a: Tensor, b: Tensor) => Tensor): fc.Arbitrary<Case> =>
  fc
    .tuple(small, small)
    .chain(([n, k]) => fc.tuple(apart(n, n), real([n, k])))
    .map(inputs => ({ inputs, f: ([a, b]) => f(a!, b!) }))

/** Cases of every function of matrices that the library exports; one that is missing here is a type error. */
export const matrixFunctions: { readonly [Name in keyof MatrixWords]: fc.Arbitrary<Case> } = {
  cholesky: ofSquare(Library.cholesky),
  lu: ofAny(a => {
    const { lower, upper } = Library.lu(a)
    return [lower, upper]
  }),
  qr: ofAny(Library.qr),
  svd: ofAny(Library.svd),
  eigh: ofSquare(Library.eigh),
  det: ofSquare(a => [Library.det(a)]),
  slogdet: ofSquare(a => [Library.slogdet(a).logAbs]),
  inverse: ofSquare(Library.inverse),
  solve: ofSystem((a, b) => Library.solve(a)(b)),
  leastSquares: fc
    .tuple(small, small, fc.nat(2))
    .chain(([n, k, further]) => fc.tuple(apart(n + further, n), real([n + further, k])))
    .map(inputs => ({ inputs, f: ([a, b]) => Library.leastSquares(a!)(b!) })),
  triangularSolve: ofSystem((a, b) =>
    add(
      Library.triangularSolve({ lower: false })(a)(b),
      Library.triangularSolve({ transpose: true, unitDiagonal: true })(a)(b)
    )
  )
}
