/** Recurrences against loops as one would write them down, their states, and what they say of settings and inputs that do not fit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, pipe, Random, Tensor, Tree } from '../../src/index.js'
import * as _ from '../../src/layer/recurrent.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const tensor = (numbers: unknown): Tensor.Tensor => Tensor.tensor(numbers as number[], double)
type Numbers = readonly number[]
type Parameters = Readonly<Record<string, Tensor.Tensor>>
const drawn = (layer: Layer.AnyLayer, seed = 1): Parameters =>
  Layer.initialize(layer, double)(Random.key(seed)) as Parameters
const apply = (layer: Layer.AnyLayer, params: unknown) =>
  (layer as Layer.Layer<unknown, [], []>).apply(params) as (x: unknown) => never

type Kind = 'rnn' | 'relu' | 'gru' | 'lstm'
interface Options {
  readonly layers?: number
  readonly bidirectional?: boolean
  readonly bias?: boolean
  readonly dropout?: number
}
const make = (kind: Kind, features: number, hidden: number, options: Options = {}): Layer.AnyLayer =>
  kind === 'relu'
    ? _.rnn(features, hidden, { ...options, nonlinearity: 'relu' })
    : ({ rnn: _.rnn, gru: _.gru, lstm: _.lstm }[kind] as typeof _.gru)(features, hidden, options)
const carried = (layer: Layer.AnyLayer) => _.carried(layer as ReturnType<typeof _.gru>) as Layer.AnyLayer
const kinds: readonly Kind[] = ['rnn', 'relu', 'gru', 'lstm']

/** One direction of one layer, step by step, number by number, as PyTorch's documentation has it. */
const byHand = (kind: Kind, params: Parameters, place: string, sequence: readonly Numbers[], start: Numbers) => {
  const numbers = (name: string) => Tensor.toArray(params[`${name}_${place}`]!) as unknown
  const [input, state] = [numbers('weight_ih'), numbers('weight_hh')] as readonly (readonly Numbers[])[]
  const biased = params[`bias_ih_${place}`] !== undefined
  const biasOf = (name: string) => (biased ? (numbers(name) as Numbers) : input!.map(() => 0))
  const [ofInput, ofState] = [biasOf('bias_ih'), biasOf('bias_hh')]
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
  const dot = (a: Numbers, b: Numbers): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
  const hidden = start.length
  const outputs: Numbers[] = []
  let [h, c] = [start, start.map(() => 0)]
  for (const x of sequence) {
    const fromInput = input!.map((row, i) => dot(row, x) + ofInput[i]!)
    const fromState = state!.map((row, i) => dot(row, h) + ofState[i]!)
    /** The sum for a gate's row of a unit. */
    const both = (gate: number, unit: number) => fromInput[gate * hidden + unit]! + fromState[gate * hidden + unit]!
    const next = { h: [...h], c: [...c] }
    for (let i = 0; i < hidden; i++) {
      if (kind === 'rnn') next.h[i] = Math.tanh(both(0, i))
      if (kind === 'relu') next.h[i] = Math.max(0, both(0, i))
      if (kind === 'gru') {
        const [r, z] = [sigmoid(both(0, i)), sigmoid(both(1, i))]
        const n = Math.tanh(fromInput[2 * hidden + i]! + r * fromState[2 * hidden + i]!)
        next.h[i] = (1 - z) * n + z * h[i]!
      }
      if (kind === 'lstm') {
        next.c[i] = sigmoid(both(1, i)) * c[i]! + sigmoid(both(0, i)) * Math.tanh(both(2, i))
        next.h[i] = sigmoid(both(3, i)) * Math.tanh(next.c[i]!)
      }
    }
    ;({ h, c } = next)
    outputs.push(h)
  }
  return { outputs, h, c }
}

