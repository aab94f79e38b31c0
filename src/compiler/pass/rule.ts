/** Rules by primitive: another tensor for what an equation makes. */
import type { Equation, Many, Primitive, Tensor } from '../../tensor/tensor.js'

/** Whether a tensor is an expression that is read in one place only. */
export type ReadOnce = (x: Tensor) => boolean
/** The result of an equation, given its operands and attributes, told otherwise, to the last bit; nothing where it is told well. */
export type Rewritten<A> = (inputs: Many, attributes: A, readOnce: ReadOnce, e: Equation) => Tensor | undefined
/** A rule stands beside the primitive whose attributes it knows. */
export type Rule = readonly [Primitive, Rewritten<unknown>]
export const rule = <A>(primitive: { readonly name: string }, rewritten: Rewritten<A>): Rule => [
  primitive as Primitive,
  rewritten as Rewritten<unknown>
]
