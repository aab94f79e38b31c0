/** A program compiled: lowered, laid out in memory, assembled and instantiated. */
import { size } from '../../structure/shape.js'
import type { Type } from '../../tensor/tensor.js'
import { type Arena, arena, pagesFor } from './arena.js'
import { assemble, type Routine, type Statement } from './assembler.js'
import { type Builder, builder, type Settings, type Stored } from './builder.js'
import { type Layout, layout } from './layout.js'
import { link } from './link.js'
import { type CompiledModule, type Exports, type Imports, type Instance, mostPages } from './platform.js'
import { ring } from './product/team.js'
import type { Workers } from './product/workers.js'
import { type Window, window, write } from './transfer.js'
import type { Buffer, View } from './view.js'

/** Addresses below are left alone: what reads a little before its data reads there. */
export const firstAddress = 64
/** What reads a little past the last data reads there. */
const slack = 64
/** Programs that need more have a memory of their own, which goes away with them. */
const largestShared = 1 << 26

/** A program's steps, and where its results will be. */
export interface Draft {
  /** Operands that are copied in and out as one stretch. They are there once `lower` has been called. */
  readonly pinned: readonly Buffer[]
  readonly lower: (to: Builder) => readonly View[]
  /** The routines that JavaScript calls, given the code of the steps and the places of the results. */
  readonly entries: (steps: Statement, results: readonly View[], layout: Layout) => readonly Routine[]
}
/** What there is before the module is compiled. */
export interface Prepared {
  /** Whether threads share its products: it then has a shared memory of its own. */
  readonly divided: boolean
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly results: readonly View[]
  readonly layout: Layout
  readonly constants: readonly Stored[]
}
export interface Image {
  readonly arena: Arena
  readonly exports: Exports
  readonly results: readonly View[]
  readonly layout: Layout
  /** Copies in the constants. */
  readonly writeConstants: () => void
}

export const prepareImage = (settings: Settings, { lower, entries, pinned }: Draft): Prepared => {
  const constants: Stored[] = []
  const to = builder(settings, constants)
  const results = lower(to)
  const plan = layout(to.steps, results, pinned, firstAddress)
  const pages = pagesFor(plan.end + slack)
  const routines = entries(link(to.steps, plan), results, plan)
  const divided = to.needs.ring
  const bytes = assemble({
    memory: divided ? { pages, maximum: mostPages, shared: true } : { pages },
    imports: divided ? [ring] : [],
    routines
  })
  return { bytes, results, layout: plan, constants, divided }
}

/** A typed array over a buffer, if the program uses it at all. */
export const windowOf = (at: Arena, { addressOf }: Layout, buffer: Buffer, type: Type): Window | undefined => {
  const address = addressOf(buffer)
  return address === undefined ? undefined : window(at, type.dtype, address, size(type.shape))
}

/** A module that has its memory, and only has to be instantiated. */
export interface Placed {
  readonly module: CompiledModule
  readonly imports: Imports
  readonly image: (instance: Instance) => Image
}
export const placeImage = (
  { results, layout: plan, constants, divided }: Prepared,
  module: CompiledModule,
  shared: () => Arena,
  crew: Workers | undefined
): Placed => {
  const needed = plan.end + slack
  const place = divided || needed > largestShared ? arena(needed, { shared: divided }) : shared()
  place.reserve(needed)
  const imported = divided && crew ? { ring: crew.join(module, place.memory) } : {}
  const stored = constants.flatMap(({ buffer, value }) => {
    const address = plan.addressOf(buffer)
    return address === undefined ? [] : [{ value, to: window(place, value.dtype, address, value.data.length) }]
  })
  return {
    module,
    imports: { engine: { memory: place.memory, ...imported } },
    image: ({ exports }) => ({
      arena: place,
      exports,
      results,
      layout: plan,
      writeConstants: () => {
        for (const { value, to } of stored) write(to(), value)
      }
    })
  }
}