describe('against loops', () => {
  const settings = fc.record({
    features: fc.integer({ min: 1, max: 3 }),
    hidden: fc.integer({ min: 1, max: 3 }),
    steps: fc.integer({ min: 1, max: 4 }),
    layers: fc.integer({ min: 1, max: 2 }),
    bidirectional: fc.boolean(),
    bias: fc.boolean(),
    seed: fc.nat(1e6)
  })
  test.each(kinds)('%s: layers over layers, in one direction or two', kind => {
    fc.assert(
      fc.property(settings, ({ features, hidden, steps, seed, ...options }) => {
        const layer = make(kind, features, hidden, options)
        const params = Tree.scale(2)(drawn(layer, seed))
        const x = random([steps, features], seed)
        const zero: Numbers = Array.from({ length: hidden }, () => 0)
        let sequence = Tensor.toArray(x) as readonly Numbers[]
        const ends: { readonly h: Numbers; readonly c: Numbers }[] = []
        for (let i = 0; i < options.layers; i++) {
          const forwards = byHand(kind, params, `l${i}`, sequence, zero)
          ends.push(forwards)
          if (!options.bidirectional) sequence = forwards.outputs
          else {
            const back = byHand(kind, params, `l${i}_reverse`, [...sequence].reverse(), zero)
            ends.push(back)
            const turned = [...back.outputs].reverse()
            sequence = forwards.outputs.map((row, step) => [...row, ...turned[step]!])
          }
        }
        near(1e-12)(apply(layer, params)(x), tensor(sequence))
        // The last states are layer by layer, forwards before back.
        const start = Tensor.zeros([ends.length, hidden], double)
        const state = kind === 'lstm' ? { h: start, c: start } : start
        const after: { readonly output: Tensor.Tensor; readonly state: unknown } = apply(
          carried(layer),
          params
        )({
          input: x,
          state
        })
        near(1e-12)(after.output, tensor(sequence))
        const [h, c] = [tensor(ends.map(end => end.h)), tensor(ends.map(end => end.c))]
        const last = kind === 'lstm' ? after.state : { h: after.state }
        for (const [name, value] of Tree.entries(last)) near(1e-12)(value, name === 'h' ? h : c)
      }),
      { numRuns: 8 }
    )
  })
})

describe('a state', () => {
  const part = (start: number, stop: number) => (x: Tensor.Tensor) => Tensor.slice({ axis: -2, start, stop })(x)
  test.each(kinds)('%s: two parts of a sequence are the whole, if it is carried from one to the other', kind => {
    const layer = make(kind, 3, 4, { layers: 2 })
    const params = drawn(layer)
    const x = random([2, 3, 7, 3], 1)
    const run = (input: Tensor.Tensor, state: unknown): { readonly output: Tensor.Tensor; readonly state: unknown } =>
      apply(carried(layer), params)({ input, state })
    const zero = Tensor.zeros([2, 3, 2, 4], double)
    const first = run(part(0, 3)(x), kind === 'lstm' ? { h: zero, c: zero } : zero)
    const second = run(part(3, 7)(x), first.state)
    near(1e-14)(Tensor.concat(-2)([first.output, second.output]), apply(layer, params)(x))
    // What the upper layer gives last is its state.
    const h = kind === 'lstm' ? (second.state as { readonly h: Tensor.Tensor }).h : (second.state as Tensor.Tensor)
    near(0)(pipe(h, Tensor.select(-2, 1)), pipe(second.output, Tensor.select(-2, 3)))
    near(0)(_.lastStep.apply({})(second.output as never), pipe(second.output, Tensor.select(-2, 3)))
  })
  test('has slopes through all steps', () => {
    const [gru, x] = [_.gru(2, 3), random([4, 2], 1)]
    const params = Layer.initialize(gru, double)(Random.key(1))
    const last = (state: Tensor.Tensor<[1, 3]>) =>
      pipe(_.carried(gru).apply(params)({ input: x as Tensor.Tensor<[4, 2]>, state }).state, Tensor.sum())
    const start = random([1, 3], 2) as Tensor.Tensor<[1, 3]>
    const slopes = grad(last)(start)
    const step = 1e-6
    const moved = (by: number) => pipe(start, Tensor.add(by), s => Tensor.item(last(s as typeof start)))
    expect(pipe(slopes, Tensor.sum(), Tensor.item)).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 8)
    near(1e-14)(jit(grad(last))(start), slopes)
  })
  test('is that of no steps, where there are none', () => {
    const lstm = _.lstm(2, 3)
    const state = { h: random([1, 3], 1), c: random([1, 3], 2) }
    const after = apply(_.carried(lstm), drawn(lstm))({ input: Tensor.zeros([0, 2], double), state }) as {
      readonly output: Tensor.Tensor
      readonly state: typeof state
    }
    expect(Tensor.shape(after.output)).toEqual([0, 3])
    expect(after.state).toEqual(state)
  })
  test('keeps the name of its layer', () => {
    const named = Layer.named('memory', _.gru(2, 3))
    expect(Layer.spec(_.carried(named as never) as Layer.AnyLayer)).toMatchObject({ kind: 'carried', name: 'memory' })
  })
})

