/** Relaxed SIMD, in which `a · b + c` may be rounded once: younger than SIMD, so that it has to be asked for. */
import { assemble, drop, f32x4, routine } from './assembler.js'
import { platform } from './platform.js'

/** Whether this WebAssembly knows it: a tiny module that uses it is valid, or is not. Looks each time. */
export const hasRelaxedSimd = (): boolean => {
  const one = f32x4.const(1)
  const probe = routine('relaxed', [], drop(f32x4.relaxedMulAdd(one, one, one)))
  return platform().validate(assemble({ memory: { pages: 1 }, routines: [probe] }))
}
