/** Rules that are wrong in a way somebody could have got wrong, and for each a law that sees it, whatever the seed. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { controls } from '../../laws/controls.js'
import {
  adjointness,
  type Case,
  centralDifference,
  doubleTranspose,
  leibniz,
  symmetric
} from '../../laws/derivatives.js'
import { type Domain, domains } from '../../laws/domains.js'
import type { Law } from '../../laws/law.js'
import type { PrimitiveName } from '../../laws/primitives.js'
import { jitIsIdentity, oneMeaning, partlyKnown, vmapIsMap } from '../../laws/transformations.js'
import { casesOf } from '../../laws/variants.js'
import { customJvp } from '../../src/control/call.js'
import {
  add,
  addPrimitive,
  div,
  divPrimitive,
  mul,
  mulPrimitive,
  subPrimitive
} from '../../src/primitive/arithmetic.js'
import { matmulPrimitive } from '../../src/primitive/contraction.js'
import { stopGradient } from '../../src/primitive/conversion.js'
import { cos, expPrimitive, sin, sinPrimitive, tanhPrimitive } from '../../src/primitive/elementary.js'
import { maximumPrimitive } from '../../src/primitive/extremum.js'
import {
  cumsum,
  cumsumPrimitive,
  scatterAdd,
  scatterAddPrimitive,
  takePrimitive
} from '../../src/primitive/indexing.js'
import {
  broadcast,
  broadcastPrimitive,
  permute,
  permutePrimitive,
  reshape,
  sum,
  sumPrimitive
} from '../../src/primitive/movement.js'
import { wherePrimitive } from '../../src/primitive/selection.js'
import { concatPrimitive, padPrimitive, slice, slicePrimitive } from '../../src/primitive/window.js'
import { size } from '../../src/structure/shape.js'
import {
  apply,
  type FirstOrder,
  isUniform,
  orZeros,
  type Smooth,
  type Tensor,
  type Two,
  uniform
} from '../../src/tensor/tensor.js'
import { but, fails } from './verdict.js'

/** Exchanges the last two axes where that leaves the shape as it is. */
const exchanged = (x: Tensor): Tensor => {
  const rank = x.shape.length
  if (x.shape[rank - 1] !== x.shape[rank - 2]) return x
  return permute([...x.shape.slice(0, -2).map((_, axis) => axis), rank - 1, rank - 2])(x)
}
const origin = (x: Tensor): { readonly start: readonly number[]; readonly step: readonly number[] } => ({
  start: x.shape.map(() => 0),
  step: x.shape.map(() => 1)
})

/** As a smooth primitive, so that its derivative can be written wrongly. */
const { kind: _, ...product } = mulPrimitive
const leibnizTwice: Smooth<Two> = {
  ...product,
  kind: 'smooth',
  jvp: ([dx, dy], [x, y]) => add(mul(orZeros(dx, x), mul(y, 2)), mul(orZeros(dy, y), x))
}

