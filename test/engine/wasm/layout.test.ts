/**
 * Layouts never lose a value: programs of kernels, loops, branches and moves, put together at random, are run twice, once with memory for every
 * buffer and once in the arena, and have to leave the same.
 *
 * Kernels are modelled at their worst: one that may overwrite works element by element, one that may not spoils its results before it reads.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Builder, builder, kernel, type Settings } from '../../../src/engine/wasm/builder.js'
import { replaceCarried } from '../../../src/engine/wasm/flow.js'
import { firstAddress } from '../../../src/engine/wasm/image.js'
import { type Layout, layout } from '../../../src/engine/wasm/layout.js'
import { type Kernel, nothingToDo, type Step } from '../../../src/engine/wasm/step.js'
import { type Buffer, bufferFor, type Scope, type View, whole } from '../../../src/engine/wasm/view.js'

const cellBytes = 16
/** So many vectors of four numbers. */
const typeOf = (cells: number) => ({ shape: [cells * 4], dtype: 'float32' as const })
const cellsOf = (buffer: Buffer): number => buffer.bytes / cellBytes

/** What the generator decides: numbers from which a program is built. */
interface Plan {
  readonly choices: readonly number[]
  readonly carried: number
}
const plans: fc.Arbitrary<Plan> = fc.record({
  choices: fc.array(fc.nat(1 << 20), { minLength: 10, maxLength: 120 }),
  carried: fc.nat(3)
})

/** Ids by which the simulated kernels differ. */
type Sketch = {
  readonly steps: readonly Step[]
  readonly results: readonly View[]
  readonly pinned: readonly Buffer[]
  readonly kept: readonly Buffer[]
}

const settings = {} as Settings

const build = ({ choices, carried }: Plan): Sketch => {
  let at = 0
  const next = (below: number): number => (at < choices.length ? choices[at++]! % below : 0)
  const left = (): boolean => at < choices.length
  const to = builder(settings, [])
  const pinnedViews = Array.from({ length: carried }, () => {
    const type = typeOf(1 + next(2))
    return whole(bufferFor(type, to.root, 'carried'), type)
  })
  const keptView = whole(bufferFor(typeOf(1), to.root, 'kept'), typeOf(1))
  const make = (b: Builder, pool: View[]): void => {
    const count = 1 + next(3)
    const reads = Array.from({ length: count }, () => pool[next(pool.length)]!)
    const writes = Array.from({ length: 1 + next(2) }, () => {
      const type = next(3) === 0 ? typeOf(1 + next(3)) : typeOf(cellsOf(reads[0]!.buffer))
      return whole(bufferFor(type, b.scope), type)
    })
    const careful = next(2) === 0
    b.emit(
      kernel({
        name: 'k',
        reads,
        writes,
        scratch: next(4) === 0 ? 16 : 0,
        mayOverwrite: () => careful,
        code: () => nothingToDo
      })
    )
    pool.push(...writes)
  }
  const fill = (b: Builder, pool: View[], depth: number, budget: number): void => {
    for (let i = 0; i < budget && left(); i++) {
      const kind = depth > 0 ? next(9) : 0
      if (kind === 6 || kind === 8) {
        const scope: Scope = { parent: b.scope }
        const steps: Step[] = []
        const counter = bufferFor(typeOf(1), b.scope)
        const carry = Array.from({ length: 1 + next(2) }, () => {
          const from = pool[next(pool.length)]!
          const target = whole(bufferFor(from, b.scope), from)
          b.emit({
            kind: 'move',
            from,
            to: target,
            kernel: kernel({ name: 'copy', reads: [from], writes: [target], code: () => nothingToDo })
          })
          return target
        })
        const test: Step[] = []
        const asked = [...pool, ...carry]
        if (kind === 8) fill(b.inner(scope, test), asked, depth - 1, next(3))
        const condition = asked[kind === 8 ? next(asked.length) : 0]!
        const inner = b.inner(scope, steps)
        const inside = [...pool, ...carry]
        fill(inner, inside, depth - 1, 1 + next(4))
        const made = carry.map(c => {
          const fitting = inside.filter(v => v.buffer.bytes === c.buffer.bytes)
          return fitting[next(fitting.length)]!
        })
        replaceCarried(inner, carry, made)
        b.emit(
          kind === 8
            ? { kind: 'while', scope, test, condition, body: steps }
            : { kind: 'loop', scope, times: 1 + next(3), counter, body: steps }
        )
        pool.push(...carry)
      } else if (kind === 7) {
        const condition = [...pinnedViews, ...pool][next(pool.length)]!
        const type = typeOf(1 + next(2))
        const result = whole(bufferFor(type, b.scope), type)
        const side = (): readonly Step[] => {
          const steps: Step[] = []
          const inner = b.inner(b.scope, steps)
          const inside = [...pool]
          fill(inner, inside, depth - 1, 1 + next(3))
          const fitting = inside.filter(v => v.buffer.bytes === result.buffer.bytes)
          const from = fitting[next(Math.max(1, fitting.length))]
          if (from === undefined) {
            inner.emit(kernel({ name: 'k', reads: [condition], writes: [result], code: () => nothingToDo }))
          } else
            inner.emit({
              kind: 'move',
              from,
              to: result,
              kernel: kernel({ name: 'copy', reads: [from], writes: [result], code: () => nothingToDo })
            })
          return steps
        }
        b.emit({ kind: 'branch', condition, yes: side(), no: side() })
        pool.push(result)
      } else make(b, pool)
    }
  }
  const pool = [...pinnedViews, keptView]
  fill(to, pool, 2, 12)
  const others = Array.from({ length: 1 + next(3) }, () => pool[next(pool.length)]!)
  const made = pinnedViews.map(c => {
    const fitting = pool.filter(v => v.buffer.bytes === c.buffer.bytes)
    return fitting[next(fitting.length)]!
  })
  const results = replaceCarried(to, pinnedViews, [...made, ...others])
  return { steps: to.steps, results, pinned: pinnedViews.map(v => v.buffer), kept: [keptView.buffer] }
}

