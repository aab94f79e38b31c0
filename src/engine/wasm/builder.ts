/** Where lowering puts what it makes: the steps of one block, and the constants of the whole program. */
import { size } from '../../structure/shape.js'
import type { Constant, Tensor, Type } from '../../tensor/tensor.js'
import { copy } from './indexing/copy.js'
import { isDense } from './kernel.js'
import type { vectorMath } from './math/math.js'
import type { Team } from './product/team.js'
import { type Kernel, type Move, never, type Step } from './step.js'
import { type Buffer, bufferFor, everywhere, isWhole, type Scope, type View, whole } from './view.js'

export interface Settings {
  readonly fusedMultiplyAdd: boolean
  readonly math: ReturnType<typeof vectorMath>
  /** The threads that share large products; nothing for one thread. */
  readonly team?: Team
}
/** Data that has to be in memory before the program runs. */
export interface Stored {
  readonly buffer: Buffer
  readonly value: Constant
}
export interface Builder {
  readonly settings: Settings
  /** The scope of the program as a whole. */
  readonly root: Scope
  readonly scope: Scope
  readonly emit: (step: Step) => void
  readonly stored: (value: Constant) => View
  /**
   * Results that are states of a training. What shrinks step by step, as Adam's moments do where a weight gets no gradient any more, ends
   * in numbers too small to be normal and stays there, and these are 65 times slower: so they are stored as 0.
   */
  readonly lasting: Set<Tensor>
  /** What the program needs of its memory and module. */
  readonly needs: { ring: boolean }
  /** A builder for a block inside: its own steps, the same constants. */
  readonly inner: (scope: Scope, steps: Step[]) => Builder
}

export const builder = (settings: Settings, constants: Stored[]): Builder & { readonly steps: readonly Step[] } => {
  const root: Scope = { parent: undefined }
  const known = new Map<Constant, View>()
  const lasting = new Set<Tensor>()
  const needs = { ring: false }
  const stored = (value: Constant): View => {
    const found = known.get(value)
    if (found) return found
    const alone = value.data.length === 1
    const buffer = bufferFor(alone ? { shape: [], dtype: value.dtype } : value, root, 'kept')
    const view = (alone ? everywhere : whole)(buffer, value)
    constants.push({ buffer, value })
    known.set(value, view)
    return view
  }
  const at = (scope: Scope, steps: Step[]): Builder => ({
    settings,
    root,
    scope,
    stored,
    lasting,
    needs,
    emit: step => {
      steps.push(step)
    },
    inner: at
  })
  const steps: Step[] = []
  return { ...at(root, steps), steps }
}

/** A kernel with what most of them have. */
export const kernel = (
  part: Pick<Kernel, 'name' | 'reads' | 'writes' | 'code'> &
    Partial<Pick<Kernel, 'scratch' | 'cost' | 'mayOverwrite' | 'complete'>>
): Kernel => ({ kind: 'kernel', scratch: 0, cost: 1000, mayOverwrite: never, complete: true, ...part })

/** Room for a tensor, written row by row. */
export const room = (to: Builder, type: Type): View => whole(bufferFor(type, to.scope), type)

const copyKernel = (from: View, to: View, complete = true): Kernel =>
  kernel({
    name: 'copy',
    reads: [from],
    writes: [to],
    complete,
    cost: 5 + size(from.shape) / (isDense(from) ? 4 : 1),
    code: place => copy({ source: place(from), result: place(to) })
  })
/** Copies into a part of a buffer. */
export const copyInto = (to: Builder, from: View, part: View): void => to.emit(copyKernel(from, part, false))
/** The same elements in a buffer of their own, row by row. */
export const copied = (to: Builder, view: View): View => {
  const target = room(to, view)
  to.emit(copyKernel(view, target))
  return target
}
/** The same elements side by side, copied if they are not so already. */
export const dense = (to: Builder, view: View): View => (isDense(view) ? view : copied(to, view))
/** Puts a tensor into the buffer that the block around it waits for. */
export const moveTo = (to: Builder, from: View, target: View): void => {
  const step: Move = { kind: 'move', from, to: target, kernel: copyKernel(from, target) }
  to.emit(isWhole(from) ? step : step.kernel)
}
