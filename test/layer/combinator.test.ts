/** Combinators and arrows by example: what they compute and print, and mistakes with them. */
import { describe, expect, test } from 'vitest'
import { Layer as _, grad, jit, pipe, Random, Tensor, vmap } from '../../src/index.js'

const key = Random.key(1)
const initialized = <L extends _.AnyLayer>(layer: L) => _.initialize(layer)(key)
/** A size, or anything else, that the compiler does not know. */
const unknown = <A>(value: unknown): A => value as A
const size = (n: number): number => n

describe('branch and concat', () => {
  const params = { 0: { weight: Tensor.tensor([[1, 2]]) }, 1: { weight: Tensor.tensor([[3, 4]]) } }
  const linear = _.linear(2, 1, { bias: false })
  const x = Tensor.tensor([[1, 10]])
  test('give one input to all', () => {
    expect(_.branch(linear, linear).apply(params)(x).map(Tensor.toArray)).toEqual([[[21]], [[43]]])
    expect(Tensor.toArray(_.concat(linear, linear).apply(params)(x))).toEqual([[21, 43]])
    expect(Tensor.toArray(_.concat(linear).apply({ 0: params[0] })(x))).toEqual([[21]])
  })
  test('promote to the dtype that holds all outputs', () => {
    const mixed = { 0: params[0], 1: { weight: Tensor.tensor([[3, 4]], { dtype: 'float64' }) } }
    expect(Tensor.dtype(_.concat(linear, linear).apply(mixed)(x))).toBe('float64')
  })
  test('print, and are summed up, as what they are', () => {
    const model = _.branch(_.linear(2, 3), _.named('gate', _.linear(2, 1)))
    expect(_.show(model)).toBe(
      'Branch(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (gate): Linear(in_features=2, out_features=1, bias=True)\n)'
    )
    expect(_.summary(_.concat(_.linear(2, 3), _.linear(2, 1)), [5, 2])).toMatch(
      /0 +Linear +\[5, 3\] +9\n1 +Linear +\[5, 1\] +3\n/
    )
    expect(_.spec(_.concatAlong(-2)(_.unflatten([1, 2])))).toMatchObject({ kind: 'concat', settings: { axis: -2 } })
  })
  test('layers lifted over the axes of others', () => {
    const [a, b] = _.branch(_.tanh, _.lift([2, 3])(_.relu)).apply({})(Tensor.full([2, 3], -1))
    expect([Tensor.shape(a), Tensor.shape(b)]).toEqual([
      [2, 3],
      [2, 3]
    ])
  })
  test('what does not fit', () => {
    expect(() => unknown<() => void>(_.branch)()).toThrow('Layer.branch: needs at least one layer')
    expect(() => unknown<() => void>(_.concat)()).toThrow('Layer.concat: needs at least one layer')
    expect(() => _.branch(_.linear(size(2), 3), _.linear(size(4), 3))).toThrow(
      'branch: layer 1 (linear) expects input [4] but layer 0 (linear) expects [2]'
    )
    expect(() => _.branch(_.tanh, _.named('wide', _.linear(size(2), 3)), _.linear(size(4), 3))).toThrow(
      "branch: layer 2 (linear) expects input [4] but layer 'wide' expects [2]"
    )
    expect(() => _.branch(_.named(String('a'), _.tanh), _.named(String('a'), _.relu))).toThrow(
      "Layer.branch: layer name 'a' is used twice"
    )
    expect(() => _.concat(_.linear(2, 3), unknown<typeof linear>(_.branch(_.linear(2, 3))))).toThrow(
      'concat: layer 1 (branch) produces ([3]), not one tensor'
    )
    expect(() => _.concat(unknown<typeof linear>(_.tanh))).toThrow('concat: axis -1 is out of range for rank 0')
    for (const axis of [0, 1, -0.5, Number.NaN])
      expect(() => _.concatAlong(size(axis))(_.linear(2, 3))).toThrow(
        `Layer.concatAlong: axis is ${axis}; it is counted from the end, so that leading axes do not matter: -1 is the last`
      )
    expect(() => _.concatAlong(-2)(_.unflatten([size(2), size(6)]), _.unflatten([size(3), size(4)]))).toThrow(
      'concat: layer 1 (unflatten) produces [3, 4] but layer 0 (unflatten) produces [2, 6]: they differ apart from axis -2'
    )
    expect(() =>
      _.branch(_.linear(size(2), 3), _.tanh).apply({ 0: initialized(_.linear(2, 3)) })(Tensor.ones([4, 3]))
    ).toThrow('matmul at 0')
  })
})