/** Memory as the kernels of the model see it: a number for each cell of a buffer. */
interface Model {
  readonly get: (buffer: Buffer, cell: number) => number
  readonly put: (buffer: Buffer, cell: number, value: number) => void
  readonly spoil: (kernel: Kernel) => void
  readonly isNothing: (step: Step) => boolean
}
const mix = (a: number, b: number): number => (Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b) ^ (b >>> 5)) | 0

const simulate = (
  steps: readonly Step[],
  ids: ReadonlyMap<Step, number>,
  { get, put, spoil, isNothing }: Model
): void => {
  const copy = (from: View, to: View): void => {
    for (let i = 0; i < cellsOf(to.buffer); i++) put(to.buffer, i, get(from.buffer, i))
  }
  const run = (k: Kernel): void => {
    if (k.name === 'copy') {
      copy(k.reads[0]!, k.writes[0]!)
      return
    }
    spoil(k)
    const id = ids.get(k)!
    if (k.mayOverwrite(0, 0)) {
      // Cell by cell, all results of a cell together.
      const most = Math.max(...k.writes.map(w => cellsOf(w.buffer)))
      for (let i = 0; i < most; i++) {
        const seen = k.reads.map(r => get(r.buffer, i % cellsOf(r.buffer)))
        // What is read at other cells is read whole by a real kernel only if it is not overwritten.
        k.writes.forEach((w, j) => {
          if (i < cellsOf(w.buffer)) put(w.buffer, i, seen.reduce(mix, id * 31 + j))
        })
      }
      return
    }
    k.writes.forEach((w, j) => {
      const before = k.reads.map(r => get(r.buffer, 0))
      for (let i = 0; i < cellsOf(w.buffer); i++) {
        put(w.buffer, i, 12345)
      }
      const after = k.reads.map(r => get(r.buffer, 0))
      for (let i = 0; i < cellsOf(w.buffer); i++)
        put(w.buffer, i, mix([...before, ...after].reduce(mix, id * 31 + j), i))
    })
  }
  for (const step of steps) {
    switch (step.kind) {
      case 'kernel':
        run(step)
        break
      case 'move':
        if (!isNothing(step)) copy(step.from, step.to)
        break
      case 'branch':
        simulate(get(step.condition.buffer, 0) & 1 ? step.yes : step.no, ids, { get, put, spoil, isNothing })
        break
      case 'loop':
        for (let i = 0; i < step.times; i++) {
          put(step.counter, 0, i)
          simulate(step.body, ids, { get, put, spoil, isNothing })
        }
        break
      case 'while':
        // Whatever the condition says, this ends.
        for (let i = 0; i < 4; i++) {
          simulate(step.test, ids, { get, put, spoil, isNothing })
          if ((get(step.condition.buffer, 0) & 3) === 0) break
          simulate(step.body, ids, { get, put, spoil, isNothing })
        }
    }
  }
}
const numbered = (steps: readonly Step[], ids = new Map<Step, number>()): ReadonlyMap<Step, number> => {
  for (const step of steps) {
    ids.set(step, ids.size + 1)
    if (step.kind === 'loop' || step.kind === 'while') numbered(step.body, ids)
    if (step.kind === 'while') numbered(step.test, ids)
    if (step.kind === 'branch') {
      numbered(step.yes, ids)
      numbered(step.no, ids)
    }
  }
  return ids
}