const broken: readonly (readonly [string, Law<Case>, PrimitiveName, FirstOrder])[] = [
  [
    'tanh′ = 1 + y²',
    centralDifference,
    'tanh',
    but(tanhPrimitive, { jvp: ([t], [x], y) => mul(orZeros(t, x), add(1, mul(y, y))) })
  ],
  ['sin′ = sin', centralDifference, 'sin', but(sinPrimitive, { jvp: ([t], [x]) => mul(orZeros(t, x), sin(x)) })],
  [
    'sin′ off by one in ten thousand',
    centralDifference,
    'sin',
    but(sinPrimitive, { jvp: ([t], [x]) => mul(orZeros(t, x), mul(1.0001, cos(x))) })
  ],
  ['exp′ = 1', centralDifference, 'exp', but(expPrimitive, { jvp: ([t], [x]) => orZeros(t, x) })],
  [
    'a quotient rule with plus',
    centralDifference,
    'div',
    but(divPrimitive, { jvp: ([dx, dy], [x, y], q) => div(add(orZeros(dx, x), mul(orZeros(dy, y), q)), y) })
  ],
  [
    'a slope with a stopped factor',
    symmetric,
    'div',
    but(divPrimitive, { jvp: (t, [x, y], q) => divPrimitive.jvp(t, [x, stopGradient(y)], q) })
  ],
  ['sub passes its cotangent twice', adjointness, 'sub', but(subPrimitive, { transpose: (_, cotangent) => cotangent })],
  [
    'mul takes its own operand',
    adjointness,
    'mul',
    but(mulPrimitive, { transpose: (i, cotangent, inputs) => mul(cotangent, inputs[i === 0 ? 0 : 1]) })
  ],
  ['mul counts one operand twice', leibniz, 'mul', leibnizTwice],
  [
    'sum transposed with 1/n',
    adjointness,
    'sum',
    but(sumPrimitive, {
      transpose: (i, c, [x], axes) => mul(1 / size(x.shape), sumPrimitive.transpose(i, c, [x], axes))
    })
  ],
  [
    'broadcast transposed by its first row',
    adjointness,
    'broadcast',
    but(broadcastPrimitive, {
      transpose: (_, c, [x]) =>
        reshape(x.shape)(slice({ ...origin(c), shape: [...c.shape.slice(x.shape.length).map(() => 1), ...x.shape] })(c))
    })
  ],
  [
    'permute transposed by itself',
    adjointness,
    'permute',
    but(permutePrimitive, { transpose: (_, c, [x], axes) => reshape(x.shape)(permute(axes)(c)) })
  ],
  [
    'permute transposed twice is something else',
    doubleTranspose,
    'permute',
    but(permutePrimitive, { transpose: (_, c, [x], axes) => reshape(x.shape)(permute(axes)(c)) })
  ],
  [
    'where exchanges its branches',
    adjointness,
    'where',
    but(wherePrimitive, { transpose: (i, c, inputs) => wherePrimitive.transpose(3 - i, c, inputs) })
  ],
  [
    'matmul forgets a transpose',
    adjointness,
    'matmul',
    but(matmulPrimitive, {
      transpose: (i, c, inputs, flags) => exchanged(matmulPrimitive.transpose(i, c, inputs, flags))
    })
  ],
  [
    'take forgets repeated rows',
    adjointness,
    'take',
    but(takePrimitive, {
      transpose: (_, c, [t, i]) => mul(0.5, add(scatterAdd(t.shape[0]!)(i)(c), scatterAdd(t.shape[0]!)(mul(i, 0))(c)))
    })
  ],
  [
    'concat gives the first part to all',
    adjointness,
    'concat',
    but(concatPrimitive, { transpose: (i, c, inputs) => slice({ ...origin(c), shape: inputs[i]!.shape })(c) })
  ],
  [
    'slice pads at the origin',
    adjointness,
    'slice',
    but(slicePrimitive, {
      transpose: (i, c, inputs, window) =>
        slicePrimitive.transpose(i, c, inputs, { ...window, start: window.start.map(() => 0) })
    })
  ],
  [
    'pad forgets its steps',
    adjointness,
    'pad',
    but(padPrimitive, {
      transpose: (i, c, inputs, window) =>
        padPrimitive.transpose(i, c, inputs, { ...window, step: window.step.map(() => 1) })
    })
  ],
  [
    'cumsum transposed forwards',
    adjointness,
    'cumsum',
    but(cumsumPrimitive, { transpose: (_, c, __, running) => cumsum(running)(c) })
  ],
  [
    'maximum gives both operands the derivative',
    centralDifference,
    'maximum',
    but(maximumPrimitive, { jvp: ([a, b], [x, y]) => add(orZeros(a, x), orZeros(b, y)) })
  ],
  [
    'sum batched over the batch axis',
    vmapIsMap,
    'sum',
    but(sumPrimitive, {
      batch: ([x], _, axes) => {
        const out = [x.shape[0]!, ...x.shape.slice(1).filter((__, axis) => !axes.includes(axis))]
        return axes.length === 0 ? x : broadcast(out)(sum([0, ...axes.map(axis => axis + 1)])(x))
      }
    })
  ],
  [
    'add loses the operand that is not batched',
    vmapIsMap,
    'add',
    but(addPrimitive, {
      batch: (xs, marks) =>
        addPrimitive.batch([marks[0] ? xs[0] : mul(xs[0], 0), marks[1] ? xs[1] : mul(xs[1], 0)], marks)
    })
  ],
  [
    'scatterAdd batched into one table',
    vmapIsMap,
    'scatterAdd',
    but(scatterAddPrimitive, {
      batch: (xs, marks, rows) =>
        marks[0] && marks[1]
          ? broadcast([xs[0].shape[0]!, rows, ...xs[0].shape.slice(xs[1].shape.length)])(scatterAdd(rows)(xs[1])(xs[0]))
          : scatterAddPrimitive.batch(xs, marks, rows)
    })
  ],
  [
    'matmul batched untransposed',
    vmapIsMap,
    'matmul',
    but(matmulPrimitive, {
      batch: (xs, marks, flags) =>
        flags.left ? exchanged(matmulPrimitive.batch(xs, marks, flags)) : matmulPrimitive.batch(xs, marks, flags)
    })
  ],
  [
    'a simplification that drops what is added to 1',
    partlyKnown,
    'add',
    but(addPrimitive, { simplify: ([x, y]) => (y.tag === 'constant' ? x : undefined) })
  ],
  [
    'a product that forgets its second operand when traced',
    oneMeaning,
    'mul',
    but(mulPrimitive, { simplify: ([x]) => x })
  ],
  ['a product simplified under jit', jitIsIdentity, 'mul', but(mulPrimitive, { simplify: ([x]) => x })]
]

describe('every broken rule is caught within 100 runs', () => {
  test.each(broken)('%s', (_, law, name, wrong) => fails(law, casesOf(wrong, domains[name] as Domain<unknown>)))
})

test('a simplification that is wrong for −0 alone is caught on special values', () => {
  const wrong: FirstOrder<readonly [Tensor, Tensor]> = but(addPrimitive, {
    simplify: ([x, y]) => (isUniform(y, 0) ? x : undefined)
  })
  const zero = fc.constantFrom(0, -0, 1).map(value => uniform({ shape: [], dtype: 'float64' }, value))
  const cases = fc
    .tuple(zero, zero)
    .map((inputs): Case => ({ inputs, f: ([a, b]) => apply(wrong, [a!, b!], undefined) }))
  fails(partlyKnown, cases)
})

test('a custom rule off by a thousandth is caught', () => {
  const rule = (y: Tensor, tangent: Tensor): Tensor => mul(mul(cos(y), 1.001), tangent)
  const cases = controls.customJvp.map(
    ({ inputs }): Case => ({ inputs, f: ([x]) => customJvp((y: Tensor) => sin(y), rule)(x!) })
  )
  fails(centralDifference, cases)
})