describe('repeat', () => {
  test('has parameters of its own for each time, in order', () => {
    const model = _.repeat(12)(_.named('block', _.linear(2, 2)))
    const params = initialized(model)
    expect(
      _.namedParameters(model)(params)
        .map(([path]) => path)
        .slice(-4)
    ).toEqual(['10.weight', '10.bias', '11.weight', '11.bias'])
    expect(Tensor.toArray(params[0].weight)).not.toEqual(Tensor.toArray(params[1].weight))
    expect(_.show(_.repeat(2)(_.tanh))).toBe('Sequential(\n  (0): Tanh()\n  (1): Tanh()\n)')
  })
  test('is one layer among others, and may be deep', () => {
    const model = pipe(_.linear(1, 2), _.andThen(_.repeat(300)(_.residual(_.linear(2, 2)))), _.andThen(_.linear(2, 1)))
    const names = _.namedParameters(model)(initialized(model)).map(([path]) => path)
    expect([names.length, names[2], names.at(-3)]).toEqual([604, '1.0.weight', '1.299.bias'])
  })
  test('no times is the identity', () => {
    const none = _.repeat(0)(_.linear(2, 2))
    expect(Tensor.toArray(none.apply(initialized(none))(Tensor.tensor([1, 2])))).toEqual([1, 2])
    expect(_.initialize(none)(key)).toEqual({})
  })
  test('what does not fit', () => {
    for (const n of [-1, 1.5, Number.NaN])
      expect(() => _.repeat(n)(_.tanh)).toThrow(`Layer.repeat: ${n} times; it must be a whole number of 0 or more`)
    expect(() => _.repeat(2)(_.linear(size(2), size(3)))).toThrow(
      'repeat: needs a layer with equal input and output, not [2] to [3]'
    )
    expect(() => _.repeat(2)(unknown<typeof _.tanh>(_.parallel(_.linear(2, 3))))).toThrow(
      'repeat: needs a layer with equal input and output, not ([2]) to ([3])'
    )
  })
})

