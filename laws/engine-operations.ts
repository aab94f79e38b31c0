/** How a line of a random program applies each primitive. One that is missing here is a type error. */
import { add, div, mul, neg, scale, sub } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cast, stopGradient } from '../src/primitive/conversion.js'
import * as elementary from '../src/primitive/elementary.js'
import { amax, amin, argmax, argmin, maximum, minimum } from '../src/primitive/extremum.js'
import * as gamma from '../src/primitive/gamma.js'
import { argsort, cumsum, scatterAdd, take } from '../src/primitive/indexing.js'
import { broadcast, permute, reshape, sum } from '../src/primitive/movement.js'
import * as polar from '../src/primitive/polar.js'
import * as selection from '../src/primitive/selection.js'
import { concat, pad, reverse, slice } from '../src/primitive/window.js'
import { overlapAdd, span, windows } from '../src/primitive/windows.js'
import type { Dtype } from '../src/structure/dtype.js'
import { range, type Shape, size, withExtent } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { clamped, type Draw, lifted, type Operation, scaled, shaped } from './engine-draw.js'
import type { PrimitiveName } from './primitives.js'

type Unary = (x: Tensor) => Tensor
type Binary = (x: Tensor, y: Tensor) => Tensor

const ofOne =
  (f: Unary, draw: (d: Draw) => Tensor = d => d.numeric()): Operation =>
  d =>
    f(draw(d))
const ofTwo =
  (f: Binary, draw: (d: Draw) => Tensor = d => d.numeric()): Operation =>
  d => {
    const x = draw(d)
    return f(x, d.like(x))
  }
/** A function of floating numbers, mostly of such as keep it finite, and sometimes of any. */
const within =
  (f: Unary, inside: Unary): Operation =>
  d => {
    const x = d.float()
    return f(d.chance(4) ? x : inside(x))
  }
const between =
  (low: number, high: number): Unary =>
  x =>
    clamped(x, low, high)
const positive: Unary = x => lifted(x, 0.25)
const jumping = (f: Unary): Operation => ofOne(x => f(scaled(x, 2.5)))

const bits = (d: Draw): Tensor => (d.chance(3) ? d.bool() : d.integer())
/** The axes along which there is something. */
const filledAxes = (x: Tensor): readonly number[] => range(x.shape.length).filter(axis => x.shape[axis]! > 0)
/** With an axis along which there is something. */
const filled = (d: Draw, x: Tensor): Tensor => (filledAxes(x).length > 0 ? x : shaped([1 + d.number(3)])(x))
/** A value that can be added up: the sum of truth values is no truth value. */
const best =
  (f: (axes: readonly number[]) => Unary): Operation =>
  d => {
    const x = d.any()
    return f(d.axes(filledAxes(x)))(x)
  }
const place =
  (f: (axis: number) => Unary): Operation =>
  d => {
    const x = filled(d, d.any())
    return f(d.pick(filledAxes(x)))(x)
  }

/** A part of one axis. */
const partOf = (d: Draw, extent: number): readonly [number, number, number] => {
  if (extent === 0) return [0, 1, 0]
  const step = 1 + d.number(3)
  const count = d.number(Math.floor((extent - 1) / step) + 2)
  return [d.number(extent - Math.max(0, count - 1) * step), step, count]
}
const windowIn = (d: Draw, shape: Shape) => {
  const parts = shape.map(extent => (d.chance(3) ? ([0, 1, extent] as const) : partOf(d, extent)))
  return { start: parts.map(p => p[0]), step: parts.map(p => p[1]), shape: parts.map(p => p[2]) }
}
const windowAround = (d: Draw, shape: Shape) => {
  const parts = shape.map(extent => {
    if (d.chance(2)) return [0, 1, extent] as const
    const [before, step, after] = [d.number(3), 1 + d.number(3), d.number(3)]
    return [before, step, before + Math.max(0, extent - 1) * step + Math.min(1, extent) + after] as const
  })
  return { start: parts.map(p => p[0]), step: parts.map(p => p[1]), shape: parts.map(p => p[2]) }
}

