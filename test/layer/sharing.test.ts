/** Parameters that are tied, frozen, mapped and drawn otherwise, by example; and mistakes with them. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import {
  Layer as _,
  grad,
  Initializer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training,
  Tree,
  vmap
} from '../../src/index.js'

const key = Random.key(1)
const initialized = <L extends _.AnyLayer>(layer: L) => _.initialize(layer)(key)
const names = <L extends _.AnyLayer>(layer: L): readonly string[] =>
  _.namedParameters(layer)(initialized(layer)).map(([path]) => path)
/** What the compiler does not know. */
const path = (name: string): string => name
const size = (n: number): number => n

const autoencoder = _.sequential(_.named('encoder', _.linear(4, 3)), _.tanh, _.named('decoder', _.linear(3, 4)))
const all = ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias']

describe('tie', () => {
  const tied = pipe(autoencoder, _.tie({ from: 'encoder.weight', to: 'decoder.weight', by: Tensor.transpose }))
  test('leaves out what is tied, wherever the layer stands', () => {
    expect(names(tied)).toEqual(['encoder.weight', 'encoder.bias', 'decoder.bias'])
    expect(names(_.sequential(_.linear(4, 4), _.named('auto', tied)))).toEqual([
      '0.weight',
      '0.bias',
      'auto.encoder.weight',
      'auto.encoder.bias',
      'auto.decoder.bias'
    ])
    expect(_.summary(tied)).toMatch(/decoder +Linear +\[4\] +4\n─+\ntotal +19/)
    expect(_.spec(tied)).toMatchObject({
      kind: 'tie',
      settings: { ties: [{ from: 'encoder.weight', to: 'decoder.weight' }] }
    })
  })
  test('all of a layer, into residual and parallel ones too', () => {
    const block = () => _.residual(_.sequential(_.linear(2, 2), _.tanh))
    const model = _.tie({ from: '0', to: '1' })(_.parallel(block(), block()))
    expect(names(model)).toEqual(['0.0.weight', '0.0.bias'])
    const x = Tensor.tensor([1, 2])
    const [a, b] = model.apply(initialized(model))([x, x])
    expect(Tensor.toArray(a)).toEqual(Tensor.toArray(b))
  })
  test('several, one after the other, as one within another', () => {
    const three = _.sequential(_.linear(2, 2), _.linear(2, 2), _.linear(2, 2))
    const [once, twice] = [
      _.tie({ from: '1', to: '2' }, { from: '0', to: '1' })(three),
      pipe(three, _.tie({ from: '1', to: '2' }), _.tie({ from: '0', to: '1' }))
    ]
    expect([names(once), names(twice)]).toEqual([
      ['0.weight', '0.bias'],
      ['0.weight', '0.bias']
    ])
    const x = Tensor.tensor([1, 2])
    expect(Tensor.toArray(once.apply(initialized(once))(x))).toEqual(Tensor.toArray(twice.apply(initialized(twice))(x)))
  })
  test('trains: both uses move together', () => {
    const trainer = Training.make({ model: tied, loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 0.3 }) })
    const x = Tensor.eye(4)
    const start = trainer.initialize(key)
    const end = trainer.epochs(300)({ x, y: x })(start)
    expect(E.isRight(end) && trainer.evaluate({ x, y: x })(end.right)).toBeLessThan(
      trainer.evaluate({ x, y: x })(start) / 3
    )
  })
  test('of what is frozen has no gradient by another use either', () => {
    const square = _.sequential(_.linear(2, 2), _.linear(2, 2))
    const model = pipe(square, _.freeze('0.weight'), _.tie({ from: '0.weight', to: '1.weight' }))
    const loss = (at: _.Params<typeof model>) => pipe(model.apply(at)(Tensor.ones([3, 2])), Tensor.mean())
    expect(Tensor.toArray(grad(loss)(initialized(model))[0].weight)).toEqual([
      [0, 0],
      [0, 0]
    ])
  })
  test('what cannot be tied', () => {
    const tie = (from: string, to: string) => () => _.tie({ from, to })(autoencoder)
    expect(tie('encoder.wieght', 'decoder.weight')).toThrow(
      "tie: there is no parameter 'encoder.wieght' in the model; there are 'encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'"
    )
    expect(tie('1', 'decoder')).toThrow("tie: there is no parameter '1' in the model")
    expect(() => _.tie({ from: path('x'), to: path('y') })(_.tanh)).toThrow(
      "tie: there is no parameter 'x' in the model; there are none"
    )
    expect(tie('encoder.weight', 'decoder.weight')).toThrow(
      "tie: 'decoder.weight' is [4, 3], and 'encoder.weight' is [3, 4]; by: Tensor.transpose may be missing"
    )
    expect(tie('encoder.bias', 'decoder.bias')).toThrow("tie: 'decoder.bias' is [4], and 'encoder.bias' is [3]")
    expect(() =>
      _.tie({ from: path('encoder.bias'), to: path('decoder.bias'), by: x => pipe(x, Tensor.reshape([3, 1])) })(
        autoencoder
      )
    ).toThrow("tie: 'decoder.bias' is [4], and 'encoder.bias', changed as told, is [3, 1]")
    expect(tie('encoder', 'encoder.weight')).toThrow(
      "tie: 'encoder' and 'encoder.weight' are one, or one within the other"
    )
    expect(tie('encoder.bias', 'decoder')).toThrow("tie: 'encoder.bias' has other parameters than 'decoder'")
    expect(() => tied.apply({ decoder: initialized(tied).decoder } as never)(Tensor.ones([4]))).toThrow(
      "tie: the parameters have no 'encoder.weight'; are they of another model?"
    )
  })
})

