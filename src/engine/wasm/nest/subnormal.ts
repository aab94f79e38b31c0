/** Numbers too small to be normal become zeros of their sign; NaN stays. */
import { f32x4, f64x2, i32, i32x4, i64x2, reinterpret } from '../assembler.js'
import { asFloat32, asFloat64, type Register } from './registers.js'

export const flushed = (dtype: 'float32' | 'float64', x: Register): Register => {
  // Of the mask of all bits that are to go, the first of each lane is taken out: that is the sign's.
  if (dtype === 'float32') {
    const small = reinterpret('i32x4', f32x4.lt(f32x4.abs(asFloat32(x)), f32x4.const(2 ** -126)))
    return f32x4.andNot(asFloat32(x), reinterpret('f32x4', i32x4.shrU(small, i32.const(1))))
  }
  const small = reinterpret('i64x2', f64x2.lt(f64x2.abs(asFloat64(x)), f64x2.const(2 ** -1022)))
  return f64x2.andNot(asFloat64(x), reinterpret('f64x2', i64x2.shrU(small, i32.const(1))))
}