const apart = (): Model => {
  const memory = new Map<Buffer, number[]>()
  const cells = (buffer: Buffer): number[] => {
    if (!memory.has(buffer)) memory.set(buffer, [])
    return memory.get(buffer)!
  }
  return {
    get: (buffer, i) => cells(buffer)[i] ?? 0,
    put: (buffer, i, x) => {
      cells(buffer)[i] = x
    },
    spoil: () => undefined,
    isNothing: () => false
  }
}
const together = ({ addressOf, vanished, scratchOf }: Layout): Model => {
  const memory: number[] = []
  const cell = (buffer: Buffer, i: number): number => addressOf(buffer)! / cellBytes + i
  return {
    get: (buffer, i) => memory[cell(buffer, i)] ?? 0,
    put: (buffer, i, x) => {
      memory[cell(buffer, i)] = x
    },
    spoil: k => {
      if (k.scratch > 0) memory[scratchOf(k) / cellBytes] = -1
    },
    isNothing: step => step.kind === 'move' && vanished.has(step)
  }
}
const agrees = (sketch: Sketch, plan: Layout): boolean => {
  const ids = numbered(sketch.steps)
  const models = [apart(), together(plan)]
  for (const { put } of models) {
    for (const buffer of [...sketch.pinned, ...sketch.kept]) {
      if (plan.addressOf(buffer) === undefined) continue
      for (let i = 0; i < cellsOf(buffer); i++) put(buffer, i, 100 + i)
    }
  }
  for (let time = 0; time < 3; time++) {
    for (const model of models) simulate(sketch.steps, ids, model)
    for (const buffer of [...sketch.results.map(v => v.buffer), ...sketch.pinned]) {
      for (let i = 0; i < cellsOf(buffer); i++)
        if (models[0]!.get(buffer, i) !== models[1]!.get(buffer, i)) return false
    }
  }
  return true
}
const layoutOf = ({ steps, results, pinned }: Sketch): Layout => layout(steps, results, pinned, firstAddress)

describe('layout', () => {
  test('keeps every value as long as it is needed', () => {
    fc.assert(
      fc.property(plans, plan => {
        const sketch = build(plan)
        expect(agrees(sketch, layoutOf(sketch))).toBe(true)
      }),
      { numRuns: 1500 }
    )
  })
  test('overwrites in place and makes moves vanish, often', () => {
    let [vanished, moves] = [0, 0]
    for (const plan of fc.sample(plans, { numRuns: 300, seed: 1 })) {
      const sketch = build(plan)
      vanished += layoutOf(sketch).vanished.size
      moves += [...numbered(sketch.steps).keys()].filter(step => step.kind === 'move').length
    }
    expect(vanished).toBeGreaterThan(moves / 10)
  })
  test('the model notices buffers that share memory when they must not', () => {
    const caught = fc.check(
      fc.property(plans, plan => {
        const sketch = build(plan)
        const right = layoutOf(sketch)
        return agrees(sketch, {
          ...right,
          addressOf: x => (right.addressOf(x) === undefined ? undefined : firstAddress)
        })
      }),
      { numRuns: 200 }
    )
    expect(caught.failed).toBe(true)
  })
})
