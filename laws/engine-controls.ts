/** Lines of random programs that are more than one primitive: controls with lines inside, derivatives, draws of random numbers, constants. */
import { checkpoint, customJvp } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { scan } from '../src/control/scan.js'
import { whileLoop } from '../src/control/while.js'
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import { add, div, mul, square, sub } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cast, stopGradient } from '../src/primitive/conversion.js'
import { cos, exp, rsqrt, tanh } from '../src/primitive/elementary.js'
import { amax, maximum } from '../src/primitive/extremum.js'
import { broadcast, reshape, sum, sumAll } from '../src/primitive/movement.js'
import { bitAnd, less } from '../src/primitive/selection.js'
import { slice } from '../src/primitive/window.js'
import { bernoulli, integers, normal, permutation, uniform as uniformly } from '../src/random/distribution.js'
import { foldIn, type Key, split } from '../src/random/key.js'
import { type Dtype, isFloat } from '../src/structure/dtype.js'
import { size } from '../src/structure/shape.js'
import { type Tensor, uniform } from '../src/tensor/tensor.js'
import { jvp } from '../src/transform/forward.js'
import { grad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import { clamped, type Draw, inType, type Operation, shaped } from './engine-draw.js'
import { filled, type Kind } from './engine-values.js'

type Pair = readonly [Tensor, Tensor]

/** The same within bounds, so that what is repeated does not run away. */
const tame = (x: Tensor): Tensor => (isFloat(x) ? clamped(x, -4, 4) : x)

/** A few rows to go through, sometimes none. */
const sequence = (d: Draw): Tensor => {
  const x = d.ranked(d.any())
  const [first, ...rest] = x.shape
  const length = Math.min(first!, d.pick([3, 5, 1, 2, 0, 6]))
  return slice({ start: x.shape.map(() => 0), step: x.shape.map(() => 1), shape: [length, ...rest] })(x)
}
const condition = (d: Draw): Tensor => d.ofType({ shape: [], dtype: 'bool' })
/** A scalar that depends on all of a tensor. */
const energy = (x: Tensor): Tensor<[]> => sumAll(mul(isFloat(x) ? x : cast('float32')(x), 0.5))
/** A few steps, or fewer where a condition on what is carried ends them. */
const loopOf =
  (d: Draw, decides: boolean, limit: number) =>
  (start: Tensor): Tensor =>
    whileLoop(([h, n]: Pair): Tensor<[]> => {
      const few = less(n, limit)
      return decides ? bitAnd(few, inType(few, d.run([h], 'first'))) : few
    })(([h, n]): Pair => [tame(inType(h, d.run([h, n], 'second'))), add(n, 1)])([
      start,
      uniform({ shape: [], dtype: 'int32' }, 0)
    ] as Pair)[0]
const keyFrom = (d: Draw): Key => d.ofType({ shape: [2], dtype: 'int32' }) as Key

/** Controls and transformations around the lines inside. */
export const nestingOperations = {
  scan: d => {
    const xs = sequence(d)
    const start = d.any()
    const [wantsCarry, counts] = [d.chance(2), d.number(2) === 1]
    const zero = uniform({ shape: [], dtype: 'int32' }, 0)
    const [[last, count], outs] = scan(([h, n]: Pair, x: Tensor) => {
      const y = d.run([h, x, n])
      return [[tame(inType(h, y)), add(n, 1)] as Pair, [y, h] as Pair] as const
    })([start, zero] as Pair, xs)
    return counts ? add(isFloat(last) ? last : cast('float32')(last), count) : wantsCarry ? last : outs[d.number(2)]!
  },
  cond: d => {
    const x = d.any()
    return cond(
      condition(d),
      (p: Tensor) => inType(x, d.run([p], 'first')),
      (p: Tensor) => inType(x, d.run([p], 'second'))
    )(x)
  },
  // Programs are differentiated in reverse, as these loops cannot be.
  whileLoop: d => stopGradient(loopOf(d, d.chance(2), d.number(5))(d.any())),
  'jvp of whileLoop': d => {
    const x = d.float()
    return stopGradient(jvp(loopOf(d, d.chance(2), d.number(4)))(x, cos(x))[1])
  },
  'vmap of whileLoop': d => {
    const [members, decides, limit] = [sequence(d), d.chance(2), d.number(4)]
    return stopGradient(vmap((row: Tensor) => loopOf(d, decides, limit)(row))(members))
  },
  checkpoint: d => checkpoint((p: Tensor) => d.run([p]))(d.any()),
  'checkpoint of two': d => {
    const [x, y] = [d.any(), d.any()]
    return checkpoint(([p, q]: Pair): Pair => [d.run([q, p], 'first'), d.run([p, q], 'second')])([x, y])[d.number(2)]!
  },
  customJvp: d =>
    customJvp(
      (p: Tensor) => d.alone([p]),
      (p, t) => jvp((q: Tensor) => d.alone([q]))(p, t)[1]
    )(d.float()),
  jit: d => jit((p: Tensor) => d.run([p]), { engine: interpreter })(d.any()),
  vmap: d => vmap((row: Tensor) => d.run([row]))(sequence(d)),
  grad: d => tame(grad((p: Tensor) => energy(d.run([p])))(d.float())),
  jvp: d => {
    const x = d.float()
    return jvp((p: Tensor) => d.run([p]))(x, cos(x))[1]
  }
} as const satisfies { readonly [name: string]: Operation }

const numbers = [0, -0, 1, -1, 2, 0.5, 3, -2.5, Number.NaN, Number.POSITIVE_INFINITY, 100, 1e-3]
const dtypes: readonly Dtype[] = ['float32', 'float64', 'int32', 'bool']
const kinds: readonly Kind[] = ['whole', 'ordinary', 'special', 'zeros']
const sampleShape = (d: Draw): readonly number[] => d.pick([[3], [], [2, 5], [17], [1], [0], d.any().shape])

/** A floating value with something along its last axis. */
const withLast = (d: Draw): Tensor => {
  const x = d.ranked(d.float())
  return x.shape[x.shape.length - 1] === 0 ? shaped([3])(x) : x
}
/** Folded along the last axis, which stays with size 1. */
const overLast = (fold: (axes: readonly number[]) => (x: Tensor) => Tensor, x: Tensor): Tensor =>
  reshape([...x.shape.slice(0, -1), 1])(fold([x.shape.length - 1])(x))

/** What has nothing inside: constants, draws of random numbers, and what networks are made of. */
export const furtherOperations = {
  number: d => {
    const { shape } = d.any()
    const dtype = d.pick(dtypes)
    const value = d.pick(numbers)
    return uniform({ shape, dtype }, dtype === 'bool' ? Number(value > 0) : value)
  },
  array: d =>
    filled({ shape: d.any().shape, dtype: d.pick(dtypes), kind: d.pick(kinds), seed: d.number(1000), uniform: false }),
  clamp: d => tame(d.any()),
  twice: d => {
    const x = d.numeric()
    return mul(x, x)
  },
  affine: d => {
    const x = d.float()
    return add(mul(x, d.pick([0.5, 2, -1, 1, 0.1])), d.like(x))
  },
  softmax: d => {
    const x = withLast(d)
    const powers = exp(sub(x, broadcast(x.shape)(overLast(amax, x))))
    return div(powers, broadcast(x.shape)(overLast(sum, powers)))
  },
  normalized: d => {
    const x = tame(withLast(d))
    const n = x.shape[x.shape.length - 1]!
    const centered = sub(x, broadcast(x.shape)(mul(overLast(sum, x), 1 / n)))
    const variance = mul(overLast(sum, square(centered)), 1 / n)
    return mul(centered, broadcast(x.shape)(rsqrt(add(variance, 0.01))))
  },
  dense: d => {
    const rows = d.ranked(d.float())
    const k = rows.shape[rows.shape.length - 1]!
    const x = reshape([size(rows.shape) / Math.max(1, k), k])(k === 0 ? reshape([0, 0])(rows) : rows)
    const n = d.pick([4, 1, 10, 13, 3, 8, 17])
    const w = d.ofType({ shape: [n, k], dtype: x.dtype })
    const bias = d.ofType({ shape: [n], dtype: x.dtype })
    const y = add(matmul({ left: false, right: true })(x, w), bias)
    return d.pick([tanh, (z: Tensor) => maximum(z, 0), (z: Tensor) => z])(y)
  },
  uniform: d => uniformly(sampleShape(d), { dtype: d.pick(['float32', 'float64'] as const), min: -1 })(keyFrom(d)),
  normal: d => normal(sampleShape(d), { dtype: d.pick(['float32', 'float64'] as const) })(keyFrom(d)),
  bernoulli: d => bernoulli(sampleShape(d), { probability: 0.3 })(keyFrom(d)),
  integers: d => integers(sampleShape(d), { min: -3, max: 7 })(keyFrom(d)),
  permutation: d => permutation(d.pick([5, 1, 8, 0, 33]))(keyFrom(d)),
  split: d => split(keyFrom(d))[d.number(2)]!,
  foldIn: d => foldIn(d.ofType({ shape: [], dtype: 'int32' }) as Tensor<[]>)(keyFrom(d))
} as const satisfies { readonly [name: string]: Operation }
