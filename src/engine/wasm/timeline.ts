/**
 * When each buffer is alive.
 *
 * Time is the number of a kernel in the program as it is written down. What a loop uses from outside is alive in all of the loop, so that times
 * written once hold for every iteration; of a branch both sides count, one after the other, though only one is taken.
 */
import { type Kernel, type Move, never, nothingToDo, type Step } from './step.js'
import type { Buffer, Scope, View } from './view.js'

export interface Life {
  from: number
  to: number
}
/** A kernel or a move at its time, in the list of steps that it is part of. */
export interface Event {
  readonly step: Kernel | Move
  readonly time: number
  readonly block: readonly Step[]
}
export interface Timeline {
  readonly events: readonly Event[]
  readonly lives: Map<Buffer, Life>
  /** For each buffer the events that read or write it, in order. */
  readonly uses: ReadonlyMap<Buffer, readonly Event[]>
  readonly end: number
}

const isInside = (scope: Scope, loop: Scope): boolean => {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) if (s === loop) return true
  return false
}
export const kernelOf = (step: Kernel | Move): Kernel => (step.kind === 'move' ? step.kernel : step)

/** To read a condition is an event like others: nothing may be written over it before. */
const look = (condition: View): Kernel => ({
  kind: 'kernel',
  name: 'condition',
  reads: [condition],
  writes: [],
  complete: true,
  scratch: 0,
  cost: 0,
  mayOverwrite: never,
  code: () => nothingToDo
})

export const timeline = (steps: readonly Step[], results: readonly View[]): Timeline => {
  const events: Event[] = []
  const uses = new Map<Buffer, Event[]>()
  const lives = new Map<Buffer, Life>()
  let time = 0
  const touch = (buffer: Buffer, at: number): void => {
    const life = lives.get(buffer)
    if (life === undefined) lives.set(buffer, { from: at, to: at })
    else {
      life.from = Math.min(life.from, at)
      life.to = Math.max(life.to, at)
    }
  }
  /** The loops around, with the buffers from outside that each of them uses. */
  const around: { readonly scope: Scope; readonly begin: number; readonly outer: Set<Buffer> }[] = []
  const use = (buffer: Buffer): void => {
    touch(buffer, time)
    for (const { scope, begin, outer } of around) {
      if (isInside(buffer.scope, scope)) continue
      touch(buffer, begin)
      outer.add(buffer)
    }
  }
  const happen = (step: Kernel | Move, block: readonly Step[]): void => {
    const event: Event = { step, time, block }
    const { reads, writes } = kernelOf(step)
    for (const buffer of new Set([...reads, ...writes].map(view => view.buffer))) {
      use(buffer)
      const list = uses.get(buffer)
      if (list) list.push(event)
      else uses.set(buffer, [event])
    }
    events.push(event)
    time++
  }
  const repeatedly = (scope: Scope, used: readonly Buffer[], once: () => void): void => {
    const here = { scope, begin: time, outer: new Set(used) }
    around.push(here)
    time++
    once()
    around.pop()
    for (const buffer of here.outer) touch(buffer, time)
    time++
  }
  const walk = (block: readonly Step[]): void => {
    for (const step of block) {
      switch (step.kind) {
        case 'kernel':
        case 'move':
          happen(step, block)
          break
        case 'branch':
          happen(look(step.condition), block)
          walk(step.yes)
          walk(step.no)
          break
        case 'loop':
          use(step.counter)
          repeatedly(step.scope, [step.counter], () => walk(step.body))
          break
        case 'while':
          repeatedly(step.scope, [], () => {
            walk(step.test)
            happen(look(step.condition), step.test)
            walk(step.body)
          })
      }
    }
  }
  walk(steps)
  for (const { buffer } of results) touch(buffer, time)
  for (const [buffer, life] of lives) {
    if (buffer.kind !== 'temporary') life.from = -1
    if (buffer.kind === 'kept' || buffer.kind === 'carried') life.to = time
  }
  return { events, lives, uses, end: time }
}
