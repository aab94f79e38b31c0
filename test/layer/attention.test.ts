/** Attention against sums as one would write them down, its masks, and what it says of settings and inputs that do not fit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, pipe, Random, Tensor, Tree } from '../../src/index.js'
import * as _ from '../../src/layer/attention.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
/** Parameters of which none is 0, as biases are at first. */
const drawn = <L extends Layer.AnyLayer>(layer: L, seed = 1): Layer.Params<L> =>
  Tree.mapWithPath((path, leaf) => random(Tensor.shape(leaf), seed + path.length))(
    Layer.initialize(layer, double)(Random.key(seed))
  )
const rowsOf = (x: Tensor.Tensor): readonly (readonly number[])[] => Tensor.toArray(x) as number[][]
const tensor = (rows: unknown): Tensor.Tensor => Tensor.tensor(rows as number[], double)
const truths = (...rows: readonly (readonly boolean[] | boolean)[]): Tensor.Tensor =>
  Tensor.tensor(rows as never) as Tensor.Tensor

interface Given {
  readonly query: Tensor.Tensor
  readonly key: Tensor.Tensor
  readonly value: Tensor.Tensor
  readonly mask?: Tensor.Tensor
  readonly keyPadding?: Tensor.Tensor
}
interface Attended {
  readonly output: Tensor.Tensor
  readonly weights: Tensor.Tensor
}
type Sizes = Parameters<typeof _.multiHeadAttention>[2]
/** Four features in two heads, which tell their weights too. */
const layer = (settings: Sizes = {}) => _.multiHeadAttention(4, 2, { ...settings, weights: true })
type Params = Layer.Params<Layer.SelfAttention<4>>
const own: Params = drawn(_.selfAttention(4, 2))
const attend = (given: Given, params: unknown = own): Attended =>
  layer().apply(params as never)(given as never) as unknown as Attended
const sequence = (length: number, seed: number, features = 4): Tensor.Tensor => random([length, features], seed)
const to = (x: Tensor.Tensor): Given => ({ query: x, key: x, value: x })

describe('as it is written down', () => {
  const times = (weight: readonly (readonly number[])[], x: readonly number[], bias: readonly number[]) =>
    weight.map((row, i) => row.reduce((sum, w, j) => sum + w * x[j]!, bias[i]!))
  /** One sequence, loop by loop: for each query and head the mean of the values, weighted by the exponentials of products. */
  const byHand = (heads: number, given: Given, params: Params) => {
    const features = params.out_proj.weight.shape[0]!
    const width = features / heads
    const projected = (x: Tensor.Tensor, part: number) => {
      const within = <A>(all: readonly A[]) => all.slice(part * features, (part + 1) * features)
      const weight = within(rowsOf(params.in_proj_weight))
      return rowsOf(x).map(row => times(weight, row, within([...Tensor.toData(params.in_proj_bias)])))
    }
    const [queries, keys, values] = [projected(given.query, 0), projected(given.key, 1), projected(given.value, 2)]
    const means = keys.map(() => 0)
    const weights = queries.map(() => [...means])
    const output = queries.map((query, q) => {
      const together: number[] = []
      for (let head = 0; head < heads; head++) {
        const own = (row: readonly number[]) => row.slice(head * width, (head + 1) * width)
        const scores = keys.map(key => own(key).reduce((sum, k, i) => sum + k * own(query)[i]!, 0) / Math.sqrt(width))
        const exponentials = scores.map(Math.exp)
        const total = exponentials.reduce((a, b) => a + b)
        for (let i = 0; i < width; i++)
          together.push(exponentials.reduce((sum, e, k) => sum + (e / total) * own(values[k]!)[i]!, 0))
        exponentials.forEach((e, k) => {
          weights[q]![k]! += e / total / heads
        })
      }
      return times(rowsOf(params.out_proj.weight), together, [...Tensor.toData(params.out_proj.bias)])
    })
    return { output: tensor(output), weights: tensor(weights) }
  }
  test('queries, keys and values of several heads', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(1, 2, 4), fc.nat(3), fc.nat(3), (seed, heads, queries, keys) => {
        const attention = _.multiHeadAttention(4, heads, { weights: true })
        const params = pipe(drawn(_.selfAttention(4, heads), seed), Tree.scale(0.5))
        const given = {
          query: sequence(queries + 1, seed),
          key: sequence(keys + 1, seed + 1),
          value: sequence(keys + 1, seed + 2)
        }
        const found = attention.apply(params)(given as never) as unknown as Attended
        const expected = byHand(heads, given, params)
        near(1e-12)(found.output, expected.output)
        near(1e-13)(found.weights, expected.weights)
        const own = _.selfAttention(4, heads).apply(params)(given.query as never)
        near(1e-12)(own, byHand(heads, to(given.query), params).output)
      }),
      { numRuns: 25 }
    )
  })
  test('keys and values of other features have projections of their own', () => {
    const separate = layer({ keyFeatures: 3, valueFeatures: 2, bias: false })
    const params = drawn(separate)
    expect(Layer.namedParameters(separate)(params).map(([name, x]) => [name, Tensor.shape(x)])).toEqual([
      ['q_proj_weight', [4, 4]],
      ['k_proj_weight', [4, 3]],
      ['v_proj_weight', [4, 2]],
      ['out_proj.weight', [4, 4]]
    ])
    const { q_proj_weight, k_proj_weight, v_proj_weight, out_proj } = params
    const wide = (x: Tensor.Tensor, features: number): Tensor.Tensor =>
      Tensor.concat(1)([x, Tensor.zeros([Tensor.shape(x)[0]!, 4 - features], double)])
    const together = {
      in_proj_weight: Tensor.concat(0)([q_proj_weight, wide(k_proj_weight, 3), wide(v_proj_weight, 2)]),
      in_proj_bias: Tensor.zeros([12], double),
      out_proj: { ...out_proj, bias: Tensor.zeros([4], double) }
    }
    const [query, key, value] = [sequence(3, 1), sequence(5, 2, 3), sequence(5, 3, 2)]
    const { output } = separate.apply(params)({ query, key, value } as never) as unknown as Attended
    near(1e-13)(output, attend({ query, key: wide(key, 3), value: wide(value, 2) }, together).output)
  })
  test('leading axes are examples', () => {
    const [query, key, value] = [random([2, 3, 5, 4], 1), random([2, 3, 6, 4], 2), random([2, 3, 6, 4], 3)]
    const all = attend({ query, key, value })
    expect([Tensor.shape(all.output), Tensor.shape(all.weights)]).toEqual([
      [2, 3, 5, 4],
      [2, 3, 5, 6]
    ])
    const at = (x: Tensor.Tensor): Tensor.Tensor => pipe(x, Tensor.select(0, 1), Tensor.select(0, 2))
    const one = attend({ query: at(query), key: at(key), value: at(value) })
    near(1e-13)(at(all.output), one.output)
    near(1e-13)(at(all.weights), one.weights)
  })
})

