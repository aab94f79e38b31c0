/** What a program does, in order, before it has addresses. */
import { type Statement, sequence } from './assembler.js'
import type { Place } from './kernel.js'
import type { Buffer, Scope, View } from './view.js'

/** A stretch of code without control around it that reads some views and writes others. */
export interface Kernel {
  readonly kind: 'kernel'
  readonly name: string
  readonly reads: readonly View[]
  readonly writes: readonly View[]
  /** Whether all of each written buffer is written, so that nothing it held before matters. */
  readonly complete: boolean
  /** Bytes of memory for its own use. */
  readonly scratch: number
  /** About how many nanoseconds it takes: the tiny are put into one function. */
  readonly cost: number
  /** Whether a write may go where a read lies, if both are whole and dense. */
  readonly mayOverwrite: (read: number, write: number) => boolean
  readonly code: (place: (view: View) => Place, scratch: number) => Statement
}
/** A copy from one whole buffer to another that lives longer. It goes away if what is copied can be made there at once. */
export interface Move {
  readonly kind: 'move'
  readonly from: View
  readonly to: View
  /** The copy, if it has to be made. */
  readonly kernel: Kernel
}
/** The body again and again; the counter, an int32 in memory, says which time it is. */
export interface Loop {
  readonly kind: 'loop'
  readonly scope: Scope
  readonly times: number
  readonly counter: Buffer
  readonly body: readonly Step[]
}
/** The test and then, if the condition that it leaves holds, the body, again and again. */
export interface While {
  readonly kind: 'while'
  readonly scope: Scope
  readonly test: readonly Step[]
  readonly condition: View
  readonly body: readonly Step[]
}
export interface Branch {
  readonly kind: 'branch'
  readonly condition: View
  readonly yes: readonly Step[]
  readonly no: readonly Step[]
}
export type Step = Kernel | Move | Loop | While | Branch

/** Where a view lies when its buffer begins at an address. */
export const placeAt = (address: number, bytes: number, { shape, dtype, offset, strides }: View): Place => ({
  shape,
  dtype,
  strides,
  base: address + offset * bytes
})
export const never = (): boolean => false
export const nothingToDo = sequence()
