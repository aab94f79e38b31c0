/** Every first-order primitive by name: what laws quantify over. A test compares it with what the library defines. */
import * as arithmetic from '../src/primitive/arithmetic.js'
import { matmulPrimitive } from '../src/primitive/contraction.js'
import { castPrimitive, stopGradientPrimitive } from '../src/primitive/conversion.js'
import * as elementary from '../src/primitive/elementary.js'
import * as extremum from '../src/primitive/extremum.js'
import * as gamma from '../src/primitive/gamma.js'
import * as indexing from '../src/primitive/indexing.js'
import * as movement from '../src/primitive/movement.js'
import * as polar from '../src/primitive/polar.js'
import * as selection from '../src/primitive/selection.js'
import * as window from '../src/primitive/window.js'
import * as windows from '../src/primitive/windows.js'
import type { FirstOrder, Many } from '../src/tensor/tensor.js'

export const primitives = {
  add: arithmetic.addPrimitive,
  sub: arithmetic.subPrimitive,
  neg: arithmetic.negPrimitive,
  mul: arithmetic.mulPrimitive,
  scale: arithmetic.scalePrimitive,
  div: arithmetic.divPrimitive,
  pow: elementary.powPrimitive,
  abs: elementary.absPrimitive,
  exp: elementary.expPrimitive,
  expm1: elementary.expm1Primitive,
  log: elementary.logPrimitive,
  log1p: elementary.log1pPrimitive,
  sqrt: elementary.sqrtPrimitive,
  sin: elementary.sinPrimitive,
  cos: elementary.cosPrimitive,
  tan: elementary.tanPrimitive,
  asin: elementary.asinPrimitive,
  acos: elementary.acosPrimitive,
  atan: elementary.atanPrimitive,
  sinh: elementary.sinhPrimitive,
  cosh: elementary.coshPrimitive,
  tanh: elementary.tanhPrimitive,
  asinh: elementary.asinhPrimitive,
  acosh: elementary.acoshPrimitive,
  atanh: elementary.atanhPrimitive,
  sigmoid: elementary.sigmoidPrimitive,
  erf: elementary.erfPrimitive,
  erfc: elementary.erfcPrimitive,
  erfinv: elementary.erfinvPrimitive,
  lgamma: gamma.lgammaPrimitive,
  digamma: gamma.digammaPrimitive,
  polygamma: gamma.polygammaPrimitive,
  atan2: polar.atan2Primitive,
  hypot: polar.hypotPrimitive,
  maximum: extremum.maximumPrimitive,
  minimum: extremum.minimumPrimitive,
  amax: extremum.amaxPrimitive,
  amin: extremum.aminPrimitive,
  argmax: extremum.argmaxPrimitive,
  argmin: extremum.argminPrimitive,
  less: selection.lessPrimitive,
  lessEqual: selection.lessEqualPrimitive,
  equal: selection.equalPrimitive,
  where: selection.wherePrimitive,
  sign: selection.signPrimitive,
  floor: selection.floorPrimitive,
  ceil: selection.ceilPrimitive,
  round: selection.roundPrimitive,
  bitAnd: selection.bitAndPrimitive,
  bitOr: selection.bitOrPrimitive,
  bitXor: selection.bitXorPrimitive,
  shiftLeft: selection.shiftLeftPrimitive,
  shiftRight: selection.shiftRightPrimitive,
  cast: castPrimitive,
  stopGradient: stopGradientPrimitive,
  reshape: movement.reshapePrimitive,
  permute: movement.permutePrimitive,
  broadcast: movement.broadcastPrimitive,
  sum: movement.sumPrimitive,
  slice: window.slicePrimitive,
  pad: window.padPrimitive,
  concat: window.concatPrimitive,
  reverse: window.reversePrimitive,
  windows: windows.windowsPrimitive,
  overlapAdd: windows.overlapAddPrimitive,
  take: indexing.takePrimitive,
  scatterAdd: indexing.scatterAddPrimitive,
  cumsum: indexing.cumsumPrimitive,
  argsort: indexing.argsortPrimitive,
  matmul: matmulPrimitive
}
export type PrimitiveName = keyof typeof primitives
export const primitiveNames = Object.keys(primitives) as readonly PrimitiveName[]
export type AttributesOf<P> = P extends FirstOrder<infer _, infer A> ? A : never
export const primitive = (name: PrimitiveName): FirstOrder<Many, unknown> => primitives[name]