describe('when', () => {
  const positive = (x: Tensor.Tensor) => pipe(x, Tensor.sum(), Tensor.greater(0))
  const model = _.when(positive, _.linear(2, 2, { bias: false }))
  const params = {
    weight: Tensor.tensor([
      [2, 0],
      [0, 3]
    ])
  }
  test('chooses by the input, at once and traced, for each member of a batch by itself', () => {
    const f = (x: Tensor.Tensor<[2]>) => model.apply(params)(x)
    const [yes, no] = [Tensor.tensor([1, 1]), Tensor.tensor([-1, -1])]
    for (const g of [f, jit(f)])
      expect([yes, no].map(x => Tensor.toArray(g(x)))).toEqual([
        [2, 3],
        [-1, -1]
      ])
    expect(Tensor.toArray(vmap(f)(Tensor.stack(0)([yes, no]) as Tensor.Tensor<[2, 2]>))).toEqual([
      [2, 3],
      [-1, -1]
    ])
    const slope = (x: Tensor.Tensor<[2]>) => grad((at: typeof params) => pipe(model.apply(at)(x), Tensor.sum()))(params)
    expect([yes, no].map(x => Tensor.toArray(slope(x).weight))).toEqual([
      [
        [1, 1],
        [1, 1]
      ],
      [
        [0, 0],
        [0, 0]
      ]
    ])
  })
  test('gives the dtype that the layer would give, whether it is applied or not, known or not', () => {
    const wide = { weight: Tensor.cast('float64')(params.weight) }
    const f = (x: Tensor.Tensor<[2]>) => model.apply(wide)(x)
    for (const x of [Tensor.tensor([1, 1]), Tensor.tensor([-1, -1])])
      expect([f, jit(f)].map(g => Tensor.dtype(g(x)))).toEqual(['float64', 'float64'])
  })
  test('by mode, with the draws and the memory of the layer only where it is applied', () => {
    const dropping = _.when('training', _.dropout({ probability: 1 }))
    const run = (mode: _.Mode) => dropping.forward({}, mode)(Tensor.ones([3]))({ buffers: {}, key })
    expect(Tensor.toArray(run('training')[0])).toEqual([0, 0, 0])
    expect(Tensor.toArray(run('evaluation')[0])).toEqual([1, 1, 1])
    expect(Tensor.toArray(run('evaluation')[1].key)).toEqual(Tensor.toArray(key))
    const remembering = _.when(positive, _.runningMean(2, { momentum: 1 }))
    const remembered = (x: Tensor.Tensor<[1, 2]>) =>
      jit((y: typeof x) => remembering.forward({}, 'training')(y)({ buffers: remembering.buffers, key })[1].buffers)(x)
    expect(Tensor.toArray(remembered(Tensor.tensor([[1, 2]])).mean)).toEqual([1, 2])
    expect(Tensor.toArray(remembered(Tensor.tensor([[-1, -2]])).mean)).toEqual([0, 0])
  })
  test('can be looked into', () => {
    const deep = _.sequential(_.when(positive, _.sequential(_.linear(2, 2), _.tanh)))
    const inside = (x: Tensor.Tensor<[2]>) => Object.keys(_.intermediates(deep)(initialized(deep))(x)).sort()
    expect(inside(Tensor.tensor([1, 1]))).toEqual(['0', '0.0', '0.1'])
    expect(inside(Tensor.tensor([-1, -1]))).toEqual(['0'])
    expect(_.show(_.when(true, _.tanh))).toBe('When(\n  (inner): Tanh()\n)')
    expect(_.spec(_.when('training', _.tanh)).settings).toEqual({ condition: 'training' })
  })
  test('what does not fit', () => {
    const given = (value: unknown) => () =>
      _.when(
        unknown<() => Tensor.Tensor>(() => value),
        _.tanh
      ).apply({})(Tensor.ones([2]))
    expect(given(Tensor.ones([2]))).toThrow('when: the condition must give one bool, not float32 [2]')
    expect(given(true)).toThrow('when: the condition must give one bool, not the boolean true')
    expect(() => _.when(true, _.linear(size(2), size(3)))).toThrow(
      'when: needs a layer with equal input and output, not [2] to [3]'
    )
  })
})

describe('lift', () => {
  test('checks what it declares', () => {
    const rows = _.lift([4])(_.linear(2, 3))
    expect(() => rows.apply(initialized(rows))(Tensor.ones([size(5), 2]))).toThrow(
      'lift: input [5, 2] does not end in [4, 2]'
    )
    expect(() =>
      _.sequential(_.named('rows', rows)).apply({ rows: initialized(rows) })(Tensor.ones([size(5), 2]))
    ).toThrow('lift at rows: input [5, 2] does not end in [4, 2]')
    expect(() => _.lift([-1])(_.tanh)).toThrow('Layer.lift: [-1] is not a shape')
  })
  test('keeps a name', () => {
    const model = _.sequential(_.lift([4])(_.named('a', _.linear(1, 1))))
    expect(Object.keys(initialized(model))).toEqual(['a'])
  })
})

describe('arrows', () => {
  test('second works on the second', () => {
    const [a, b] = _.second(_.relu).apply({})([Tensor.tensor([-1]), Tensor.tensor([-2])])
    expect([a, b].map(Tensor.toArray)).toEqual([[-1], [0]])
  })
  test('compose as a category, whatever their names', () => {
    const { compose } = _.Category
    const f = _.named('same', _.linear(2, 2))
    const twice = compose(compose(f, f), f)
    expect(Object.keys(initialized(twice) as object)).toEqual(['0', '1', '2'])
    expect(() => compose(_.linear(size(12), 1), _.linear(1, size(13)))).toThrow(
      'sequential: layer 1 (linear) expects input [12] but layer 0 (linear) produces [13]'
    )
  })
})