describe('masks', () => {
  const x = sequence(3, 5)
  const upper = truths([false, true, true], [false, false, true], [false, false, false])
  test('that are true forbid, and so does −∞', () => {
    const added = Tensor.where(Number.NEGATIVE_INFINITY, 0)(upper) as Tensor.Tensor
    const { output, weights } = attend({ ...to(x), mask: upper })
    near(0)(attend({ ...to(x), mask: added }).output, output)
    expect(rowsOf(weights).map(row => row.map(w => w > 0))).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true]
    ])
    near(1e-13)(Tensor.sum({ axis: 1 })(weights), Tensor.ones([3], double))
    const causal = _.selfAttention(4, 2, { causal: true })
    near(1e-13)(causal.apply(own)(x as never), output)
  })
  test('of numbers are added to the scores of every head', () => {
    // Twice the weight is log 2 more.
    const { weights } = attend({
      ...to(x),
      mask: tensor([
        [Math.log(2), 0, 0],
        [0, 0, 0],
        [1, 1, 1]
      ])
    })
    const [plain, moved] = [rowsOf(attend(to(x)).weights), rowsOf(weights)]
    expect(moved[1]).toEqual(plain[1])
    moved[2]!.forEach((w, i) => expect(w).toBeCloseTo(plain[2]![i]!, 14))
    expect(moved[0]![0]).toBeGreaterThan(plain[0]![0]!)
  })
  test('of keys leave the others as if there were none', () => {
    const { output, weights } = attend({ ...to(x), keyPadding: truths(false, true, false) })
    const without = (y: Tensor.Tensor): Tensor.Tensor => Tensor.take(Tensor.tensor([0, 2], { dtype: 'int32' }))(y)
    const rest = attend({ query: x, key: without(x), value: without(x) })
    near(1e-13)(output, rest.output)
    expect(rowsOf(weights).map(row => row[1])).toEqual([0, 0, 0])
    const slope = (value: Tensor.Tensor) =>
      pipe(attend({ ...to(x), value, keyPadding: truths(false, true, false) }).output, Tensor.square, Tensor.sum())
    expect(rowsOf(grad(slope)(x)).map(row => row.every(s => s === 0))).toEqual([false, true, false])
  })
  test('are for all examples, or one for each', () => {
    const batch = random([2, 3, 4], 6)
    const keyPadding = truths([false, true, false], [false, false, false])
    const all = attend({ ...to(batch), keyPadding, mask: upper }).output
    const masks = Tensor.stack(0)([upper, upper])
    near(0)(attend({ ...to(batch), keyPadding, mask: masks }).output, all)
    const at =
      (i: number) =>
      (y: Tensor.Tensor): Tensor.Tensor =>
        Tensor.select(0, i)(y)
    for (const i of [0, 1])
      near(1e-13)(at(i)(all), attend({ ...to(at(i)(batch)), keyPadding: at(i)(keyPadding), mask: upper }).output)
  })
  test('under which a query may attend to nothing give it weights 0, and no slope', () => {
    const mask = truths([true, true, true], [false, true, false], [false, false, false])
    const { output, weights } = attend({ ...to(x), mask })
    expect(rowsOf(weights)[0]).toEqual([0, 0, 0])
    near(0)(Tensor.select(0, 0)(output), own.out_proj.bias)
    const first = (y: Tensor.Tensor) => pipe(attend({ ...to(y), mask }).output, Tensor.square, Tensor.sum())
    expect(Tensor.toData(grad(first)(x)).every(Number.isFinite)).toBe(true)
    near(1e-12)(jit(grad(first))(x), grad(first)(x))
  })
})

