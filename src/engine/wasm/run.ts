/** A program as a function: operands are copied in, results are copied out, and nothing stays. */
import type { Program } from '../../compiler/program.js'
import { size } from '../../structure/shape.js'
import { type Constant, isConstant, type Type } from '../../tensor/tensor.js'
import { interpreter } from '../interpreter.js'
import type { Tenant } from './arena.js'
import { routine } from './assembler.js'
import { type Builder, dense } from './builder.js'
import { type Draft, type Image, windowOf } from './image.js'
import { bytesOf } from './kernel.js'
import { lowerBlock } from './lower.js'
import { platform } from './platform.js'
import { reader, write } from './transfer.js'
import { type Buffer, bufferFor, type View, whole } from './view.js'

/**
 * From so many bytes on an operand stays in memory as it was, so that it need not be copied again if the next call has the same tensor: weights,
 * data. Smaller ones may be overwritten by results.
 */
const staying = 1 << 12
const kindOf = (type: Type): Buffer['kind'] => (size(type.shape) * bytesOf[type.dtype] < staying ? 'operand' : 'kept')

/** One call of a program: operands at the start, results side by side at the end. */
export const callDraft = ({ parameters, results }: Program): Draft & { readonly operands: readonly Buffer[] } => {
  const operands: Buffer[] = []
  const lower = (to: Builder): readonly View[] => {
    operands.push(...parameters.map(p => bufferFor(p, to.root, kindOf(p))))
    const unknown = results.filter(x => !isConstant(x))
    return lowerBlock(
      to,
      { parameters, results: unknown },
      parameters.map((p, i) => whole(operands[i]!, p))
    ).map(x => dense(to, x))
  }
  return { lower, operands, pinned: [], entries: steps => [routine('run', [], steps, { exported: true })] }
}

/** What a program that stopped with an error would have said in the interpreter. */
export const told = (error: unknown, again: () => void): never => {
  if (error instanceof platform().RuntimeError) again()
  throw error
}

export const runner = (
  original: Program,
  program: Program,
  operands: readonly Buffer[],
  { arena, exports, results, layout, writeConstants }: Image
): ((inputs: readonly Constant[]) => readonly Constant[]) => {
  const targets = program.parameters.map((p, i) => windowOf(arena, layout, operands[i]!, p))
  const readers = results.map(view => reader(arena, view, layout.addressOf(view.buffer)!))
  const run = exports['run']!
  // Tensors whose elements are in memory; held weakly, so that nothing lives longer for it.
  const there: (WeakRef<Constant> | undefined)[] = operands.map(() => undefined)
  const tenant: Tenant = {
    restore: writeConstants,
    evict: () => {
      there.fill(undefined)
    }
  }
  return inputs => {
    arena.enter(tenant)
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]
      const input = inputs[i]!
      if (target === undefined || there[i]?.deref() === input) continue
      write(target(), input)
      if (operands[i]!.kind === 'kept') there[i] = new WeakRef(input)
    }
    try {
      run()
    } catch (error) {
      told(error, () => interpreter.compile(original)(inputs))
    }
    let next = 0
    return program.results.map(x => (isConstant(x) ? x : readers[next++]!()))
  }
}
