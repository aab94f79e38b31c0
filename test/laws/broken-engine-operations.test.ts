/** Engines with one operation that is wrong in a way somebody could have got wrong, and `jit f ≈ f` sees it, whatever the seed. */
import { describe, test } from 'vitest'
import { programOf } from '../../laws/engine-programs.js'
import { ofEngine } from '../../laws/engines.js'
import type { Engine } from '../../src/compiler/program.js'
import { addPrimitive, mulPrimitive } from '../../src/primitive/arithmetic.js'
import { matmulPrimitive } from '../../src/primitive/contraction.js'
import { castPrimitive } from '../../src/primitive/conversion.js'
import { expPrimitive } from '../../src/primitive/elementary.js'
import { maximumPrimitive } from '../../src/primitive/extremum.js'
import { polygammaPrimitive } from '../../src/primitive/gamma.js'
import { argsortPrimitive, cumsumPrimitive, scatterAddPrimitive } from '../../src/primitive/indexing.js'
import { broadcastPrimitive, permutePrimitive, sumPrimitive } from '../../src/primitive/movement.js'
import { atan2Primitive } from '../../src/primitive/polar.js'
import { roundPrimitive } from '../../src/primitive/selection.js'
import { slice, slicePrimitive, type Window } from '../../src/primitive/window.js'
import { sameShape } from '../../src/structure/shape.js'
import { type Constant, elements, isExpression } from '../../src/tensor/tensor.js'
import { type AnyPrimitive, caught, evaluating, rewriting, rewritten, spoiling } from './changed-engines.js'

/** The operation that is wrong is the one by which it is caught soonest. */
type Wrong = readonly [Engine, string]

/** The operand with its last element 0. */
const withoutLast = (x: Constant): Constant =>
  rewritten(x, data => {
    if (data.length > 1) data[data.length - 1] = 0
  })
const extentOf = ({ shape }: Constant): number => shape[shape.length - 1] ?? 1
const without = (primitive: AnyPrimitive, name: string, from = 0): Engine =>
  evaluating(name, [
    [
      primitive,
      evaluate => (inputs, attributes, type) =>
        evaluate(
          inputs.map((x, i) => (i === from ? withoutLast(x) : x)),
          attributes,
          type
        )
    ]
  ])
const square = (x: Constant | undefined): boolean =>
  x !== undefined && x.shape.length > 1 && x.shape[x.shape.length - 1] === x.shape[x.shape.length - 2]

