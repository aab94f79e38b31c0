/**
 * The vector functions against exact values, never against `Math`, which errs by up to two units in the last place itself: dense stored tables over
 * the whole domain of each, and the values that are special.
 */
import { describe, expect, test } from 'vitest'
import {
  assemble,
  type Code,
  drop,
  type Floating,
  f32x4,
  local,
  routine
} from '../../../../src/engine/wasm/assembler.js'
import { type VectorMath, vectorMath } from '../../../../src/engine/wasm/math/math.js'
import { platform } from '../../../../src/engine/wasm/platform.js'
import { evaluate, type Vectors } from './harness.js'
import { distance, table, type Width } from './table.js'

type Orders = 1 | 2 | 3 | 10
type Name = Exclude<keyof VectorMath<Floating>, 'F' | 'polygamma'> | `polygamma${Orders}`
const functionOf = <V extends Floating>(functions: VectorMath<V>, name: Name): Vectors<V> => {
  const order = /^polygamma(\d+)$/.exec(name)?.[1]
  return order === undefined
    ? (functions[name as keyof VectorMath<V>] as Vectors<V>)
    : functions.polygamma(Number(order))
}
type Special = readonly [x: number, value: number] | readonly [x: number, y: number, value: number]
interface Expected {
  /** The largest error, in units in the last place, that the function states. */
  readonly bound: Readonly<Record<Width, number>>
  readonly special: readonly Special[]
  /** Where float32 has no such argument. */
  readonly wide?: readonly Special[]
}

const odd: readonly Special[] = [
  [0, 0],
  [-0, -0],
  [NaN, NaN]
]

