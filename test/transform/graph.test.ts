import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { checkpoint } from '../../src/control/call.js'
import { interpreter } from '../../src/engine/interpreter.js'
import { jit } from '../../src/engine/jit.js'
import { addPrimitive, negPrimitive } from '../../src/primitive/arithmetic.js'
import { sinPrimitive } from '../../src/primitive/elementary.js'
import * as T from '../../src/Tensor.js'
import { apply, type Linear, type One, type Smooth, type Two, variable } from '../../src/tensor/tensor.js'
import { jvp, linearize } from '../../src/transform/forward.js'
import * as _ from '../../src/transform/graph.js'
import { grad, vjp } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { type Curve, close, type Scalar, scalar } from './close.js'

describe('a chain of 100,000 operations', () => {
  const long: Curve = x => {
    let y = x
    for (let i = 0; i < 100_000; i++) y = i % 2 ? T.sin(y) : T.mul(1.0001)(y)
    return y
  }
  const x = scalar(0.7)
  const one = scalar(1)
  const h = 1e-5
  const slope = (T.item(long(scalar(0.7 + h))) - T.item(long(scalar(0.7 - h)))) / (2 * h)
  test.each<readonly [string, Curve]>([
    ['grad', grad(long)],
    ['jvp', y => jvp(long)(y, one)[1]],
    ['vjp', y => vjp(long)(y)[1](one)],
    ['linearize', y => linearize(long)(y)[1](one)],
    ['jit of grad', jit(grad(long), { engine: interpreter })],
    ['grad of checkpoint', grad(checkpoint(long))],
    ['vmap of grad', y => T.select(0, 0)(vmap(grad(long))(T.stack(0)([y, y]))) as Scalar]
  ])('has its derivative by %s', (_name, derivative) => close(derivative(x), slope, 1e-8))
  test('and a second one', () => {
    const difference = (T.item(grad(long)(scalar(0.7 + h))) - T.item(grad(long)(scalar(0.7 - h)))) / (2 * h)
    close(jvp(grad(long))(x, one)[1], difference, 1e-6)
  })
})

/** Primitives that count what is done with them. */
const counting = () => {
  const counts = { applied: 0, evaluated: 0, differentiated: 0, transposed: 0 }
  const curve: Smooth<One> = {
    ...sinPrimitive,
    type: (...given) => {
      counts.applied++
      return sinPrimitive.type(...given)
    },
    evaluate: (...given) => {
      counts.evaluated++
      return sinPrimitive.evaluate(...given)
    },
    jvp: (...given) => {
      counts.differentiated++
      return (sinPrimitive as Smooth<One>).jvp(...given)
    }
  }
  const sum: Linear<Two> = {
    ...addPrimitive,
    type: (...given) => {
      counts.applied++
      return addPrimitive.type(...given)
    },
    transpose: (...given) => {
      counts.transposed++
      return addPrimitive.transpose(...given)
    }
  }
  return {
    counts,
    sin: (x: T.Tensor): Scalar => apply(curve, [x], undefined) as Scalar,
    add: (x: T.Tensor, y: T.Tensor): Scalar => apply(sum, [x, y], undefined) as Scalar
  }
}
type Counter = ReturnType<typeof counting>
const worked = (n: number, work: (counter: Counter, n: number) => void): Counter['counts'] => {
  const counter = counting()
  work(counter, n)
  return { ...counter.counts }
}
/** Twice the counts, up to the few at the chain's ends. */
const expectDoubled = (twice: Counter['counts'], once: Counter['counts']): void => {
  for (const key of ['applied', 'evaluated', 'differentiated', 'transposed'] as const)
    expect(Math.abs(twice[key] - 2 * once[key]), key).toBeLessThanOrEqual(5)
}

describe('twice the operations are twice the work', () => {
  const chain =
    ({ sin, add }: Counter, n: number): Curve =>
    x => {
      let y = x
      // Each value is used three times: 3ⁿ paths, and n equations.
      for (let i = 0; i < n; i++) y = add(sin(y), add(y, y))
      return y
    }
  const transformed: readonly (readonly [string, (f: Curve) => Curve])[] = [
    ['grad', grad],
    ['jvp', f => x => jvp(f)(x, scalar(1))[1]],
    ['grad of grad', f => grad(grad(f))],
    ['grad of checkpoint', f => grad(checkpoint(f))],
    ['vmap of grad', f => x => T.select(0, 0)(vmap(grad(f))(T.stack(0)([x, x]))) as Scalar],
    ['jit of grad', f => jit(grad(f))]
  ]
  test.each(transformed)('%s', (_name, transform) => {
    const run = (counter: Counter, n: number) => transform(chain(counter, n))(scalar(0.001))
    const counts = worked(500, run)
    expect(counts.applied).toBeGreaterThan(0)
    expectDoubled(worked(1000, run), counts)
  })
  test('and grad applies, differentiates and transposes each operation once or twice', () => {
    const counts = worked(500, (counter, n) => grad(chain(counter, n))(scalar(0.001)))
    // Traced and evaluated; the linear program applies the sums again.
    expect(counts).toEqual({ applied: 4000, evaluated: 500, differentiated: 500, transposed: 2000 })
  })
})