const equations: readonly Wrong[] = [
  [without(sumPrimitive as AnyPrimitive, 'a sum without its last element'), 'sum'],
  [without(cumsumPrimitive as AnyPrimitive, 'a running sum without its last element'), 'cumsum'],
  [without(matmulPrimitive as AnyPrimitive, 'a product without the last of its left operand'), 'matmul'],
  [without(matmulPrimitive as AnyPrimitive, 'a product without the last of its right operand', 1), 'matmul'],
  [
    spoiling('a product without its last column', matmulPrimitive as AnyPrimitive, (data, _, x) => {
      if (extentOf(x) % 4 !== 0) for (let i = extentOf(x) - 1; i < data.length; i += extentOf(x)) data[i] = 0
    }),
    'matmul'
  ],
  [
    evaluating('a square operand that is transposed', [
      [
        matmulPrimitive as AnyPrimitive,
        evaluate => (inputs, attributes, type) => {
          const { left, right } = attributes as { left: boolean; right: boolean }
          return evaluate(inputs, { left, right: square(inputs[1]) ? !right : right }, type)
        }
      ]
    ]),
    'matmul'
  ],
  [
    evaluating('an angle in the half plane on the right', [
      [
        atan2Primitive as AnyPrimitive,
        evaluate =>
          ([y, x], ...rest) =>
            evaluate(
              [
                y!,
                rewritten(x!, data =>
                  data.forEach((v, i) => {
                    data[i] = Math.abs(v)
                  })
                )
              ],
              ...rest
            )
      ]
    ]),
    'atan2'
  ],
  [
    evaluating('a derivative of the order before', [
      [
        polygammaPrimitive as AnyPrimitive,
        evaluate => (inputs, order, type) => evaluate(inputs, Math.max(1, (order as number) - 1), type)
      ]
    ]),
    'polygamma'
  ],
  [
    rewriting('what is added to a product is left out', (e, [x]) =>
      e.primitive === addPrimitive && isExpression(x!) && x.equation.primitive === matmulPrimitive ? [x] : undefined
    ),
    'dense'
  ],
  [
    spoiling('a square that is not permuted', permutePrimitive as AnyPrimitive, (data, [x], result) => {
      if (sameShape(x!.shape, result.shape)) data.set(elements(x!))
    }),
    'permute'
  ],
  [
    spoiling('repeated along the other axis', broadcastPrimitive as AnyPrimitive, (data, [x], result) => {
      if (square(result))
        for (let i = 0; i < data.length; i++) data[i] = elements(x!)[i % Math.max(1, elements(x!).length)]!
    }),
    'broadcast'
  ],
  [
    evaluating('steps of a slice are 1', [
      [
        slicePrimitive as AnyPrimitive,
        () => (inputs, attributes) => {
          const window = attributes as Window
          return slice({ ...window, step: window.step.map(() => 1) })(inputs[0]!) as Constant
        }
      ]
    ]),
    'slice'
  ],
  [
    spoiling('e to a power in eight places fewer', expPrimitive as AnyPrimitive, (data, _, x) => {
      for (let i = 0; i < data.length; i++) data[i]! *= x.dtype === 'float32' ? 1 + 2e-6 : 1 + 4e-15
    }),
    'exp'
  ],
  [
    spoiling('the larger of a number and NaN is the number', maximumPrimitive as AnyPrimitive, (data, [x, y]) => {
      const [a, b] = [elements(x!), elements(y!)]
      for (let i = 0; i < data.length; i++) if (a[i] !== a[i]) data[i] = b[i]!
    }),
    'maximum'
  ],
  [
    spoiling('halves are rounded up', roundPrimitive as AnyPrimitive, (data, [x]) => {
      elements(x!).forEach((v, i) => {
        if (v % 1 === 0.5) data[i] = Math.ceil(v)
      })
    }),
    'round'
  ],
  [
    spoiling('whole numbers are multiplied as float32', mulPrimitive as AnyPrimitive, (data, [x, y], { dtype }) => {
      if (dtype === 'int32')
        for (let i = 0; i < data.length; i++) data[i] = Math.fround(elements(x!)[i]! * elements(y!)[i]!)
    }),
    'mul'
  ],
  [
    spoiling('conversion rounds instead of cutting', castPrimitive as AnyPrimitive, (data, [x], { dtype }) => {
      if (dtype === 'int32')
        elements(x!).forEach((v, i) => {
          data[i] = Math.round(v)
        })
    }),
    'cast'
  ],
  [
    spoiling('an order that is not stable', argsortPrimitive as AnyPrimitive, (data, [x], result) => {
      const values = elements(x!)
      for (let i = 0; i + 1 < extentOf(result) && data.length > 1; i++)
        if (values[data[i]!] === values[data[i + 1]!]) [data[i], data[i + 1]] = [data[i + 1]!, data[i]!]
    }),
    'argsort'
  ],
  [
    spoiling('the last update of a row wins', scatterAddPrimitive as AnyPrimitive, (data, [updates, indices]) => {
      const width = elements(updates!).length / Math.max(1, elements(indices!).length)
      elements(indices!).forEach((row, i) => {
        for (let j = 0; j < width; j++) data[row * width + j] = elements(updates!)[i * width + j]!
      })
    }),
    'scatterAdd'
  ]
]
describe('every broken equation is caught within 300 programs of its operation', () => {
  test.each(equations.map(([engine, operation]) => [engine.name, engine, operation] as const))(
    '%s',
    (_, engine, operation) => caught(ofEngine(engine).agreement, programOf(operation), 300)
  )
})
