/**
 * What primitives are to the passes: those that cost nothing, those that work element by element, those that fold axes.
 *
 * Named, not referred to: a primitive referred to here would be in every bundle, with its rules and all that these need.
 */
import { type Constant, isConstant, type Primitive, type Tensor } from '../../tensor/tensor.js'

type Kind = (primitive: Primitive) => boolean
const named = (names: string): Kind => {
  const set = new Set(names.split(' '))
  return ({ name }) => set.has(name)
}

/** The same elements, seen otherwise: an engine copies nothing for it. */
export const isView: Kind = named('stopGradient reshape permute broadcast slice reverse windows')
/** Each element of the result depends on the same element of every operand. */
export const isElementwise: Kind = named(
  'add sub neg mul scale div pow abs exp expm1 log log1p sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf erfc erfinv lgamma digamma polygamma atan2 hypot ' +
    'maximum minimum less lessEqual equal where sign floor ceil round bitAnd bitOr bitXor shiftLeft shiftRight cast'
)
/** Axes disappear: sums and extrema. */
export const isFold: Kind = named('sum amax amin')
/** Element-wise in a few instructions: cheap to do again, or for each register of a product's block. */
export const isLight: Kind = named(
  'add sub mul scale neg abs maximum minimum where less lessEqual equal bitAnd bitOr bitXor'
)

/** A known tensor that stores one element for all. */
export const isUniformConstant = (x: Tensor): x is Constant => isConstant(x) && x.data.length === 1