describe('an output', () => {
  test.each(kinds)('%s: does not depend on what comes later, in one direction', kind => {
    const layer = make(kind, 3, 2, { layers: 2 })
    const run = apply(layer, drawn(layer)) as (x: unknown) => Tensor.Tensor
    const [a, b] = [random([6, 3], 1), random([6, 3], 2)]
    for (let step = 1; step < 6; step++) {
      const upTo = Tensor.slice({ axis: 0, stop: step })
      near(0)(upTo(run(Tensor.concat(0)([upTo(a), Tensor.slice({ axis: 0, start: step })(b)]))), upTo(run(a)))
    }
    const third = (x: Tensor.Tensor) => pipe(run(x), Tensor.select(0, 2), Tensor.sum()) as Tensor.Tensor<[]>
    const rows = Tensor.toArray(grad(third)(a)) as number[][]
    expect(
      rows
        .slice(3)
        .flat()
        .every(slope => slope === 0)
    ).toBe(true)
    if (kind !== 'relu')
      expect(
        rows
          .slice(0, 3)
          .flat()
          .every(slope => slope !== 0)
      ).toBe(true)
  })
  test('of two directions depends on all', () => {
    const layer = make('gru', 3, 2, { bidirectional: true })
    const run = apply(layer, drawn(layer)) as (x: unknown) => Tensor.Tensor
    expect(Tensor.shape(run(random([7, 5, 3], 1)))).toEqual([7, 5, 4])
    const first = (x: Tensor.Tensor) => pipe(run(x), Tensor.select(0, 0), Tensor.sum()) as Tensor.Tensor<[]>
    expect(Array.from(Tensor.toData(grad(first)(random([5, 3], 1)))).every(slope => slope !== 0)).toBe(true)
  })
  test('between layers is dropped in training, and no other', () => {
    const all = make('gru', 3, 2, { layers: 2, dropout: 1 }) as Layer.Layer<unknown, [], []>
    const params = drawn(all)
    const x = random([5, 3], 1)
    const [output] = all.forward(params, 'training')(x as never)({ buffers: {}, key: Random.key(1) })
    const upper = Object.fromEntries(
      Object.entries(params).flatMap(([name, value]) =>
        name.endsWith('_l1') ? [[name.replace('_l1', '_l0'), value]] : []
      )
    )
    near(1e-14)(output, apply(make('gru', 2, 2), upper)(Tensor.zeros([5, 2], double)))
    near(0)(apply(all, params)(x), apply(make('gru', 3, 2, { layers: 2 }), params)(x))
    const single = make('gru', 3, 2, { dropout: 1 }) as Layer.Layer<unknown, [], []>
    const [same] = single.forward(drawn(single), 'training')(x as never)({ buffers: {}, key: Random.key(1) })
    near(0)(same, apply(single, drawn(single))(x))
  })
})

describe('parameters', () => {
  const shapes = (layer: Layer.AnyLayer) =>
    Layer.namedParameters(layer)(drawn(layer)).map(([name, value]) => `${name} ${Tensor.shape(value).join(' × ')}`)
  test('have the names, order and shapes of PyTorch’s state_dict', () => {
    expect(shapes(make('lstm', 3, 5, { layers: 2, bidirectional: true }))).toEqual([
      'weight_ih_l0 20 × 3',
      'weight_hh_l0 20 × 5',
      'bias_ih_l0 20',
      'bias_hh_l0 20',
      'weight_ih_l0_reverse 20 × 3',
      'weight_hh_l0_reverse 20 × 5',
      'bias_ih_l0_reverse 20',
      'bias_hh_l0_reverse 20',
      'weight_ih_l1 20 × 10',
      'weight_hh_l1 20 × 5',
      'bias_ih_l1 20',
      'bias_hh_l1 20',
      'weight_ih_l1_reverse 20 × 10',
      'weight_hh_l1_reverse 20 × 5',
      'bias_ih_l1_reverse 20',
      'bias_hh_l1_reverse 20'
    ])
    expect(shapes(make('gru', 3, 4, { layers: 2, bias: false }))).toEqual([
      'weight_ih_l0 12 × 3',
      'weight_hh_l0 12 × 4',
      'weight_ih_l1 12 × 4',
      'weight_hh_l1 12 × 4'
    ])
    expect(shapes(carried(make('rnn', 3, 4)))).toEqual(shapes(make('rnn', 3, 4)))
  })
  test('begin within ±1/√hidden', () => {
    for (const value of Object.values(drawn(make('gru', 30, 25, { layers: 2 })))) {
      const most = pipe(value, Tensor.abs, Tensor.max(), Tensor.item)
      expect(most).toBeLessThanOrEqual(0.2)
      expect(most).toBeGreaterThan(0.18)
    }
  })
})