const expected: { readonly [name in Name]: Expected } = {
  exp: {
    bound: { float32: 1.1, float64: 0.8 },
    special: [
      [0, 1],
      [-0, 1],
      [1, Math.E],
      [Infinity, Infinity],
      [-Infinity, 0],
      [NaN, NaN],
      [1e30, Infinity],
      [-1e30, 0]
    ]
  },
  expOfNegative: {
    bound: { float32: 1.1, float64: 0.8 },
    special: [
      [0, 1],
      [-0, 1],
      [-Infinity, 0],
      [NaN, NaN],
      [-1e30, 0]
    ]
  },
  expm1: {
    bound: { float32: 1.8, float64: 1.6 },
    special: [...odd, [Infinity, Infinity], [-Infinity, -1], [1e30, Infinity], [-1e30, -1]]
  },
  log: {
    bound: { float32: 0.9, float64: 0.9 },
    special: [
      [0, -Infinity],
      [-0, -Infinity],
      [1, 0],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [-1, NaN],
      [-1e-45, NaN],
      [NaN, NaN]
    ]
  },
  log1p: {
    bound: { float32: 0.9, float64: 0.9 },
    special: [...odd, [-1, -Infinity], [Infinity, Infinity], [-Infinity, NaN], [-1.5, NaN]]
  },
  sin: {
    bound: { float32: 1.6, float64: 0.9 },
    special: [...odd, [Infinity, NaN], [-Infinity, NaN]],
    wide: [[1e22, -0.8522008497671888]]
  },
  cos: {
    bound: { float32: 1.6, float64: 1 },
    special: [
      [0, 1],
      [-0, 1],
      [NaN, NaN],
      [Infinity, NaN],
      [-Infinity, NaN]
    ],
    // Of all float64 numbers, the one that is nearest to an odd multiple of π/2.
    wide: [
      [6381956970095103 * 2 ** 797, -4.687165924254628e-19],
      [1e22, 0.523214785395139]
    ]
  },
  tan: {
    bound: { float32: 2.5, float64: 1.5 },
    special: [...odd, [Infinity, NaN], [-Infinity, NaN]],
    wide: [[1e22, -1.6287782256068988]]
  },
  asin: {
    bound: { float32: 1, float64: 1 },
    special: [...odd, [1, Math.PI / 2], [-1, -Math.PI / 2], [1.5, NaN], [-Infinity, NaN]]
  },
  acos: {
    bound: { float32: 1, float64: 1 },
    special: [
      [1, 0],
      [0, Math.PI / 2],
      [-0, Math.PI / 2],
      [-1, Math.PI],
      [1.5, NaN],
      [-1.5, NaN],
      [Infinity, NaN],
      [NaN, NaN]
    ]
  },
  atan: {
    bound: { float32: 2, float64: 2 },
    special: [...odd, [1, Math.PI / 4], [Infinity, Math.PI / 2], [-Infinity, -Math.PI / 2]]
  },
  sinh: {
    bound: { float32: 2.4, float64: 2.2 },
    special: [...odd, [Infinity, Infinity], [-Infinity, -Infinity], [1e30, Infinity]]
  },
  cosh: {
    bound: { float32: 1.6, float64: 1.3 },
    special: [
      [0, 1],
      [-0, 1],
      [Infinity, Infinity],
      [-Infinity, Infinity],
      [NaN, NaN],
      [-1e30, Infinity]
    ]
  },
  tanh: {
    bound: { float32: 2.5, float64: 2 },
    special: [...odd, [Infinity, 1], [-Infinity, -1], [1e30, 1], [-1e30, -1]]
  },
  asinh: { bound: { float32: 1.8, float64: 1.8 }, special: [...odd, [Infinity, Infinity], [-Infinity, -Infinity]] },
  acosh: {
    bound: { float32: 2.4, float64: 2.3 },
    special: [
      [1, 0],
      [Infinity, Infinity],
      [0.5, NaN],
      [0, NaN],
      [-1, NaN],
      [-3, NaN],
      [-1e30, NaN],
      [-Infinity, NaN],
      [NaN, NaN]
    ]
  },
  atanh: {
    bound: { float32: 2, float64: 2 },
    special: [...odd, [1, Infinity], [-1, -Infinity], [1.5, NaN], [-3, NaN], [Infinity, NaN]]
  },
  sigmoid: {
    bound: { float32: 2.4, float64: 1.9 },
    special: [
      [0, 0.5],
      [-0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [1e30, 1],
      [-1e30, 0],
      [NaN, NaN]
    ]
  },
  erf: { bound: { float32: 1.5, float64: 1.5 }, special: [...odd, [Infinity, 1], [-Infinity, -1], [30, 1]] },
  erfc: {
    bound: { float32: 0.7, float64: 4 },
    special: [
      [0, 1],
      [-0, 1],
      [Infinity, 0],
      [-Infinity, 2],
      [-30, 2],
      [30, 0],
      [NaN, NaN]
    ]
  },
  erfinv: {
    bound: { float32: 0.7, float64: 3 },
    special: [...odd, [1, Infinity], [-1, -Infinity], [1.5, NaN], [-Infinity, NaN]]
  },
  pow: {
    bound: { float32: 0.6, float64: 1.3 },
    special: [
      [2, 10, 1024],
      [0.5, -3, 8],
      [-2, 3, -8],
      [-2, 2, 4],
      [-2, 0.5, NaN],
      [3, 2, 9],
      [10, 1, 10],
      [0, 0, 1],
      [-0, 0, 1],
      [NaN, 0, 1],
      [Infinity, -0, 1],
      [-5, 0, 1],
      [0, 3, 0],
      [-0, 3, -0],
      [-0, 4, 0],
      [0, 0.5, 0],
      [-0, 0.5, 0],
      [0, -3, Infinity],
      [-0, -3, -Infinity],
      [-0, -4, Infinity],
      [-0, -0.5, Infinity],
      [Infinity, 0.5, Infinity],
      [Infinity, -0.5, 0],
      [-Infinity, 3, -Infinity],
      [-Infinity, 4, Infinity],
      [-Infinity, 0.5, Infinity],
      [-Infinity, -3, -0],
      [-Infinity, -0.5, 0],
      [1, Infinity, NaN],
      [1, -Infinity, NaN],
      [-1, Infinity, NaN],
      [1, NaN, NaN],
      [NaN, 1, NaN],
      [NaN, NaN, NaN],
      [2, Infinity, Infinity],
      [2, -Infinity, 0],
      [0.5, Infinity, 0],
      [0.5, -Infinity, Infinity],
      [-2, Infinity, Infinity],
      [-2, -Infinity, 0],
      [0, Infinity, 0],
      [0, -Infinity, Infinity],
      [Infinity, Infinity, Infinity],
      [Infinity, -Infinity, 0],
      [-Infinity, -Infinity, 0],
      [2, 1e30, Infinity],
      [2, -1e30, 0],
      [0.5, 1e30, 0],
      [1, 1e30, 1],
      [-1, 1e30, 1],
      [-1, 16777215, -1],
      [-2, 2000, Infinity],
      [-2, 2001, Infinity * -1],
      [-2, -2001, -0]
    ],
    wide: [
      [-1, 9007199254740991, -1],
      [-1, 9007199254740992, 1],
      [2, -1074, 2 ** -1074],
      [2, -1075.5, 0],
      [1 + 2 ** -52, 2 ** 62, Infinity]
    ]
  },
  lgamma: {
    bound: { float32: 0.6, float64: 4 },
    special: [
      [0, Infinity],
      [-0, Infinity],
      [1, 0],
      [2, 0],
      [-1, Infinity],
      [-7, Infinity],
      [-8, Infinity],
      [-1000, Infinity],
      [-1e30, Infinity],
      [Infinity, Infinity],
      [-Infinity, Infinity],
      [NaN, NaN]
    ],
    // The second by reflection.
    wide: [
      [-0.5, 1.2655121234846454],
      [-9.5, -12.795895333554363]
    ]
  },
  digamma: {
    bound: { float32: 0.6, float64: 2 },
    special: [
      [0, -Infinity],
      [-0, Infinity],
      [-1, NaN],
      [-8, NaN],
      [-1000, NaN],
      [-1e30, NaN],
      [Infinity, Infinity],
      [-Infinity, NaN],
      [NaN, NaN]
    ],
    wide: [[-9.5, 2.3030010342976865]]
  },
  polygamma1: {
    bound: { float32: 0.6, float64: 2.5 },
    special: [
      [0, Infinity],
      [-0, Infinity],
      [-1, Infinity],
      [-1000, Infinity],
      [-1e30, Infinity],
      [Infinity, 0],
      [-Infinity, NaN],
      [NaN, NaN]
    ],
    wide: [
      [1, 1.6449340668482264],
      [-9.5, 9.769687445030232]
    ]
  },
  polygamma2: {
    bound: { float32: 0.6, float64: 4 },
    special: [
      [0, -Infinity],
      [-0, Infinity],
      [-1, NaN],
      [-1000, NaN],
      [Infinity, -0],
      [-Infinity, NaN],
      [NaN, NaN]
    ],
    wide: [[1, -2.4041138063191885]]
  },
  polygamma3: { bound: { float32: 0.6, float64: 6 }, special: [[-1, Infinity]], wide: [[1, 6.493939402266829]] },
  polygamma10: { bound: { float32: 0.6, float64: 13 }, special: [[-1, NaN]], wide: [[0.5, -7431824508.858769]] },
  atan2: {
    bound: { float32: 0.6, float64: 1.9 },
    special: [
      [0, 0, 0],
      [-0, 0, -0],
      [0, -0, Math.PI],
      [-0, -0, -Math.PI],
      [0, 1, 0],
      [0, -1, Math.PI],
      [-0, -1, -Math.PI],
      [1, 0, Math.PI / 2],
      [-1, -0, -Math.PI / 2],
      [1, 1, Math.PI / 4],
      [-1, -1, (-3 * Math.PI) / 4],
      [1, Infinity, 0],
      [-1, Infinity, -0],
      [1, -Infinity, Math.PI],
      [Infinity, 1, Math.PI / 2],
      [-Infinity, -1, -Math.PI / 2],
      [Infinity, Infinity, Math.PI / 4],
      [Infinity, -Infinity, (3 * Math.PI) / 4],
      [-Infinity, Infinity, -Math.PI / 4],
      [NaN, 1, NaN],
      [1, NaN, NaN],
      [NaN, Infinity, NaN]
    ]
  },
  hypot: {
    bound: { float32: 0.6, float64: 1 },
    special: [
      [0, 0, 0],
      [-0, -0, 0],
      [3, -4, 5],
      [-5, 12, 13],
      [Infinity, NaN, Infinity],
      [NaN, -Infinity, Infinity],
      [-Infinity, 1, Infinity],
      [NaN, 1, NaN],
      [0, NaN, NaN]
    ],
    wide: [
      [3e200, 4e200, 5e200],
      [3e-200, 4e-200, 5e-200],
      [1.7e308, 1.7e308, Infinity]
    ]
  }
}

/** Where the machine has relaxed SIMD, that mode is tested as well. */
const x = local('f32x4')
const relaxed = routine('relaxed', [x], drop(f32x4.relaxedMulAdd(x, x, x)))
const modes = platform().validate(assemble({ memory: { pages: 1 }, routines: [relaxed] })) ? [false, true] : [false]

const check = <V extends Floating>(width: Width, functions: VectorMath<V>, name: Name): void => {
  const { bound, special, wide = [] } = expected[name]
  const run = evaluate(functions.F, functionOf(functions, name))
  const { x, y, rounded, rest } = table(name, width)
  const values = run(x, y.length > 0 ? y : x)
  const errors = Array.from(values, (value, i) => distance(width, value, rounded[i]!, rest[i]))
  const worst = errors.reduce((worst, error, i) => (error > errors[worst]! ? i : worst), 0)
  expect(
    errors[worst],
    `${name}(${x[worst]}${y.length > 0 ? `, ${y[worst]}` : ''}) is ${values[worst]}`
  ).toBeLessThanOrEqual(bound[width])

  const specials = width === 'float32' ? special : [...special, ...wide]
  const found = run(
    specials.map(([x]) => x),
    specials.map(([x, y]) => y ?? x)
  )
  specials.forEach((special, i) => {
    const value = width === 'float32' ? Math.fround(special.at(-1)!) : special.at(-1)!
    expect(distance(width, found[i]!, value), `${name}(${special.slice(0, -1)}) is ${found[i]}`).toBeLessThanOrEqual(
      bound[width] + 0.5
    )
  })
}

for (const fused of modes) {
  const { f32x4, f64x2 } = vectorMath(fused)
  const names = Object.keys(expected) as Name[]
  describe(`within the stated error, ${fused ? 'with' : 'without'} fused multiply-add`, () => {
    test.each(names)('%s in float32', name => check('float32', f32x4, name))
    test.each(names)('%s in float64', name => check('float64', f64x2, name))
  })
}

/** How often code is part of other code, what is called left aside. */
const occurrences = (part: Code, code: Code): number => {
  if (code === part) return 1
  if (typeof code === 'number') return 0
  if (Array.isArray(code))
    return (code as readonly Code[]).reduce((sum: number, one) => sum + occurrences(part, one), 0)
  return 'body' in code && code.kind === 'block' ? occurrences(part, code.body) : 0
}
test.each(Object.keys(expected) as Name[])('%s evaluates its arguments once', name => {
  const { f32x4, f64x2 } = vectorMath(false)
  const count = <V extends Floating>(functions: VectorMath<V>) => {
    const [x, y] = [local(functions.F.type), local(functions.F.type)]
    const f = functionOf(functions, name)
    const { code } = f(x, y)
    return [x, y].slice(0, f.length).map(argument => occurrences(argument.code, code))
  }
  for (const counts of [count(f32x4), count(f64x2)]) expect(new Set(counts)).toEqual(new Set([1]))
})