describe('freeze', () => {
  const x = Tensor.tensor([
    [1, 0, -1, 2],
    [0, 1, 2, -1]
  ])
  const optimizers: readonly (readonly [string, Optimizer.Optimizer])[] = [
    ['sgd with momentum and weight decay', Optimizer.sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 })],
    ['adam', Optimizer.adam({ learningRate: 0.1, weightDecay: 0.1 })],
    ['adamW', Optimizer.adamW({ learningRate: 0.1 })]
  ]
  test.each(optimizers)('%s leaves what is frozen as it is to the last bit, and moves the rest', (_name, optimizer) => {
    const model = _.sequential(
      _.named('auto', pipe(autoencoder, _.freeze(['encoder', 'decoder.bias']))),
      _.linear(4, 4)
    )
    const trainer = Training.make({ model, loss: Loss.mse(), optimizer })
    const start = trainer.initialize(key)
    const end = trainer.epochs(20)({ x, y: x })(start)
    if (E.isLeft(end)) throw new Error('diverged')
    const moved = _.namedParameters(model)(end.right.params).filter(
      ([name, leaf]) =>
        JSON.stringify(Tensor.toArray(leaf)) !== JSON.stringify(Tensor.toArray(Tree.at(name).get(start.params)))
    )
    expect(moved.map(([name]) => name)).toEqual(['auto.decoder.weight', '1.weight', '1.bias'])
  })
  test('says what is frozen', () => {
    const model = _.sequential(
      _.residual(pipe(autoencoder, _.freeze('encoder'))),
      _.freeze(name => name === 'bias')(_.linear(4, 1))
    )
    expect(names(model).filter(_.isFrozen(model))).toEqual(['0.encoder.weight', '0.encoder.bias', '1.bias'])
    expect(names(autoencoder).filter(_.isFrozen(autoencoder))).toEqual([])
    expect(_.spec(_.freeze('weight')(_.linear(1, 1))).settings).toEqual({ paths: ['weight'] })
    expect(_.show(_.freeze('weight')(_.linear(1, 1)))).toBe(
      'Frozen(\n  (inner): Linear(in_features=1, out_features=1, bias=True)\n)'
    )
  })
  test('what layers remember goes on', () => {
    const model = _.freeze(() => true)(_.sequential(_.runningMean(1, { momentum: 1 })))
    const trainer = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 0.1 }) })
    const [, after] = trainer.step({ x: Tensor.tensor([[1], [3]]), y: Tensor.zeros([2, 1]) })(trainer.initialize(key))
    expect(Tensor.toArray(after.buffers[0].mean)).toEqual([2])
  })
  test('a path that is not there', () => {
    expect(() => _.freeze(path('encode'))(autoencoder)).toThrow(
      `freeze: there is no parameter 'encode' in the model; there are ${all.map(name => `'${name}'`).join(', ')}`
    )
    expect(() => _.freeze([path('encoder'), path('encoder.x')])(autoencoder)).toThrow(
      "freeze: there is no parameter 'encoder.x' in the model"
    )
  })
})

