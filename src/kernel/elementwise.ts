/**
 * Loops over elements. An operand with a step of 0 gives one element again and again.
 *
 * The common operations have a loop each: in one loop shared by all, V8 cannot inline the operation, and it runs several times slower.
 */
import type { Data } from '../structure/dtype.js'

export type UnaryLoop = (out: Data, n: number, x: Data) => void
export type BinaryLoop = (out: Data, n: number, x: Data, stepX: number, y: Data, stepY: number) => void

export const unary =
  (f: (x: number) => number): UnaryLoop =>
  (out, n, x) => {
    for (let i = 0; i < n; i++) out[i] = f(x[i]!)
  }
export const binary =
  (f: (x: number, y: number) => number): BinaryLoop =>
  (out, n, x, stepX, y, stepY) => {
    for (let i = 0; i < n; i++) out[i] = f(x[i * stepX]!, y[i * stepY]!)
  }
export const comparison =
  (f: (x: number, y: number) => boolean): BinaryLoop =>
  (out, n, x, stepX, y, stepY) => {
    for (let i = 0; i < n; i++) out[i] = f(x[i * stepX]!, y[i * stepY]!) ? 1 : 0
  }

export const copy: UnaryLoop = (out, n, x) => {
  for (let i = 0; i < n; i++) out[i] = x[i]!
}
/** To bool: everything but 0 is true, NaN included. */
export const toBool: UnaryLoop = (out, n, x) => {
  for (let i = 0; i < n; i++) out[i] = x[i] === 0 ? 0 : 1
}
export const neg: UnaryLoop = (out, n, x) => {
  for (let i = 0; i < n; i++) out[i] = -x[i]!
}
export const tanh: UnaryLoop = (out, n, x) => {
  for (let i = 0; i < n; i++) out[i] = Math.tanh(x[i]!)
}
export const exp: UnaryLoop = (out, n, x) => {
  for (let i = 0; i < n; i++) out[i] = Math.exp(x[i]!)
}
export const add: BinaryLoop = (out, n, x, stepX, y, stepY) => {
  for (let i = 0; i < n; i++) out[i] = x[i * stepX]! + y[i * stepY]!
}
export const sub: BinaryLoop = (out, n, x, stepX, y, stepY) => {
  for (let i = 0; i < n; i++) out[i] = x[i * stepX]! - y[i * stepY]!
}
/** Of integers, the low 32 bits of the exact product: a float64 product would round them away. */
export const mul: BinaryLoop = (out, n, x, stepX, y, stepY) => {
  if (out instanceof Int32Array) for (let i = 0; i < n; i++) out[i] = Math.imul(x[i * stepX]!, y[i * stepY]!)
  else for (let i = 0; i < n; i++) out[i] = x[i * stepX]! * y[i * stepY]!
}
export const div: BinaryLoop = (out, n, x, stepX, y, stepY) => {
  for (let i = 0; i < n; i++) out[i] = x[i * stepX]! / y[i * stepY]!
}
/** A product in which zero wins over infinity and NaN; every other product is as in IEEE 754, so that 1 is its unit to the bit. */
export const scale: BinaryLoop = (out, n, x, stepX, y, stepY) => {
  for (let i = 0; i < n; i++) {
    const a = x[i * stepX]!
    const b = y[i * stepY]!
    const product = a * b
    out[i] = product !== product && (a === 0 || b === 0) ? 0 : product
  }
}
export const select = (
  out: Data,
  n: number,
  condition: Data,
  stepC: number,
  x: Data,
  stepX: number,
  y: Data,
  stepY: number
): void => {
  for (let i = 0; i < n; i++) out[i] = condition[i * stepC] !== 0 ? x[i * stepX]! : y[i * stepY]!
}
