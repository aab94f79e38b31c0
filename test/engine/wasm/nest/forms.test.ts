/** Nests that networks are made of, in every form that code can take. */
import { describe, expect, it } from 'vitest'
import type { Fused } from '../../../../src/compiler/fused.js'
import { assemble, f32x4, f64x2, i32, routine } from '../../../../src/engine/wasm/assembler.js'
import { decays, elementwise, mayOverwrite, planned } from '../../../../src/engine/wasm/nest/nest.js'
import { platform } from '../../../../src/engine/wasm/platform.js'
import { add, div, mul, sub } from '../../../../src/primitive/arithmetic.js'
import { cast } from '../../../../src/primitive/conversion.js'
import { exp, log, sigmoid, sqrt, tanh } from '../../../../src/primitive/elementary.js'
import { amax, amin, maximum } from '../../../../src/primitive/extremum.js'
import { broadcast, reshape, sum } from '../../../../src/primitive/movement.js'
import { less, where } from '../../../../src/primitive/selection.js'
import { allocate, type Data, type Dtype } from '../../../../src/structure/dtype.js'
import { range, type Shape, size, strides, withOnes } from '../../../../src/structure/shape.js'
import {
  type Constant,
  constant,
  type Tensor,
  type Type,
  type Variable,
  variable
} from '../../../../src/tensor/tensor.js'
import { math, meant, plain, run, type Trial } from './harness.js'

const waves = ({ shape, dtype }: Type, phase = 0): Constant => {
  const data = allocate(dtype, size(shape))
  for (let i = 0; i < data.length; i++) data[i] = 3 * Math.sin(i * 1.7 + phase) + Math.cos(i * 0.01)
  return constant(shape, dtype, data)
}
/** A body over x and what goes back from folded to streamed. */
const nestOf = (
  space: Shape,
  folded: readonly number[],
  dtype: Dtype,
  make: (x: Tensor, spread: (y: Tensor) => Tensor) => readonly Tensor[]
): Fused => {
  const x: Variable = variable({ shape: space, dtype })
  const spread = (y: Tensor): Tensor => broadcast(space)(reshape(withOnes(space, folded))(y))
  return { form: 'nest', space, folded, body: { parameters: [x], results: make(x, spread) } }
}
const trial = (fused: Fused): Trial => ({ fused, inputs: fused.body.parameters.map((p, i) => waves(p, i)) })
const expectNear = (found: readonly Data[], wanted: readonly Data[], relative: number, absolute = relative): void => {
  found.forEach((data, i) => {
    data.forEach((x, j) => {
      const y = wanted[i]![j]!
      if (!Object.is(x, y) && !(Math.abs(x - y) <= relative * Math.abs(y) + absolute))
        throw new Error(`result ${i}, element ${j}: ${x} instead of ${y}`)
    })
  })
}
const agrees = (fused: Fused, relative: number, more: Partial<Trial> = {}): void =>
  expectNear(run({ ...trial(fused), ...more }), meant(trial(fused)), relative)

const spaces: readonly (readonly [Shape, readonly number[]])[] = [
  [[5, 3], [1]],
  [[5, 3], [0]],
  [[4, 16], [1]],
  [[7, 67], [1]],
  [[67, 7], [0]],
  [[33, 130], [0]],
  [
    [3, 5, 7, 6],
    [1, 3]
  ],
  [
    [3, 5, 7, 6],
    [0, 2]
  ],
  [
    [2, 9, 4],
    [0, 1, 2]
  ],
  [[1, 1], [1]],
  [[1], [0]],
  [[40, 2], [1]]
]
const softmax = (x: Tensor, folded: readonly number[], spread: (y: Tensor) => Tensor) => {
  const shifted = sub(x, spread(amax(folded)(x)))
  const share = exp(shifted)
  return { shifted, share, total: sum(folded)(share) }
}
const examples: {
  readonly [name: string]: (
    x: Tensor,
    folded: readonly number[],
    spread: (y: Tensor) => Tensor,
    n: number
  ) => readonly Tensor[]
} = {
  softmax: (x, folded, spread) => {
    const { share, total } = softmax(x, folded, spread)
    return [div(share, spread(total))]
  },
  'log-softmax': (x, folded, spread) => {
    const { shifted, total } = softmax(x, folded, spread)
    return [sub(shifted, spread(log(total)))]
  },
  'layer norm': (x, folded, spread, n) => {
    const centred = sub(x, spread(div(sum(folded)(x), n)))
    const variance = div(sum(folded)(mul(centred, centred)), n)
    return [mul(centred, spread(div(1, sqrt(add(variance, 1e-5))))), variance]
  },
  'three sums at once': (x, folded) => [sum(folded)(x), sum(folded)(mul(x, x)), sum(folded)(tanh(x))],
  'values kept between passes': (x, folded, spread) => {
    const kept = tanh(mul(x, sigmoid(x)))
    const chosen = less(kept, sigmoid(sub(x, 1)))
    const largest = spread(amax(folded)(kept))
    return [where(chosen, sub(kept, largest), kept), sum(folded)(cast('int32')(chosen)), amin(folded)(kept)]
  },
  'a result read again': (x, folded, spread) => {
    const stored = tanh(add(x, 0.5))
    return [stored, sub(stored, spread(sum(folded)(stored)))]
  },
  'half as wide beside float64': (x, folded, spread) => {
    const narrow = tanh(cast('float32')(mul(x, 0.25)))
    const total = sum(folded)(narrow)
    return [mul(cast('float64')(narrow), spread(cast('float64')(total))), maximum(narrow, 0.25)]
  }
}