describe('order', () => {
  const order = Tensor.tensor([2, 0, 3, 1], { dtype: 'int32' })
  const turned = (y: Tensor.Tensor): Tensor.Tensor => Tensor.take(order)(y)
  const run =
    (settings: Parameters<typeof _.selfAttention>[2] = {}) =>
    (y: Tensor.Tensor): Tensor.Tensor =>
      _.selfAttention(4, 2, settings).apply(own)(y as never)
  const x = sequence(4, 7)
  test('of positions and of keys does not matter without a mask', () => {
    near(1e-13)(run()(turned(x)), turned(run()(x)))
    const query = sequence(2, 8)
    near(1e-13)(attend({ query, key: turned(x), value: turned(x) }).output, attend({ query, key: x, value: x }).output)
  })
  test('matters where queries and keys are turned by their positions', () => {
    const rotary = run({ rotary: true })
    expect(Tensor.toArray(rotary(turned(x)))).not.toEqual(Tensor.toArray(turned(rotary(x))))
    const { in_proj_weight, in_proj_bias, out_proj } = own
    const affine = (weight: Tensor.Tensor, bias: Tensor.Tensor) => (y: Tensor.Tensor) =>
      pipe(y, Tensor.matmul(Tensor.transpose(weight)), Tensor.add(bias)) as Tensor.Tensor
    const projected = pipe(affine(in_proj_weight, in_proj_bias)(x), Tensor.reshape([4, 3, 2, 2]))
    const [query, key, value] = [0, 1, 2].map(part => pipe(projected, Tensor.select(1, part), Tensor.swapAxes(0, 1)))
    const turn = (y: Tensor.Tensor): Tensor.Tensor => Layer.rotaryEncoding(2).apply({})(y as never)
    const heads = Tensor.scaledDotProductAttention({ key: turn(key!), value: value! })(turn(query!))
    const together = pipe(heads, Tensor.swapAxes(0, 1), Tensor.reshape([4, 4]))
    near(1e-13)(rotary(x), affine(out_proj.weight, out_proj.bias)(together))
  })
  test('of time: what comes later changes nothing before it', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(4), fc.boolean(), (seed, position, rotary) => {
        const [a, b] = [sequence(5, seed), sequence(5, seed + 1)]
        const upTo = Tensor.slice({ axis: 0, stop: position + 1 })
        const changed = Tensor.concat(0)([upTo(a), Tensor.slice({ axis: 0, start: position + 1 })(b)])
        const masked = run({ causal: true, rotary })
        near(0)(upTo(masked(changed)), upTo(masked(a)))
      }),
      { numRuns: 20 }
    )
  })
})

describe('training', () => {
  test('drops weights, scales the others, and leaves evaluation alone', () => {
    const x = random([50, 3, 4], 1)
    const run = (dropout: number, mode: Layer.Mode) =>
      layer({ dropout }).forward(own as never, mode)(to(x) as never)({
        buffers: {},
        key: Random.key(1)
      })[0] as never as Attended
    near(0)(run(0.25, 'evaluation').weights, run(0, 'training').weights)
    const of = (attended: Attended) => Array.from(Tensor.toData(attended.weights))
    const heads = _.multiHeadAttention(4, 1, { dropout: 0.25, weights: true })
    const single = heads.forward(own, 'training')(to(x) as never)({ buffers: {}, key: Random.key(1) })[0]
    const plain = heads.forward(own, 'evaluation')(to(x) as never)({ buffers: {}, key: Random.key(1) })[0]
    const [some, all] = [of(single as never), of(plain as never)]
    expect(some.every((w, i) => w === 0 || Math.abs(w - all[i]! / 0.75) < 1e-12)).toBe(true)
    const dropped = some.filter(w => w === 0).length / some.length
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.08)
    const nothing = run(1, 'training').output
    near(0)(nothing, Tensor.broadcastTo([50, 3, 4])(own.out_proj.bias))
  })
  test('begins where PyTorch does', () => {
    const { in_proj_weight, in_proj_bias, out_proj } = Layer.initialize(_.selfAttention(64, 4), double)(Random.key(1))
    const most = (w: Tensor.Tensor): number => pipe(w, Tensor.abs, Tensor.max(), Tensor.item)
    expect(most(in_proj_weight) / Math.sqrt(6 / 256)).toBeGreaterThan(0.99)
    expect(most(in_proj_weight) / Math.sqrt(6 / 256)).toBeLessThanOrEqual(1)
    expect(most(out_proj.weight) * 8).toBeGreaterThan(0.99)
    expect(most(out_proj.weight) * 8).toBeLessThanOrEqual(1)
    expect([most(in_proj_bias), most(out_proj.bias)]).toEqual([0, 0])
  })
})

