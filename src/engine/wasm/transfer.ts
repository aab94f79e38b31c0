/** Numbers in and out of a program's memory. Everything that crosses is copied. */
import { allocate, type Data, type Dtype, typedArray } from '../../structure/dtype.js'
import { size } from '../../structure/shape.js'
import { type Constant, constant } from '../../tensor/tensor.js'
import type { Arena } from './arena.js'
import { bytesOf } from './kernel.js'
import type { View } from './view.js'

/** A stretch of memory as a typed array, made anew when memory has grown. */
export type Window = () => Data

export const window = (arena: Arena, dtype: Dtype, address: number, length: number): Window => {
  let generation = -1
  let view: Data
  return () => {
    if (generation !== arena.generation()) {
      view = typedArray(dtype, arena.memory.buffer, address, length)
      generation = arena.generation()
    }
    return view
  }
}

/** Up to here a loop costs less than the call of `set`. */
const few = 16

const copyData = (to: Data, from: Data): void => {
  const n = to.length
  if (n > few) to.set(from)
  else for (let i = 0; i < n; i++) to[i] = from[i]!
}
/** Writes a tensor row by row; one stored element is written everywhere. */
export const write = (to: Data, { data }: Constant): void => {
  if (data.length === 1) to.fill(data[0]!)
  else copyData(to, data)
}
/** A tensor of the program's, as a value of its own. */
export const reader = (arena: Arena, { shape, dtype, offset }: View, address: number): (() => Constant) => {
  const length = size(shape)
  const source = window(arena, dtype, address + offset * bytesOf[dtype], length)
  return () => {
    const data = allocate(dtype, length)
    copyData(data, source())
    return constant(shape, dtype, data)
  }
}
