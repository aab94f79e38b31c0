/** A program run again and again whose state stays in memory: what `Machine` is in this engine. */
import type { Program } from '../../compiler/program.js'
import { allocate, type Data, type Dtype, typedArray } from '../../structure/dtype.js'
import { size } from '../../structure/shape.js'
import { type Constant, constant, type Type } from '../../tensor/tensor.js'
import { interpreter } from '../interpreter.js'
import type { Machine, MachineOptions } from '../machine.js'
import {
  block,
  branchIf,
  call,
  f32,
  f64,
  give,
  i32,
  label,
  local,
  loop,
  type Routine,
  routine,
  type Statement,
  sequence,
  set
} from './assembler.js'
import type { Builder } from './builder.js'
import { replaceCarried } from './flow.js'
import { type Draft, type Image, windowOf } from './image.js'
import { bytesOf } from './kernel.js'
import type { Layout } from './layout.js'
import { lowerBlock } from './lower.js'
import type { Succession } from './order.js'
import { told } from './run.js'
import { window, write } from './transfer.js'
import { type Buffer, bufferFor, type View, whole } from './view.js'

/** Steps again and again: so many times, or until the watched number is not finite. Gives how often they ran. */
const many = (steps: Statement, watched: { readonly dtype: Dtype; readonly address: number } | undefined): Routine => {
  const once = routine('step', [], steps)
  const times = local('i32')
  const count = local('i32')
  const again = label()
  const done = label()
  const isNotFinite = () => {
    const F = watched!.dtype === 'float64' ? f64 : f32
    const read = (F as typeof f32).load(i32.const(watched!.address))
    // The difference of a number with itself is 0, of ∞ and NaN it is NaN.
    return (F as typeof f32).ne((F as typeof f32).sub(read, read), (F as typeof f32).const(0))
  }
  return routine(
    'run',
    [times],
    sequence(
      block(
        done,
        loop(
          again,
          call(once),
          set(count, i32.add(count, i32.const(1))),
          ...(watched ? [branchIf(done, isNotFinite())] : []),
          branchIf(again, i32.lt(count, times))
        )
      ),
      give(count)
    ),
    { result: 'i32', exported: true }
  )
}

export interface ResidentDraft extends Draft {
  readonly carriedBuffers: readonly Buffer[]
  readonly givenBuffers: readonly Buffer[]
}
export const residentDraft = ({ parameters, results }: Program, { carried, watch }: MachineOptions): ResidentDraft => {
  const carriedBuffers: Buffer[] = []
  const givenBuffers: Buffer[] = []
  const lower = (to: Builder): readonly View[] => {
    carriedBuffers.push(...parameters.slice(0, carried).map(p => bufferFor(p, to.root, 'carried')))
    givenBuffers.push(...parameters.slice(carried).map(p => bufferFor(p, to.root, 'kept')))
    const buffers = [...carriedBuffers, ...givenBuffers]
    const views = parameters.map((p, i) => whole(buffers[i]!, p))
    for (const after of results.slice(0, carried)) to.lasting.add(after)
    const made = lowerBlock(
      to,
      { parameters, results },
      views,
      parameters.slice(0, carried).map((p, i): Succession => [p, results[i]!])
    )
    return replaceCarried(to, views.slice(0, carried), made)
  }
  return {
    lower,
    carriedBuffers,
    givenBuffers,
    pinned: carriedBuffers,
    entries: (steps, places, layout: Layout) => {
      const view = watch === undefined ? undefined : places[watch]!
      const address = view && layout.addressOf(view.buffer)! + view.offset * bytesOf[view.dtype]
      return [many(steps, view && { dtype: view.dtype, address: address! })]
    }
  }
}

/** A stretch of memory that is saved and restored as a whole. */
interface Stretch {
  readonly begin: number
  readonly end: number
}
const stretchOf = (layout: Layout, buffers: readonly Buffer[]): Stretch => {
  let [begin, end] = [Number.POSITIVE_INFINITY, 0]
  for (const buffer of buffers) {
    const address = layout.addressOf(buffer)!
    begin = Math.min(begin, address)
    end = Math.max(end, address + buffer.bytes)
  }
  return end === 0 ? { begin: 0, end: 0 } : { begin, end }
}

export const resident = (
  original: Program,
  program: Program,
  options: MachineOptions,
  { carriedBuffers, givenBuffers }: ResidentDraft,
  { arena, exports, results, layout, writeConstants }: Image
): Machine => {
  const run = exports['run']! as (times: number) => number
  const carriedTypes: readonly Type[] = program.parameters.slice(0, carriedBuffers.length)
  const carriedWindows = carriedBuffers.map((buffer, i) =>
    window(arena, carriedTypes[i]!.dtype, layout.addressOf(buffer)!, size(carriedTypes[i]!.shape))
  )
  const givenWindows = givenBuffers.map((buffer, i) =>
    windowOf(arena, layout, buffer, program.parameters[carriedBuffers.length + i]!)
  )
  const numbers = results.map(view =>
    window(arena, view.dtype, layout.addressOf(view.buffer)! + view.offset * bytesOf[view.dtype], 1)
  )
  const { begin, end } = stretchOf(layout, carriedBuffers)
  const lengths = carriedTypes.map(type => size(type.shape))
  const places = carriedBuffers.map(buffer => layout.addressOf(buffer)! - begin)
  let fed: readonly Constant[] = []
  let saved: Data = allocate('bool', 0)
  let seen: readonly number[] = []
  let isIn = false

  /** A slab shared with other small things costs V8 a tenth of a buffer of its own; arrays of up to 64 bytes have no buffer until asked for one. */
  const stretch = window(arena, 'bool', begin, end - begin)
  const copyOut = (): Data => {
    const slab = allocate('bool', Math.max(end - begin, 65))
    slab.set(stretch())
    return slab
  }
  const tensorsOver =
    ({ buffer, byteOffset }: Data) =>
    (): readonly Constant[] =>
      carriedTypes.map(({ shape, dtype }, i) =>
        constant(shape, dtype, typedArray(dtype, buffer as ArrayBuffer, byteOffset + places[i]!, lengths[i]!))
      )
  const tenant = {
    restore: () => {
      writeConstants()
      stretch().set(saved.subarray(0, end - begin))
      fed.forEach((x, i) => {
        const target = givenWindows[i]
        if (target !== undefined) write(target(), x)
      })
      isIn = true
    },
    evict: () => {
      saved = copyOut()
      seen = numbers.map(read => read()[0]!)
      isIn = false
    }
  }
  return {
    load: carried => {
      arena.enter(tenant)
      carried.forEach((x, i) => {
        write(carriedWindows[i]!(), x)
      })
    },
    feed: given => {
      arena.enter(tenant)
      given.forEach((x, i) => {
        if (x === fed[i]) return
        const target = givenWindows[i]
        if (target !== undefined) write(target(), x)
      })
      fed = given
    },
    run: times => {
      arena.enter(tenant)
      if (times === 0) return 0
      try {
        return run(times)
      } catch (error) {
        // What is carried is overwritten at the end of a run, so that it still is what it was when this one began.
        return told(error, () => {
          const again = interpreter.machine(original, options)
          again.load(tensorsOver(copyOut())())
          again.feed(fed)
          again.run(1)
        })
      }
    },
    number: i => (isIn ? numbers[i]!()[0]! : seen[i]!),
    save: () => tensorsOver(isIn ? copyOut() : saved)
  }
}
