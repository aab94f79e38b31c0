/** The same numbers in every run and for every contender. */
import type { Value } from './row.js'

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Mulberry32: uniform on [0, 1). */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Options {
  readonly seed?: number
  /** Uniform between −scale and scale. */
  readonly scale?: number
  readonly dtype?: 'float32' | 'float64'
}
export const uniform = (shape: readonly number[], { seed = 1, scale = 1, dtype = 'float32' }: Options = {}): Value => {
  const next = generator(seed)
  const data = dtype === 'float32' ? new Float32Array(count(shape)) : new Float64Array(count(shape))
  for (let i = 0; i < data.length; i++) data[i] = scale * (2 * next() - 1)
  return { shape, data }
}

export const classes = (n: number, among: number, seed = 2): Value => {
  const next = generator(seed)
  return { shape: [n], data: Int32Array.from({ length: n }, () => Math.floor(among * next())) }
}

export const zeros = (shape: readonly number[]): Value => ({ shape, data: new Float32Array(count(shape)) })
export const ones = (shape: readonly number[]): Value => ({ shape, data: new Float32Array(count(shape)).fill(1) })

/** The same numbers with their axes in another order. */
export const permuted = (axes: readonly number[], { shape, data }: Value): Value => {
  const steps = shape.map((_, axis) => count(shape.slice(axis + 1)))
  const offsets = axes.reduce<readonly number[]>(
    (found, axis) => found.flatMap(at => Array.from({ length: shape[axis]! }, (_, i) => at + i * steps[axis]!)),
    [0]
  )
  return { shape: axes.map(axis => shape[axis]!), data: data.map((_: number, i: number) => data[offsets[i]!]!) }
}
