/**
 * From primitives to public words: the operand that a sentence is about comes last.
 *
 * Here, and nowhere else, functions that know shapes only at run time are given the types of `signatures.ts`.
 */
import type { Operand } from '../primitive/conversion.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Binary } from './signatures.js'

/** `f(a, b)` as `f(b)(a)`. */
export const binary = <Name extends string>(f: (a: Operand, b: Operand) => Tensor): Binary<Name> =>
  ((b: Operand) => (a: Operand) => f(a, b)) as Binary<Name>
