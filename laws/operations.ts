/** Every operation on tensors that the library exports, as cases for the laws of functions and of derivatives. */
import type fc from 'fast-check'
import type * as Library from '../src/Tensor.js'
import type { Case } from './case.js'
import { derivativeLaws } from './derivatives.js'
import type { Law } from './law.js'
import { alongAxes, discreteAlongAxes } from './operation-axes.js'
import { discreteElementwise, elementwise } from './operation-elements.js'
import { movements } from './operation-movements.js'
import type { ReadingName } from './readings.js'
import { commutingLaws, functionLaws } from './transformations.js'

/** What is neither read off a tensor nor made of plain numbers: the operations. */
export type OperationName = Exclude<keyof typeof Library, ReadingName>

/** Operations that have derivatives, if only zeros. */
export const differentiable = { ...elementwise, ...alongAxes, ...movements }
/** Operations to truth values and whole numbers. */
export const discrete = { ...discreteElementwise, ...discreteAlongAxes }
/** Cases of every operation; one that is missing here is a type error. */
export const operations: { readonly [Name in OperationName]: fc.Arbitrary<Case> } = { ...differentiable, ...discrete }

/** The laws of every operation: its program, and it mapped over a batch or compiled, mean what it means. */
export const operationLaws: readonly Law<Case>[] = functionLaws
/** The laws of those that have derivatives besides. */
export const differentiableLaws: readonly Law<Case>[] = [...derivativeLaws, ...commutingLaws]