/** Whole numbers that are rows, whatever they were. */
const rowsOf = (d: Draw, count: number, shape: Shape): Tensor =>
  clamped(selection.bitAnd(d.ofType({ shape, dtype: 'int32' }), 63), 0, count - 1)
/** A shape for indices; of a table without rows there are none. */
const indexShape = (d: Draw, rows: number): Shape =>
  rows === 0 ? [0] : d.pick<Shape>([[3], [], [1], [2, 3], [0], [7], [17]])

const product: Operation = d => {
  const x = d.ranked(d.numeric())
  const rank = x.shape.length
  const left = d.number(2) === 1
  const right = d.number(2) === 1
  const matrix = rank === 1 ? reshape(d.number(2) === 0 ? [1, ...x.shape] : [...x.shape, 1])(x) : x
  const outer = matrix.shape.slice(0, -2)
  const k = matrix.shape[matrix.shape.length - (left ? 2 : 1)]!
  const n = d.pick([1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 0, 33, ...d.any().shape.slice(-1)])
  const y = d.ofType({ shape: [...outer, ...(right ? [n, k] : [k, n])], dtype: x.dtype })
  return matmul({ left, right })(matrix, y)
}

export const primitiveOperations: { readonly [K in PrimitiveName]: Operation } = {
  add: ofTwo(add),
  sub: ofTwo(sub),
  neg: ofOne(neg),
  mul: ofTwo(mul),
  scale: ofTwo(scale, d => d.float()),
  div: d => {
    const x = d.numeric()
    const y = d.like(x)
    return div(x, d.chance(3) ? y : positive(y))
  },
  pow: d => {
    const x = d.float()
    switch (d.number(4)) {
      case 0:
        return elementary.pow(x, d.pick([2, 3, 1, 0, -1, 0.5, -2]))
      case 1:
        return elementary.pow(x, d.like(x))
      default:
        return elementary.pow(positive(x), clamped(d.like(x), -3, 3))
    }
  },
  abs: ofOne(elementary.abs),
  exp: within(elementary.exp, between(-20, 8)),
  expm1: within(elementary.expm1, between(-20, 8)),
  log: within(elementary.log, positive),
  log1p: within(elementary.log1p, between(-0.9, 1000)),
  sqrt: within(elementary.sqrt, elementary.abs),
  sin: ofOne(elementary.sin),
  cos: ofOne(elementary.cos),
  tan: within(elementary.tan, between(-1.4, 1.4)),
  asin: within(elementary.asin, between(-1, 1)),
  acos: within(elementary.acos, between(-1, 1)),
  atan: ofOne(elementary.atan),
  sinh: within(elementary.sinh, between(-8, 8)),
  cosh: within(elementary.cosh, between(-8, 8)),
  tanh: ofOne(elementary.tanh),
  asinh: ofOne(elementary.asinh),
  acosh: within(elementary.acosh, x => lifted(x, 1)),
  atanh: within(elementary.atanh, between(-0.95, 0.95)),
  sigmoid: ofOne(elementary.sigmoid),
  erf: ofOne(elementary.erf),
  erfc: within(elementary.erfc, between(-6, 6)),
  erfinv: within(elementary.erfinv, between(-0.95, 0.95)),
  lgamma: within(gamma.lgamma, positive),
  digamma: within(gamma.digamma, positive),
  polygamma: d => gamma.polygamma(1 + d.number(3))(d.chance(4) ? d.float() : positive(d.float())),
  atan2: ofTwo(polar.atan2, d => d.float()),
  hypot: ofTwo(polar.hypot, d => d.float()),
  maximum: ofTwo(maximum, d => d.any()),
  minimum: ofTwo(minimum, d => d.any()),
  amax: best(amax),
  amin: best(amin),
  argmax: place(argmax),
  argmin: place(argmin),
  less: ofTwo(selection.less, d => d.any()),
  lessEqual: ofTwo(selection.lessEqual, d => d.any()),
  equal: ofTwo(selection.equal, d => d.any()),
  where: d => {
    const x = d.any()
    const y = d.like(x)
    return selection.where(d.ofType({ shape: x.shape, dtype: 'bool' }), x, y)
  },
  sign: ofOne(selection.sign),
  floor: jumping(selection.floor),
  ceil: jumping(selection.ceil),
  round: jumping(selection.round),
  bitAnd: ofTwo(selection.bitAnd, bits),
  bitOr: ofTwo(selection.bitOr, bits),
  bitXor: ofTwo(selection.bitXor, bits),
  shiftLeft: ofTwo(selection.shiftLeft, d => d.integer()),
  shiftRight: ofTwo(selection.shiftRight, d => d.integer()),
  cast: d => cast(d.pick<Dtype>(['float32', 'float64', 'int32', 'bool']))(d.any()),
  stopGradient: ofOne(stopGradient, d => d.any()),
  reshape: d => {
    const x = d.any()
    const { shape } = x
    const merged = shape.length < 2 ? shape : [shape[0]! * shape[1]!, ...shape.slice(2)]
    return reshape(d.pick<Shape>([[size(shape)], [1, ...shape], [...shape].reverse(), merged, [...shape, 1]]))(x)
  },
  permute: d => {
    const x = d.any()
    const axes = [...range(x.shape.length)]
    const order: number[] = []
    while (axes.length > 0) order.push(...axes.splice(axes.length - 1 - d.number(axes.length), 1))
    return permute(order)(x)
  },
  broadcast: d => {
    const x = d.any()
    const times = 2 + d.number(4)
    const wide = x.shape.map(extent => (extent === 1 ? times : extent))
    return broadcast(d.number(2) === 0 && x.shape.length < 4 ? [times, ...wide] : wide)(x)
  },
  sum: d => {
    const x = d.numeric()
    return sum(d.axes(range(x.shape.length)))(x)
  },
  slice: d => {
    const x = d.any()
    return slice(windowIn(d, x.shape))(x)
  },
  pad: d => {
    const x = d.any()
    return pad(windowAround(d, x.shape))(x)
  },
  concat: d => {
    const x = d.ranked(d.any())
    const axis = d.number(x.shape.length)
    const more = range(1 + d.number(2)).map(() =>
      d.ofType({ shape: d.chance(2) ? withExtent(x.shape, axis, d.number(5)) : x.shape, dtype: x.dtype })
    )
    return concat(axis)([x, ...more])
  },
  reverse: d => {
    const x = d.any()
    return reverse(d.axes(range(x.shape.length)))(x)
  },
  windows: d => {
    const x = d.ranked(d.any())
    const axis = d.number(x.shape.length)
    return windows({ axis, size: 1 + d.number(4), step: 1 + d.number(3), dilation: 1 + d.number(2) })(x)
  },
  overlapAdd: d => {
    const some = d.ranked(d.numeric())
    const y = some.shape.length > 1 ? some : reshape([...some.shape, 1])(some)
    const axis = d.number(y.shape.length - 1)
    const filled = y.shape[axis + 1] === 0 ? shaped(withExtent(y.shape, axis + 1, 1))(y) : y
    const [count, size] = [filled.shape[axis]!, filled.shape[axis + 1]!]
    const [step, dilation] = [1 + d.number(3), 1 + d.number(2)]
    const extent = (count === 0 ? 0 : (count - 1) * step + span(size, dilation)) + d.number(3)
    return overlapAdd({ axis, extent, step, dilation })(filled)
  },
  take: d => {
    const x = d.ranked(d.any())
    const rows = x.shape[0]!
    return take(rowsOf(d, rows, indexShape(d, rows)))(x)
  },
  scatterAdd: d => {
    const x = d.numeric()
    const rows = 1 + d.number(9)
    const indices = x.shape.slice(0, d.number(Math.min(2, x.shape.length) + 1))
    return scatterAdd(rows)(rowsOf(d, rows, indices))(x)
  },
  cumsum: d => {
    const x = d.ranked(d.numeric())
    return cumsum({ axis: d.number(x.shape.length), backwards: d.number(2) === 1 })(x)
  },
  argsort: d => argsort({ descending: d.number(2) === 1 })(d.ranked(d.any())),
  matmul: product
}
