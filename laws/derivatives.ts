/** The laws of derivatives, by name and in lists, of the words of this library. */
import type { Case } from './case.js'
import { besides, firstDerivatives, linearMaps, products, words } from './first-derivatives.js'
import { higherDerivatives } from './higher-derivatives.js'
import type { Law } from './law.js'

export type { Case } from './case.js'
export { besides, type DerivativeWords, firstDerivatives, linearMaps, products, words } from './first-derivatives.js'
export { higherDerivatives } from './higher-derivatives.js'

const first = firstDerivatives(words)
const higher = higherDerivatives(words)
const linear = linearMaps(words)
const bilinear = products(words)
const beside = besides(words)

export const { adjointness, centralDifference, chainRule, checkpointed, customised, gradient, linearCotangent } = first
export const { linearTangent, oneLinearMap, sameJacobians, sameValue, stoppedGradient } = first
export const { noConfusion, oneHessian, secondDifference, symmetric, thirdDerivative } = higher
export const { doubleTranspose, ownDerivative } = linear
export const { leibniz } = bilinear
export const { derivedBeside, passedAlong } = beside

/** The laws of everything differentiable. */
export const derivativeLaws: readonly Law<Case>[] = [...Object.values(first), ...Object.values(higher)]
/** The laws of linear maps. */
export const linearLaws: readonly Law<Case>[] = Object.values(linear)
/** The laws of what is linear in each operand. */
export const productLaws: readonly Law<Case>[] = Object.values(bilinear)
/** The laws of everything differentiable, with what is computed beside it. */
export const besideLaws: readonly Law<Case>[] = Object.values(beside)
