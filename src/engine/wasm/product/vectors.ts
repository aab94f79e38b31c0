/** What a product needs of the vectors of its dtype: one source of kernels for float32, float64 and int32. */
import { type Floating, type Floats, f32x4, f64x2, i32x4, type Statement, share, type Value } from '../assembler.js'

export type Kind = Floating | 'i32x4'

export interface Vectors<V extends Kind> {
  readonly type: V
  readonly lanes: number
  readonly bytes: number
  readonly const: (...values: readonly number[]) => Value<V>
  readonly load: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadSplat: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadZero: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadLane: (address: Value<'i32'>, into: Value<V>, lane: number, offset?: number) => Value<V>
  readonly store: (address: Value<'i32'>, stored: Value<V>, offset?: number) => Statement
  readonly storeLane: (address: Value<'i32'>, stored: Value<V>, lane: number, offset?: number) => Statement
  readonly storeHalf: (address: Value<'i32'>, stored: Value<V>, lane: number, offset?: number) => Statement
  readonly shuffle: (a: Value<V>, b: Value<V>, ...picked: readonly number[]) => Value<V>
  readonly and: (a: Value<V>, b: Value<V>) => Value<V>
  readonly add: (a: Value<V>, b: Value<V>) => Value<V>
  /** `x · y + sum`. */
  readonly mulAdd: (x: Value<V>, y: Value<V>, sum: Value<V>) => Value<V>
}

const floating = <V extends Floating>(F: Floats<V>, fused: boolean): Vectors<V> => ({
  ...F,
  mulAdd: fused ? F.relaxedMulAdd : (x, y, sum) => F.add(sum, F.mul(x, y))
})
/** With and without fused multiply-add, which rounds once instead of twice. */
export const float32 = (fused: boolean): Vectors<'f32x4'> => floating<'f32x4'>(f32x4, fused)
export const float64 = (fused: boolean): Vectors<'f64x2'> => floating<'f64x2'>(f64x2, fused)
export const int32: Vectors<'i32x4'> = { ...i32x4, mulAdd: (x, y, sum) => i32x4.add(sum, i32x4.mul(x, y)) }

/** How many vectors hold so many numbers. */
export const vectorsFor = ({ lanes }: { readonly lanes: number }, count: number): number => Math.ceil(count / lanes)

/** Bits of all ones in the first `count` lanes. */
export const firstLanes = <V extends Kind>(F: Vectors<V>, count: number): Value<V> => ({
  type: F.type,
  code: i32x4.const(...Array.from({ length: 4 }, (_, word) => (word < (count * F.bytes) / 4 ? -1 : 0))).code
})

/** Stores the first `count` lanes and touches nothing else. */
export const storeFirst = <V extends Kind>(
  F: Vectors<V>,
  address: Value<'i32'>,
  stored: Value<V>,
  count: number,
  offset: number
): readonly Statement[] =>
  count >= F.lanes
    ? [F.store(address, stored, offset)]
    : [
        ...(count * F.bytes >= 8 ? [F.storeHalf(address, stored, 0, offset)] : []),
        ...(count % 2 === 1 && F.lanes === 4
          ? [F.storeLane(address, stored, count - 1, offset + (count - 1) * F.bytes)]
          : [])
      ]

/** As many vectors as a vector has lanes, seen as the rows of a square: `scope` gets its columns. */
export const transposed = <V extends Kind, S extends Statement>(
  F: Vectors<V>,
  rows: readonly Value<V>[],
  scope: (columns: readonly Value<V>[]) => S
): S => {
  const [a, b, c, d] = rows as readonly [Value<V>, Value<V>, Value<V>, Value<V>]
  if (F.lanes === 2) return scope([F.shuffle(a, b, 0, 2), F.shuffle(a, b, 1, 3)])
  const low = (p: Value<V>, q: Value<V>): Value<V> => F.shuffle(p, q, 0, 4, 1, 5)
  const high = (p: Value<V>, q: Value<V>): Value<V> => F.shuffle(p, q, 2, 6, 3, 7)
  return share(low(a, b), lowAbove =>
    share(low(c, d), lowBelow =>
      share(high(a, b), highAbove =>
        share(high(c, d), highBelow =>
          scope([
            F.shuffle(lowAbove, lowBelow, 0, 1, 4, 5),
            F.shuffle(lowAbove, lowBelow, 2, 3, 6, 7),
            F.shuffle(highAbove, highBelow, 0, 1, 4, 5),
            F.shuffle(highAbove, highBelow, 2, 3, 6, 7)
          ])
        )
      )
    )
  )
}
