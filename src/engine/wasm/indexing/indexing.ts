/** The primitives that go by number or by order, as kernels: operands and results are dense. */
import type { Order, Running } from '../../../primitive/indexing.js'
import { size } from '../../../structure/shape.js'
import type { Type } from '../../../tensor/tensor.js'
import type { Statement } from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { argsort, argsortScratchBytes } from './argsort.js'
import { cumsum } from './cumsum.js'
import { argmax, argmin } from './position.js'
import { scatterAdd } from './scatter-add.js'
import { take } from './take.js'

export interface Operands<A> {
  readonly inputs: readonly Place[]
  /** Those of the primitive. */
  readonly attributes: A
  /** Overlaps no input. */
  readonly result: Place
  /** Where `scratchBytes` are free. */
  readonly scratch: number
}
export interface IndexingKernel<A> {
  readonly code: (operands: Operands<A>) => Statement
  readonly scratchBytes: (inputs: readonly Type[], attributes: A) => number
  /** About how many nanoseconds it takes. */
  readonly cost: (inputs: readonly Type[], attributes: A) => number
}
const none = (): number => 0
const bytes = (x: Type): number => size(x.shape) * bytesOf[x.dtype]

/** Rows moved: of the list, not of the table. */
const perRow = (list: Type, indices: Type): number => 10 + 3 * size(indices.shape) + bytes(list) / 10

const takeKernel: IndexingKernel<void> = {
  code: ({ inputs: [table, indices], result }) => take({ table: table!, indices: indices!, result }),
  scratchBytes: none,
  cost: ([table, indices]) =>
    perRow({ shape: [...indices!.shape, ...table!.shape.slice(1)], dtype: table!.dtype }, indices!)
}
const scatterAddKernel: IndexingKernel<number> = {
  code: ({ inputs: [updates, indices], result }) => scatterAdd({ updates: updates!, indices: indices!, result }),
  scratchBytes: none,
  cost: ([updates, indices], rows) =>
    perRow(updates!, indices!) + (rows * size(updates!.shape.slice(indices!.shape.length))) / 10
}
const cumsumKernel: IndexingKernel<Running> = {
  code: ({ inputs: [source], attributes, result }) => cumsum({ source: source!, result, ...attributes }),
  scratchBytes: none,
  cost: ([source]) => 10 + size(source!.shape)
}
const argsortKernel: IndexingKernel<Order> = {
  code: ({ inputs: [source], attributes, result, scratch }) =>
    argsort({ source: source!, result, scratch, ...attributes }),
  scratchBytes: ([source]) => argsortScratchBytes(source!),
  cost: ([source]) => 20 + 4 * size(source!.shape) * Math.ceil(Math.log2(1 + source!.shape[source!.shape.length - 1]!))
}
const positionKernel = (position: typeof argmax): IndexingKernel<number> => ({
  code: ({ inputs: [source], attributes, result }) => position({ source: source!, result, axis: attributes }),
  scratchBytes: none,
  cost: ([source]) => 10 + size(source!.shape)
})
export const indexing = {
  take: takeKernel,
  scatterAdd: scatterAddKernel,
  cumsum: cumsumKernel,
  argsort: argsortKernel,
  argmax: positionKernel(argmax),
  argmin: positionKernel(argmin)
}
