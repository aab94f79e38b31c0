/**
 * x = n π/2 + r with |r| ≤ π/4, for every float64 and r in two parts: n and r are what sines are made of.
 *
 * Up to some 25 000, π/2 in three parts does, the first two with zeros at their ends so that their products with n are exact. Beyond, and rarely, x
 * is multiplied by those 192 bits of 2/π that tell (the method of Payne and Hanek), lane by lane.
 */
import {
  f64,
  f64x2,
  give,
  i32,
  i64,
  i64x2,
  type Local,
  local,
  type Routine,
  reinterpret,
  result,
  routine,
  type Statement,
  select,
  set,
  type Value,
  when
} from '../assembler.js'
import { compute, type Name, once, perform } from './arithmetic.js'

/** π/2 in parts of 39, 39 and 53 bits. */
const halfPi = [1.5707963267923333, 2.5633441515905732e-12, 3.9455541665632055e-24] as const
/** Up to here n has at most 14 bits, and its products with the parts are exact. */
const manageable = 25_000
/** Adding it leaves a whole number in the low bits. */
const round = 1.5 * 2 ** 52

/** The bits of 2/π after the point. */
const twoOverPi =
  'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73e' +
  'e88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b7' +
  '4f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6bab'

/** The i-th word of 64 bits of 0…0 2/π. */
const wordRoutine = (): Routine => {
  const i = local('i32')
  const words = twoOverPi.match(/.{16}/g)!.map(word => i64.const(BigInt.asIntN(64, BigInt(`0x${word}`))))
  const chosen = words.reduce((others, word, at) => select(i32.eq(i, i32.const(at + 1)), word, others), i64.const(0n))
  return routine('twoOverPi', [i], give(chosen), { result: 'i64' })
}

const bits = (x: bigint): Value<'i64'> => i64.const(x)
const low32 = (x: Value<'i64'>): Value<'i64'> => i64.and(x, bits(0xffff_ffffn))
const high32 = (x: Value<'i64'>): Value<'i64'> => i64.shrU(x, bits(32n))
/** The high 64 bits of the product of a number of 53 bits and one of 64. */
const highProduct = (name: Name, a: Local<'i64'>, b: Local<'i64'>): Value<'i64'> => {
  const carried = i64.add(i64.mul(high32(a), low32(b)), high32(i64.mul(low32(a), low32(b))))
  const across = name(carried)
  const other = name(i64.add(i64.mul(low32(a), high32(b)), low32(across)))
  return i64.add(i64.mul(high32(a), high32(b)), i64.add(high32(across), high32(other)))
}