describe('mapParameters', () => {
  test('is told paths, and need not be shown numbers', () => {
    const seen: string[] = []
    const model = _.sequential(
      _.mapParameters((name, parameter) => {
        seen.push(name)
        return Tensor.neg(parameter)
      })(autoencoder)
    )
    const params = initialized(model)
    model.apply(params)(Tensor.ones([4]))
    expect(seen).toEqual(all)
    expect(names(model)).toEqual(all.map(name => `0.${name}`))
  })
  test('keeps the name of the layer, and what is inside can be seen', () => {
    const model = _.sequential(_.mapParameters((_name, p) => p)(_.named('a', _.sequential(_.linear(1, 1), _.tanh))))
    const outputs = _.intermediates(model)(initialized(model))(Tensor.ones([1]))
    expect(Object.keys(outputs).sort()).toEqual(['a', 'a.0', 'a.1'])
  })
  test('what is no parameter', () => {
    const model = _.mapParameters(() => 3 as never)(_.linear(1, 1))
    expect(() => model.apply(initialized(model))(Tensor.ones([1]))).toThrow(
      "mapParameters: of 'weight' the function makes the number 3, not a tensor"
    )
    const wide = _.sequential(_.named('a', _.mapParameters(() => Tensor.ones([2, 2]))(_.linear(1, 1))))
    expect(() => wide.apply(initialized(wide))(Tensor.ones([1]))).toThrow(
      'linear at a: weight is [2, 2], and should be [1, 1]; are these parameters of another model?'
    )
  })
})

describe('initializedWith', () => {
  test('draws what is chosen, in the dtype that is asked for', () => {
    const model = _.initializedWith((name, shape) =>
      shape.length > 1 ? Initializer.constant(name.length) : undefined
    )(autoencoder)
    const params = _.initialize(model, { dtype: 'float64' })(key)
    const own = _.initialize(autoencoder, { dtype: 'float64' })(key)
    expect(Tensor.toArray(params.encoder.weight)[0]).toEqual([14, 14, 14, 14])
    expect(Tensor.dtype(params.encoder.weight)).toBe('float64')
    expect(Tensor.toArray(params.encoder.bias)).toEqual(Tensor.toArray(own.encoder.bias))
  })
  test('works under vmap over keys', () => {
    const model = _.initializedWith(name => (name.endsWith('weight') ? Initializer.orthogonal() : undefined))(
      autoencoder
    )
    const many = vmap(_.initialize(model))(Random.keys(3)(key))
    const { weight } = many.encoder
    expect(Tensor.shape(weight)).toEqual([3, 3, 4])
    const gram = pipe(weight, Tensor.matmul(Tensor.transpose(weight)))
    expect(Tensor.item(pipe(gram, Tensor.sub(Tensor.eye(3)), Tensor.abs, Tensor.max()))).toBeLessThan(1e-6)
  })
  test('casts what an initializer of one’s own draws in another dtype, and refuses another shape', () => {
    const own: Initializer.Initializer = shape => from => [Tensor.ones(shape, { dtype: 'float64' }), from]
    expect(Tensor.dtype(initialized(_.initializedWith(() => own)(_.linear(1, 1))).weight)).toBe('float32')
    const wrong = _.initializedWith(() => () => from => [Tensor.ones([2]), from])(_.linear(size(3), 1))
    expect(() => initialized(wrong)).toThrow(
      "initializedWith: 'weight' is [1, 3], and the initializer for it gives [2]"
    )
  })
  test('of a model with a tie draws what there is', () => {
    const tied = _.tie({ from: 'encoder.weight', to: 'decoder.weight', by: Tensor.transpose })(autoencoder)
    expect(names(_.initializedWith(() => Initializer.zeros)(tied))).toEqual([all[0], all[1], all[3]])
  })
})