test('printed as PyTorch prints them', () => {
  expect(
    [
      make('relu', 3, 4),
      make('gru', 3, 8, { layers: 2, dropout: 0.1 }),
      make('lstm', 3, 4, { bidirectional: true, bias: false }),
      _.lastStep
    ].map(Layer.show)
  ).toEqual([
    'RNN(3, 4, batch_first=True)',
    'GRU(3, 8, num_layers=2, batch_first=True, dropout=0.1)',
    'LSTM(3, 4, bias=False, batch_first=True, bidirectional=True)',
    'LastStep()'
  ])
})

describe('mistakes', () => {
  const whole = 'it must be a whole number of 1 or more'
  test('settings', () => {
    expect(() => _.rnn(0, 4)).toThrow(`Layer.rnn: inFeatures is 0; ${whole}`)
    expect(() => _.gru(3, 1.5)).toThrow(`Layer.gru: hiddenFeatures is 1.5; ${whole}`)
    expect(() => _.lstm(3, 4, { layers: 0 })).toThrow(`Layer.lstm: layers is 0; ${whole}`)
    for (const dropout of [-0.1, 1.1, Number.NaN])
      expect(() => _.gru(3, 4, { dropout })).toThrow(`Layer.gru: dropout is ${dropout}, which is not between 0 and 1`)
    expect(() => _.carried(Layer.linear(3, 4) as never)).toThrow(
      'Layer.carried: linear carries no state; it takes an rnn, a gru or an lstm'
    )
  })
  test('inputs', () => {
    const gru = make('gru', 3, 4)
    expect(() => apply(gru, drawn(gru))(Tensor.ones([5, 2]))).toThrow('gru: input [5, 2] does not end in [?, 3]')
    expect(() => apply(gru, drawn(gru))(Tensor.ones([3]))).toThrow('gru: input [3] does not end in [?, 3]')
    expect(() => apply(gru, drawn(make('rnn', 3, 4)))(Tensor.ones([5, 3]))).toThrow(
      'gru: weight_ih_l0 is [4, 3], and should be [12, 3]; are these parameters of another model?'
    )
    expect(() => apply(make('gru', 3, 4, { layers: 2 }), drawn(gru))(Tensor.ones([5, 3]))).toThrow(
      "gru: the parameters have no 'weight_ih_l1'; are they of another model?"
    )
    expect(() => _.lastStep.apply({})(Tensor.ones([5, 0, 3]) as never)).toThrow(
      'lastStep: [5, 0, 3] has no last step; it takes […, steps, features]'
    )
    expect(() => _.lastStep.apply({})(Tensor.ones([3]) as never)).toThrow('lastStep: [3] has no last step')
  })
  test('states', () => {
    const [gru, lstm] = [make('gru', 3, 4), make('lstm', 3, 4)]
    const [ofGru, ofLstm] = [apply(carried(gru), drawn(gru)), apply(carried(lstm), drawn(lstm))]
    const input = Tensor.ones([5, 3])
    const record = 'with its state it takes a record { input, state }'
    expect(() => ofGru(input)).toThrow(`gru: ${record}`)
    expect(() => ofGru({ input })).toThrow(`gru: ${record}`)
    expect(() => ofGru({ input, state: [1] })).toThrow('gru: the state must be a tensor')
    expect(() => ofLstm({ input, state: { h: Tensor.ones([1, 4]) } })).toThrow(
      'lstm: the state must be a record { h, c } of tensors, and c is none'
    )
    expect(() => ofGru({ input, state: Tensor.ones([4]) })).toThrow(
      'gru: the state h is [4], and beside this input should be [1, 4]'
    )
    const state = { h: Tensor.ones([2, 1, 4]), c: Tensor.ones([3, 1, 4]) }
    expect(() => ofLstm({ input: Tensor.ones([2, 5, 3]), state })).toThrow(
      'lstm: the state c is [3, 1, 4], and beside this input should be [2, 1, 4]'
    )
    expect(() => ofGru({ input: Tensor.ones([5, 2]), state: Tensor.ones([1, 4]) })).toThrow(
      'gru: input [5, 2] does not end in [?, 3]'
    )
  })
})