describe('nests of networks', () => {
  for (const [name, make] of Object.entries(examples))
    for (const dtype of ['float32', 'float64'] as const)
      it(`${name} of ${dtype}`, () => {
        for (const [space, folded] of spaces) {
          const n = size(folded.map(axis => space[axis]!))
          const fused = nestOf(space, folded, dtype, (x, spread) => make(x, folded, spread, n))
          const tolerance =
            dtype === 'float32' || name.startsWith('half') ? 2e-6 * Math.max(1, Math.sqrt(n) / 4) : 1e-13
          agrees(fused, tolerance)
          const backwards = { ...plain(space.length), reversed: space.map((_, axis) => axis % 2 === 0) }
          const turned = { ...plain(space.length), order: [...range(space.length)].reverse() }
          agrees(fused, tolerance, {
            layouts: [turned],
            outputLayouts: fused.body.results[0]!.shape.length === space.length ? [backwards] : []
          })
          if (mayOverwrite({ fused, inputs: [{ ...fused.body.parameters[0]!, strides: strides(space) }] }, 0, 0))
            agrees(fused, tolerance, { inPlace: [0] })
        }
      })
  it('may replace their operand when it is not read any more', () => {
    const layout = (fused: Fused) => ({
      fused,
      inputs: fused.body.parameters.map(p => ({ ...p, strides: strides(p.shape) }))
    })
    const norm = nestOf([4, 8], [1], 'float32', (x, spread) => examples['layer norm']!(x, [1], spread, 8))
    expect(mayOverwrite(layout(norm), 0, 0)).toBe(true)
    const again = nestOf([4, 8], [1], 'float32', (x, spread) => [add(x, 1), sub(x, spread(sum([1])(x)))])
    expect([0, 1].map(result => mayOverwrite(layout(again), 0, result))).toEqual([false, true])
  })
  it('keep what is dear to compute and recompute what is cheap', () => {
    const bytes = (name: string): number => {
      const fused = nestOf([4, 100], [1], 'float32', (x, spread) => examples[name]!(x, [1], spread, 100))
      const laid = (x: Type) => ({ ...x, strides: strides(x.shape) })
      return planned({ fused, inputs: fused.body.parameters.map(laid), outputs: fused.body.results.map(laid) })
        .scratchBytes
    }
    expect(bytes('softmax')).toBe(400)
    expect(['layer norm', 'log-softmax', 'a result read again'].map(bytes)).toEqual([0, 0, 0])
  })
})

