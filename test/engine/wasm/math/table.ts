/** The stored tables of exact values (reference.py says how they are made and laid out), and the distance of a number from an exact value. */
import { readFileSync } from 'node:fs'

export type Width = 'float32' | 'float64'
interface Line {
  readonly by: 'even' | 'bits'
  readonly from: number
  readonly to: number
}
interface Stored {
  readonly stretches: readonly { readonly count: number; readonly lines: readonly Line[] }[]
  readonly values: string
}
/** At each argument (of two lists, if the function has two) the exact value, rounded, and what that lacks, in units in its last place. */
export interface Table {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly rounded: Float32Array | Float64Array
  readonly rest: readonly number[]
}

const narrow = (x: number): number => Math.fround(x)
/** The bits of a number without its sign, and the number of such bits. */
const formats = {
  float32: {
    bytes: 4,
    round: narrow,
    bits: (x: number) => BigInt(new Uint32Array(Float32Array.of(Math.abs(x)).buffer)[0]!),
    of: (bits: bigint) => new Float32Array(Uint32Array.of(Number(bits)).buffer)[0]!
  },
  float64: {
    bytes: 8,
    round: (x: number) => x,
    bits: (x: number) => new BigUint64Array(Float64Array.of(Math.abs(x)).buffer)[0]!,
    of: (bits: bigint) => new Float64Array(BigUint64Array.of(bits).buffer)[0]!
  }
} as const

const points = (width: Width, { by, from, to }: Line, count: number): readonly number[] => {
  const { round, bits, of } = formats[width]
  const indices = Array.from({ length: count }, (_, i) => i)
  if (by === 'even') return indices.map(i => round(from + ((to - from) * i) / (count - 1)))
  const [low, high] = [bits(from), bits(to)]
  return indices.map(i => Math.sign(from) * of(low + ((high - low) * BigInt(i)) / BigInt(count - 1)))
}

export const table = (name: string, width: Width): Table => {
  const file = readFileSync(new URL(`./reference/${name}.json`, import.meta.url), 'utf8')
  const { stretches, values } = (JSON.parse(file) as Record<Width, Stored>)[width]
  const column = (operand: number, stride: number): readonly number[] =>
    stretches.flatMap(({ count, lines }) => {
      const line = lines[operand]
      const all = line === undefined ? [] : points(width, line, count)
      return all.map((_, i) => all[(i * stride) % count]!)
    })
  const x = column(0, 1)
  const bytes = Uint8Array.from(atob(values), byte => byte.charCodeAt(0))
  const split = x.length * formats[width].bytes
  const rounded =
    width === 'float32' ? new Float32Array(bytes.buffer, 0, x.length) : new Float64Array(bytes.buffer, 0, x.length)
  return { x, y: column(1, 149), rounded, rest: Array.from(new Int8Array(bytes.buffer, split), r => r / 254) }
}

/** One unit in the last place of a finite number. */
export const unit = (width: Width, x: number): number => {
  const [digits, least] = width === 'float32' ? [23, -149] : [52, -1074]
  const exponent = (formats.float64.bits(x) >> 52n) - 1023n
  return 2 ** Math.max(Number(exponent) - digits, least)
}
/** How far a number is from an exact value, in units in the last place; infinite where one is NaN, infinite, or a zero of another sign. */
export const distance = (width: Width, found: number, rounded: number, rest = 0): number => {
  if (Object.is(found, rounded)) return Math.abs(rest)
  if (!Number.isFinite(found) || !Number.isFinite(rounded) || (found === 0 && rounded === 0)) return Infinity
  return Math.abs((found - rounded) / unit(width, rounded) - rest)
}