test('an inner gradient does not touch what the outer function did before', () => {
  const innerWork = (n: number): Counter['counts'] => {
    const { counts, sin } = counting()
    let inside = { ...counts }
    grad((x: Scalar) => {
      let history = x
      for (let i = 0; i < n; i++) history = sin(history)
      const before = { ...counts }
      const slope = grad((y: Scalar): Scalar => T.mul(history)(sin(y)))(scalar(1))
      inside = {
        applied: counts.applied - before.applied,
        evaluated: counts.evaluated - before.evaluated,
        differentiated: counts.differentiated - before.differentiated,
        transposed: counts.transposed - before.transposed
      }
      return slope
    })(scalar(0.7))
    return inside
  }
  expect(innerWork(1000)).toEqual(innerWork(1))
  expect(innerWork(1).differentiated).toBe(1)
})
test('nor does the walk enter it', () => {
  const looks = (n: number): number => {
    let history: T.Tensor = variable({ shape: [], dtype: 'float64' })
    for (let i = 0; i < n; i++) history = T.sin(history)
    const y = variable({ shape: [], dtype: 'float64' })
    const seeds = new Set<T.Tensor>([y])
    let count = 0
    const order = _.dependents([T.mul(history)(T.sin(y))], {
      has: x => {
        count++
        return seeds.has(x)
      },
      keys: () => seeds.keys()
    })
    expect(order.map(e => e.primitive.name)).toEqual(['sin', 'mul'])
    return count
  }
  expect(looks(1000)).toBe(looks(1))
})

describe('dependents, interpret and substitute', () => {
  const x = variable({ shape: [], dtype: 'float64' })
  const y = variable({ shape: [], dtype: 'float64' })
  const [a, b] = [T.sin(x), T.cos(y)]
  const c = T.mul(b)(a)
  test('operands come first, each once, and only what depends on a seed', () => {
    const names = (roots: readonly T.Tensor[], seeds: readonly T.Tensor[]) =>
      _.dependents(roots, new Set(seeds)).map(e => e.primitive.name)
    expect(names([c, T.add(c)(c)], [x, y])).toEqual(['sin', 'cos', 'mul', 'add'])
    expect(names([c], [y])).toEqual(['cos', 'mul'])
    expect(names([c], [a])).toEqual(['mul'])
    expect(names([x, T.scalar(1)], [x])).toEqual([])
  })
  test('substituting known values evaluates, unknown ones rename, and some of both do both', () => {
    const values = _.substitute(
      [c, x],
      new Map([
        [x, scalar(0.5)],
        [y, scalar(2)]
      ])
    )
    close(values, [Math.sin(0.5) * Math.cos(2), 0.5].map(scalar))
    const [partly] = _.substitute([c], new Map([[x, scalar(0.5)]]))
    close(_.substitute([partly!], new Map([[y, scalar(2)]])), [scalar(Math.sin(0.5) * Math.cos(2))])
  })
  test('another meaning: the depth of an expression', () => {
    const depths = _.interpret<number>([c, T.exp(c), y], new Map([[x, 0]]), {
      independent: () => 0,
      equation: (e, inputs) => e.outputs.map(() => 1 + Math.max(...inputs))
    })
    expect(depths).toEqual([2, 3, 0])
  })
})

test('values are dropped after their last use', () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const held = (): number => {
    collect()
    collect()
    return process.memoryUsage().arrayBuffers / 2 ** 20
  }
  const start = held()
  let before = Number.NaN
  const measuring: Linear<One> = {
    ...negPrimitive,
    evaluate: (...given) => {
      before = held() - start
      return negPrimitive.evaluate(...given)
    }
  }
  const n = 100
  const f = (x: T.Tensor): T.Tensor => {
    let y = x
    for (let i = 0; i < n; i++) y = T.sin(y)
    return apply(measuring, [y], undefined)
  }
  // One megabyte each: 100 of them where nothing is dropped.
  const x = T.fromData([2 ** 17], new Float64Array(2 ** 17).fill(0.5))
  jvp(f)(x, x)
  expect(before).toBeLessThan(n / 4)
  jit(f)(x)
  expect(before).toBeLessThan(n / 4)
  // What the backward pass needs is kept, which shows that the measure measures; a checkpoint keeps less.
  vjp(f)(x)
  expect(before).toBeGreaterThan(n / 2)
  vjp(checkpoint(f))(x)
  expect(before).toBeLessThan(n / 4)
})