/** r of one large number (of which the bits are given) in two parts; n modulo 4 is in the last two bits of the second, where they do not count. */
const largeRoutine = (): Routine => {
  const x = local('i64')
  const word = wordRoutine()
  const body = compute(name => {
    const mantissa = name(i64.or(i64.and(x, bits(2n ** 52n - 1n)), bits(2n ** 52n)))
    const exponent = i64.and(i64.shrU(x, bits(52n)), bits(0x7ffn))
    // x = mantissa · 2^(exponent − 1075): from this bit on 2/π times that is less than 4. One word of zeros comes first.
    const from = name(i32.add(i64.wrap(exponent), i32.const(64 - 2 - 1075)))
    const shift = name(i64.extend(i32.and(from, i32.const(63))))
    const first = name(i32.shrU(from, i32.const(6)))
    const wordAt = (i: number) => result('i64', word, i32.add(first, i32.const(i)))
    const window = (i: number) =>
      name(i64.or(i64.shl(wordAt(i), shift), i64.shrU(i64.shrU(wordAt(i + 1), bits(1n)), i64.sub(bits(63n), shift))))
    const [w0, w1, w2] = [window(0), window(1), window(2)]
    // The product modulo 4, its point after two bits: the carry of a sum is where that is less than a term.
    const addend = name(highProduct(name, mantissa, w2))
    const below = name(i64.add(i64.mul(mantissa, w1), addend))
    const carry = i64.extend(i64.ltU(below, addend))
    const above = name(i64.add(i64.add(i64.mul(mantissa, w0), highProduct(name, mantissa, w1)), carry))
    // The nearest whole number taken away, what is left is a fraction with a sign; −1 where that is negative.
    const fraction = name(i64.or(i64.shl(above, bits(2n)), i64.shrU(below, bits(62n))))
    const negative = name(i64.shr(fraction, bits(63n)))
    const n = i64.sub(i64.shrU(above, bits(62n)), negative)
    const high = name(i64.xor(fraction, negative))
    const low = i64.xor(i64.shl(below, bits(2n)), negative)
    // 27 bits, and 53 or more below them; times π/2 in parts of 26 and 53 bits.
    const a = name(f64.mul(f64.convertWide(i64.shrU(high, bits(36n))), f64.const(2 ** -28)))
    const middle = f64.convertWide(i64.and(high, bits(2n ** 36n - 1n)))
    const tail = f64.convertWide(i64.shrU(low, bits(11n)))
    const b = f64.add(f64.mul(middle, f64.const(2 ** -64)), f64.mul(tail, f64.const(2 ** -117)))
    const product = name(f64.mul(a, f64.const(1.5707963109016418)))
    const rest = name(f64.add(f64.mul(a, f64.const(1.5893254773528196e-8)), f64.mul(b, f64.const(Math.PI / 2))))
    const r = name(f64.add(product, rest))
    const both = f64x2.withLane(f64x2.splat(r), 1, f64.sub(rest, f64.sub(r, product)))
    // Signs: that of x goes over to both, that of the fraction to r.
    const xSign = name(i64.shr(x, bits(63n)))
    const flip = i64.and(i64.xor(negative, xSign), bits(-(2n ** 63n)))
    const signed = name(i64x2.xor(reinterpret('i64x2', both), i64x2.splat(flip)))
    const quarter = i64.and(i64.sub(i64.xor(n, xSign), xSign), bits(3n))
    const last = i64.or(i64.and(i64x2.lane(signed, 1), bits(-4n)), quarter)
    return reinterpret('f64x2', i64x2.withLane(signed, 1, last))
  })
  return routine('largeAngle', [x], give(body), { result: 'f64x2' })
}

export interface Quadrant {
  /** Its last two bits are those of n. */
  readonly n: Local<'i64x2'>
  readonly r: Local<'f64x2'>
  readonly rest: Local<'f64x2'>
}
/** The reduction, with its routines made once. */
export const quadrants = () => {
  const large = once(largeRoutine)
  return (name: Name, run: (step: Statement) => void, x: Local<'f64x2'>): Quadrant => {
    const shifted = name(f64x2.add(f64x2.mul(x, f64x2.const(2 / Math.PI)), f64x2.const(round)))
    const whole = name(f64x2.sub(shifted, f64x2.const(round)))
    const first = name(f64x2.sub(x, f64x2.mul(whole, f64x2.const(halfPi[0]))))
    const product = name(f64x2.mul(whole, f64x2.const(halfPi[1])))
    const second = name(f64x2.sub(first, product))
    const lost = f64x2.sub(f64x2.sub(first, second), product)
    const third = name(f64x2.sub(f64x2.mul(whole, f64x2.const(halfPi[2])), lost))
    const r = name(f64x2.sub(second, third))
    const rest = name(f64x2.sub(f64x2.sub(second, r), third))
    const n = name(reinterpret('i64x2', shifted))
    const small = name(f64x2.le(f64x2.abs(x), f64x2.const(manageable)))
    // ∞ and NaN come here too: their difference with themselves, added, makes NaN of whatever comes out.
    const rare = perform((name, run) => {
      const lanes = [0, 1].map(lane => name(result('f64x2', large(), i64x2.lane(reinterpret('i64x2', x), lane))))
      const [a, b] = [lanes[0]!, lanes[1]!]
      const rests = name(f64x2.shuffle(a, b, 1, 3))
      run(set(r, f64x2.select(small, r, f64x2.add(f64x2.shuffle(a, b, 0, 2), f64x2.sub(x, x)))))
      run(set(rest, f64x2.select(small, rest, rests)))
      run(set(n, i64x2.select(small, n, reinterpret('i64x2', rests))))
    })
    run(when(i64x2.any(i64x2.not(small)), rare))
    return { n, r, rest }
  }
}