describe('sums', () => {
  const tenth = ({ shape, dtype }: Type): Constant => constant(shape, dtype, allocate(dtype, size(shape)).fill(0.1))
  it('of very many numbers lose no more than of few', () => {
    for (const [space, folded] of [
      [[1 << 18], [0]],
      [[1 << 16, 3], [0]],
      [[3, 1 << 16], [1]],
      [[2, 5003], [1]],
      [
        [2, 300, 5, 301],
        [1, 3]
      ],
      [
        [300, 2, 301, 5],
        [0, 2]
      ]
    ] as const) {
      const fused = nestOf(space, folded, 'float32', x => [sum(folded)(x)])
      const inputs = [tenth(fused.body.parameters[0]!)]
      expectNear(run({ fused, inputs }), meant({ fused, inputs }), 6e-7, 0)
    }
  })
  it('and largest elements of infinities and NaN', () => {
    for (const special of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (const [space, folded] of spaces)
        for (const dtype of ['float32', 'float64'] as const) {
          const fused = nestOf(space, folded, dtype, x => [sum(folded)(x), amax(folded)(x), amin(folded)(x)])
          const x = waves(fused.body.parameters[0]!)
          for (let i = 2; i < x.data.length; i += 7) x.data[i] = special
          expectNear(run({ fused, inputs: [x] }), meant({ fused, inputs: [x] }), 1e-5)
        }
  })
  it('of nothing are 0', () => {
    for (const [space, folded] of [
      [[0], [0]],
      [[3, 0], [1]],
      [[0, 3], [0]],
      [[0, 3], [1]],
      [
        [5, 0, 7],
        [1, 2]
      ]
    ] as const) {
      const fused = nestOf(space, folded, 'float32', (x, spread) => {
        const total = sum(folded)(x)
        return [add(total, 1), sub(x, spread(total))]
      })
      agrees(fused, 0)
    }
  })
})

describe('numbers too small to be normal', () => {
  it('are stored as zeros of their sign where that is asked for', () => {
    const small = {
      float32: [1e-39, -1e-39, 2 ** -126, -(2 ** -126), Number.NaN, 0, -1],
      float64: [1e-309, -1e-309, 2 ** -1022, 1, Number.NaN, 0, -1]
    }
    for (const dtype of ['float32', 'float64'] as const) {
      const fused = nestOf([7], [], dtype, x => [mul(x, 1.0000001), mul(x, 1.0000001)])
      const data = allocate(dtype, 7)
      data.set(small[dtype])
      const inputs = [constant([7], dtype, data)]
      const [flushed, kept] = run({ fused, inputs, flushSubnormals: [true, false] })
      const tiny = dtype === 'float32' ? 2 ** -126 : 2 ** -1022
      expect([...kept!]).toEqual([...meant({ fused, inputs })[0]!])
      expect([...flushed!]).toEqual([...kept!].map(x => (Math.abs(x) < tiny ? 0 * x : x)))
    }
  })
})

describe('a result that decays', () => {
  it('is a fraction of its old value, and what is added', () => {
    const [old, gradient] = [variable({ shape: [3], dtype: 'float32' }), variable({ shape: [3], dtype: 'float32' })]
    const fused = (x: Tensor): Fused => ({
      form: 'nest',
      space: [3],
      folded: [],
      body: { parameters: [old, gradient], results: [x] }
    })
    expect(decays(fused(add(mul(old, 0.9), mul(gradient, gradient))), 0, 0)).toBe(true)
    expect(decays(fused(add(gradient, mul(0.5, old))), 0, 0)).toBe(true)
    expect(decays(fused(mul(old, 0.999)), 0, 0)).toBe(true)
    expect(decays(fused(mul(old, 0.999)), 1, 0)).toBe(false)
    expect(decays(fused(add(mul(old, 1.5), gradient)), 0, 0)).toBe(false)
    expect(decays(fused(sub(old, mul(gradient, 0.1))), 0, 0)).toBe(false)
  })
})

describe('a body as a function of vectors', () => {
  it('is what it is in a nest', () => {
    for (const F of [f32x4, f64x2]) {
      const dtype = F.type === 'f32x4' ? 'float32' : 'float64'
      const [x, y, chosen] = [
        variable({ shape: [8], dtype }),
        variable({ shape: [8], dtype }),
        variable({ shape: [8], dtype: 'bool' })
      ]
      const body = { parameters: [x, y, chosen], results: [where(chosen, maximum(add(x, y), 0), tanh(y))] }
      const apply = elementwise(body, { math })
      const code =
        F.type === 'f32x4'
          ? f32x4.store(
              i32.const(64),
              apply<'f32x4'>(f32x4, f32x4.load(i32.const(0)), [
                f32x4.load(i32.const(16)),
                f32x4.lt(f32x4.load(i32.const(0)), f32x4.const(0)) as never
              ])
            )
          : f64x2.store(
              i32.const(64),
              apply<'f64x2'>(f64x2, f64x2.load(i32.const(0)), [
                f64x2.load(i32.const(16)),
                f64x2.lt(f64x2.load(i32.const(0)), f64x2.const(0)) as never
              ])
            )
      const { Memory, Module, Instance } = platform()
      const memory = new Memory({ initial: 1 })
      const numbers = dtype === 'float32' ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer)
      const given = Float64Array.from({ length: 2 * F.lanes }, (_, i) => Math.cos(i * 2.5))
      numbers.set(given)
      const bytes = assemble({ memory: { pages: 1 }, routines: [routine('run', [], code, { exported: true })] })
      new Instance(new Module(bytes), { engine: { memory } }).exports['run']!()
      for (let i = 0; i < F.lanes; i++) {
        const [a, b] = [given[i]!, given[F.lanes + i]!]
        expect(numbers[64 / F.bytes + i]).toBeCloseTo(a < 0 ? Math.max(a + b, 0) : Math.tanh(b), 6)
      }
    }
  })
})
