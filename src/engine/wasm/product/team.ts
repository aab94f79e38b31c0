/** What code that several threads run has to know of them. */
import type { Import } from '../assembler.js'

/** The threads that share the work of programs over shared memories. */
export interface Team {
  /** How many at most, with the one that runs the program. */
  readonly threads: number
  /** Where `controlBytes` of every shared memory lie, at a multiple of 4; zero at first, and used for nothing else by any program. */
  readonly control: number
  /** Whether the thread that runs programs may sleep; that of a page may not. */
  readonly maySleep: boolean
  /** A number for a product, from 1 to `mostProducts`: two products over one memory should not have the same. */
  readonly enlist: () => number
}
/** The ticket, then how many parts are finished. */
export const controlBytes = 8
/** A ticket has eight bits for the parts that are left, and the rest for the product's number. */
export const leftBits = 8
export const mostProducts = 2 ** (32 - leftBits) - 1

/** Imported by programs whose products are divided: wakes the others for the product of this number. */
export const ring: Import = { kind: 'import', name: 'ring', parameters: ['i32'], result: undefined }
/** Begins the name of what a woken thread calls with its own number, from 1 on; the product's number ends it. */
export const help = 'help.'
