/**
 * Memories, and who has one just now.
 *
 * A live memory reserves gigabytes of address space, and some thirteen thousand of them exhaust a process: so all small programs of an engine share
 * one. A program that is about to run takes it over; the one that had it before first saves what it still needs.
 */
import { mistake } from '../../structure/mistake.js'
import { type Memory, mostPages, pageBytes, platform } from './platform.js'

export interface Tenant {
  /** Puts into memory what has to be there before the program runs. */
  readonly restore: () => void
  /** Copies out what must not be lost. */
  readonly evict: () => void
}
export interface Arena {
  readonly memory: Memory
  /** Makes a tenant the one whose data is in memory. */
  readonly enter: (tenant: Tenant) => void
  /** Makes room for so many bytes. */
  readonly reserve: (bytes: number) => void
  /** How often memory has grown: typed arrays over it are good for one generation. */
  readonly generation: () => number
}

const shown = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`
const tooLarge = (bytes: number, reason: string) =>
  mistake(
    'InvalidArgument',
    'jit',
    `the program needs ${shown(bytes)} of memory, ${reason}; use smaller batches, or checkpoint so that less is kept for the backward pass`
  )

/** So many bytes in pages of memory. */
export const pagesFor = (bytes: number): number => {
  const pages = Math.ceil(bytes / pageBytes)
  if (pages > mostPages) throw tooLarge(bytes, 'and the engine has at most 2 GiB')
  return pages
}

export const arena = (bytes: number, { shared = false }: { readonly shared?: boolean } = {}): Arena => {
  const initial = pagesFor(bytes)
  const create = (): Memory => {
    try {
      const { Memory } = platform()
      return new Memory(shared ? { initial, maximum: initial, shared } : { initial })
    } catch {
      throw tooLarge(bytes, 'which this machine does not give')
    }
  }
  const memory = create()
  let tenant: Tenant | undefined
  let pages = initial
  let generation = 0
  return {
    memory,
    generation: () => generation,
    enter: next => {
      if (tenant === next) return
      tenant?.evict()
      tenant = next
      next.restore()
    },
    reserve: wanted => {
      const needed = pagesFor(wanted)
      if (needed <= pages) return
      try {
        memory.grow(needed - pages)
      } catch {
        throw tooLarge(wanted, 'which this machine does not give')
      }
      pages = needed
      generation++
    }
  }
}