describe('mistakes', () => {
  const whole = 'it must be a whole number of 1 or more'
  test('settings', () => {
    const of = 'Layer.multiHeadAttention:'
    expect(() => _.multiHeadAttention(6, 4)).toThrow(`${of} 6 features cannot be divided among 4 heads`)
    expect(() => _.multiHeadAttention(0, 1)).toThrow(`${of} embedding is 0; ${whole}`)
    expect(() => _.multiHeadAttention(4, 0)).toThrow(`${of} heads is 0; ${whole}`)
    expect(() => _.multiHeadAttention(4, 2, { keyFeatures: 1.5 })).toThrow(`${of} keyFeatures is 1.5; ${whole}`)
    expect(() => _.multiHeadAttention(4, 2, { valueFeatures: -1 })).toThrow(`${of} valueFeatures is -1; ${whole}`)
    expect(() => _.multiHeadAttention(4, 2, { dropout: -0.1 })).toThrow(`${of} dropout is -0.1, which is not between`)
    expect(() => _.selfAttention(5, 2)).toThrow('Layer.selfAttention: 5 features cannot be divided among 2 heads')
    expect(() => _.selfAttention(6, 2, { rotary: true })).toThrow(
      'Layer.selfAttention: the features of a head are 3; an even number is turned, in pairs'
    )
  })
  test('inputs', () => {
    const x = sequence(3, 1)
    expect(() => attend({ query: x, key: x } as Given)).toThrow(
      'multiHeadAttention: takes a record { query, key, value, mask?, keyPadding? } of tensors, and value is none'
    )
    expect(() => attend({ ...to(x), query: [1] as never })).toThrow('and query is none')
    expect(() => attend({ ...to(x), key: sequence(3, 1, 5) })).toThrow(
      'multiHeadAttention: key: input [3, 5] does not end in [?, 4]'
    )
    const fit = 'leading axes must be the same, and there must be as many keys as values'
    expect(() => attend({ ...to(x), key: sequence(2, 1) })).toThrow(
      `multiHeadAttention: query [3, 4], key [2, 4] and value [3, 4]: ${fit}`
    )
    expect(() => attend({ ...to(x), query: random([2, 3, 4], 1) })).toThrow(
      `multiHeadAttention: query [2, 3, 4], key [3, 4] and value [3, 4]: ${fit}`
    )
    expect(() => _.selfAttention(4, 2).apply(own)(sequence(3, 1, 5) as never)).toThrow(
      'selfAttention: input [3, 5] does not end in [?, 4]'
    )
    expect(() => attend(to(x), drawn(_.multiHeadAttention(6, 2)))).toThrow(
      'in_proj_weight is [18, 6], and should be [12, 4]; are these parameters of another model?'
    )
  })
  test('masks', () => {
    const x = sequence(3, 1)
    expect(() => attend({ ...to(x), mask: truths([true, false], [true, false]) })).toThrow(
      'multiHeadAttention: mask is [2, 2], and beside these inputs should be [3, 3]'
    )
    const batch = random([2, 3, 4], 1)
    expect(() => attend({ ...to(batch), keyPadding: truths([true, false, false]) })).toThrow(
      'multiHeadAttention: keyPadding is [1, 3], and beside these inputs should be [3] or [2, 3]'
    )
    expect(() => attend({ ...to(batch), mask: Tensor.zeros([3]) })).toThrow(
      'multiHeadAttention: mask is [3], and beside these inputs should be [3, 3] or [2, 3, 3]'
    )
  })
})

test('printed as PyTorch prints it', () => {
  const printed = (bias: string): string =>
    `MultiheadAttention(\n  (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=${bias})\n)`
  expect(Layer.show(layer())).toBe(printed('True'))
  expect(Layer.show(layer({ bias: false, keyFeatures: 3 }))).toBe(printed('False'))
  expect(Layer.show(_.selfAttention(4, 2))).toBe(printed('True'))
})
