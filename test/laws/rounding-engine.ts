/** An engine that is right and rounds otherwise: sums backwards in the dtype itself, functions two places off on either side. */
import { word } from '../../laws/engine-values.js'
import { primitives } from '../../laws/primitives.js'
import { matmulPrimitive, type Transposed } from '../../src/primitive/contraction.js'
import { cumsumPrimitive, type Running } from '../../src/primitive/indexing.js'
import { sumPrimitive } from '../../src/primitive/movement.js'
import { isFloat } from '../../src/structure/dtype.js'
import { foldedStrides, size, strides } from '../../src/structure/shape.js'
import { type Constant, constant, elements } from '../../src/tensor/tensor.js'
import { type AnyPrimitive, type Change, evaluating, rewritten } from './changed-engines.js'

const functions = [
  ...[
    'exp',
    'expm1',
    'log',
    'log1p',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh'
  ],
  ...['sigmoid', 'erf', 'erfc', 'erfinv', 'lgamma', 'digamma', 'polygamma', 'atan2', 'hypot', 'pow']
] as readonly (keyof typeof primitives)[]

const known = (x: number): boolean => x === 0 || Math.abs(x) === 1 || !Number.isFinite(x)
/** The result two places off, and exact where every implementation is: of special values, and of squares. */
const off = (x: Constant, exponent: Constant | undefined): Constant =>
  rewritten(x, data => {
    const squares = exponent && elements(exponent)
    for (let i = 0; i < data.length; i++) {
      const v = data[i]!
      const by = ((word(i, data.length) % 5) - 2) * (x.dtype === 'float32' ? 2 ** -24 : 2 ** -53)
      if (!known(v) && squares?.[i] !== 2) data[i] = v * (1 + by)
    }
  })

/** Adds in the array itself, so that every partial sum is rounded, from the last index to the first. */
const backwards = (x: Constant, folded: readonly number[], into: Constant['data']): void => {
  const [values, steps] = [elements(x), strides(x.shape)]
  for (let i = values.length - 1; i >= 0; i--) {
    const at = steps.reduce((sum, step, axis) => sum + (Math.floor(i / step) % x.shape[axis]!) * folded[axis]!, 0)
    into[at]! += values[i]!
  }
}
const multiplied = ([x, y]: readonly Constant[], { left, right }: Transposed, into: Constant): void => {
  const [a, b] = [elements(x!), elements(y!)]
  const [m, n] = into.shape.slice(-2) as [number, number]
  const k = x!.shape[x!.shape.length - (left ? 2 : 1)]!
  for (let at = 0; at < into.data.length; at++) {
    const [batch, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n]
    for (let p = k - 1; p >= 0; p--) {
      const q = batch * m * k + (left ? p * m + i : i * k + p)
      const r = batch * k * n + (right ? j * k + p : p * n + j)
      into.data[at]! += into.dtype === 'float32' ? Math.fround(a[q]! * b[r]!) : a[q]! * b[r]!
    }
  }
}

const zerosLike = (x: Constant): Constant => constant(x.shape, x.dtype, elements(x).slice().fill(0))

export const roundingOtherwise = evaluating('rounding otherwise', [
  ...functions.map(
    name =>
      [
        primitives[name] as AnyPrimitive,
        right =>
          (inputs, ...rest) =>
            off(right(inputs, ...rest), inputs[1])
      ] satisfies Change
  ),
  [
    sumPrimitive as AnyPrimitive,
    right => (inputs, axes, type) => {
      const result = right(inputs, axes, type)
      if (!isFloat(result)) return result
      const sum = zerosLike(result)
      backwards(inputs[0]!, foldedStrides(inputs[0]!.shape, axes as readonly number[]), sum.data)
      return sum
    }
  ],
  [
    matmulPrimitive as AnyPrimitive,
    right => (inputs, attributes, type) => {
      const result = right(inputs, attributes, type)
      if (!isFloat(result) || size(result.shape) === 0) return result
      const product = zerosLike(result)
      multiplied(inputs, attributes as Transposed, product)
      return product
    }
  ],
  [
    cumsumPrimitive as AnyPrimitive,
    right => (inputs, attributes, type) => {
      const result = right(inputs, attributes, type)
      if (result.dtype !== 'float32') return result
      const { axis, backwards: down } = attributes as Running
      const inner = strides(result.shape)[axis]!
      const extent = result.shape[axis]!
      return rewritten(inputs[0]!, data => {
        const from = (i: number): number => Math.floor(i / inner) % extent
        const indices = data.map((_, i) => i)
        for (const i of down ? indices.reverse() : indices) {
          const k = from(i)
          if (down ? k + 1 < extent : k > 0) data[i]! += data[down ? i + inner : i - inner]!
        }
      })
    }
  ]
])
