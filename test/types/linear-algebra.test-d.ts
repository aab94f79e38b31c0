/** The shapes of functions of matrices, as the compiler sees them. */
import { expectTypeOf, test } from 'vitest'
import { LinearAlgebra, Tensor } from '../../src/index.js'

test('square matrices keep their shape, and determinants the leading axes', () => {
  const a = Tensor.ones([7, 3, 3])
  expectTypeOf(LinearAlgebra.inverse(a)).toEqualTypeOf<Tensor.Tensor<[7, 3, 3]>>()
  expectTypeOf(LinearAlgebra.det(a)).toEqualTypeOf<Tensor.Tensor<[7]>>()
  expectTypeOf(LinearAlgebra.slogdet(a).logAbs).toEqualTypeOf<Tensor.Tensor<[7]>>()
  expectTypeOf(LinearAlgebra.eigh(a).values).toEqualTypeOf<Tensor.Tensor<[7, 3]>>()
  expectTypeOf(LinearAlgebra.solve(a)(Tensor.ones([7, 3]))).toEqualTypeOf<Tensor.Tensor<[7, 3]>>()
})
test('literal sizes that differ do not compile', () => {
  const wide = Tensor.ones([2, 3])
  // @ts-expect-error "inverse: [2, 3] is not square"
  const inverse = () => LinearAlgebra.inverse(wide)
  // @ts-expect-error "solve: [2, 3] is not square"
  const solve = () => LinearAlgebra.solve(wide)
  // @ts-expect-error "det: [3] has fewer than two axes"
  const det = () => LinearAlgebra.det(Tensor.ones([3]))
  expectTypeOf([inverse, solve, det]).toBeArray()
})
