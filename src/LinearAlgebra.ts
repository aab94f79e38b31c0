/** Dense matrices: factorisations, systems and spectra, with derivatives, over any leading axes. */
export { cholesky } from './linear-algebra/cholesky.js'
export { det, type Factors, inverse, lu, type SignAndLogarithm, slogdet, solve } from './linear-algebra/elimination.js'
export { leastSquares } from './linear-algebra/least-squares.js'
export { type Orthogonal, qr } from './linear-algebra/orthogonal.js'
export { type Singular, svd } from './linear-algebra/singular.js'
export { type Eigen, eigh } from './linear-algebra/symmetric.js'
export { type TriangularOptions, triangularSolve } from './linear-algebra/triangular.js'
