/** Groups of parameters and batches put together, in small numbers; the laws of optimizers of optimizers say the rest. */
import { describe, expect, test } from 'vitest'
import { Optimizer, pipe, Tensor, Tree } from '../../src/index.js'
import { accumulate } from '../../src/optimizer/accumulate.js'
import { averaged, exponentialMovingAverage } from '../../src/optimizer/average.js'
import * as _ from '../../src/optimizer/partition.js'
import { descend, numbers, start } from './bowl.js'

const double = { dtype: 'float64' } as const
const rate = (learningRate: number) => Optimizer.sgd({ learningRate })
const move = (optimizer: Optimizer.Optimizer, gradients: readonly unknown[], params: unknown) => {
  let [at, state] = [params as Tree.Tree, optimizer.init(params as Tree.Tree)]
  return gradients.map((gradient, i) => {
    const step = Tensor.scalar(i, { dtype: 'int32' })
    const context = { loss: Tensor.scalar(i, double), step, valueAndGrad: () => [Tensor.scalar(0), at] as const }
    const [updates, next] = optimizer.update(gradient as Tree.Tree, state, at, context)
    at = Optimizer.applyUpdates(updates)(at)
    state = next
    return { params: at, state, updates: numbers(updates) }
  })
}
const row = (...values: readonly number[]): Tensor.Tensor => Tensor.tensor(values, double)

describe('partition', () => {
  const labelOf = (path: string) => (path.startsWith('1') ? 'fast' : path.endsWith('bias') ? 'biases' : 'slow')
  const params = [
    { weight: row(1, 2), bias: row(3) },
    { weight: row(4), bias: row(5) }
  ]
  test('gives each group its own rate', () => {
    const optimizer = _.partition(labelOf)({ fast: rate(1), slow: rate(0.125), biases: rate(0.5) })
    const [first] = move(optimizer, [params], params)
    const expected = new Map([
      ['0.weight', [-0.125, -0.25]],
      ['0.bias', [-1.5]],
      ['1.weight', [-4]],
      ['1.bias', [-5]]
    ])
    const after = Tree.entries(first!.params)
    expect(after.map(([path]) => path)).toEqual([...expected.keys()])
    expect(first!.updates).toEqual([...expected.values()].flat())
  })
  test('clips by the norm of the group, not of all', () => {
    const clipped = Optimizer.chain(Optimizer.clipByGlobalNorm({ maxNorm: 1 }), rate(1))
    const optimizer = _.partition(path => (path === 'a' ? 'clipped' : 'free'))({ clipped, free: rate(1) })
    const gradients = { a: row(3, 4), b: row(1000) }
    const [first] = move(optimizer, [gradients], Tree.zerosLike(gradients))
    first!.updates.forEach((update, i) => expect(update).toBeCloseTo([-0.6, -0.8, -1000][i]!, 5))
  })
  test('has the states of all groups, one after the other', () => {
    const optimizer = _.partition(labelOf)({ fast: Optimizer.adam(), slow: rate(1), biases: Optimizer.freeze })
    expect(optimizer.slots).toBe(optimizer.init(params).length)
    const [first] = move(optimizer, [params], params)
    expect(Tree.entries(first!.state[0]).some(([path]) => path.includes('1.weight'))).toBe(true)
    expect(Tree.entries(first!.state).some(([path]) => path.includes('0.weight'))).toBe(false)
  })
  test('may have groups that are empty', () => {
    const optimizer = _.partition((): 'all' | 'none' => 'all')({ all: rate(0.5), none: Optimizer.adam() })
    expect(move(optimizer, [{ w: row(2) }], { w: row(1) })[0]!.updates).toEqual([-1])
  })
  test('refuses a path without an optimizer', () => {
    const labels = (path: string) => path.split('.').at(-1) as 'weight'
    const message =
      "Optimizer.partition: '0.bias' is labelled 'bias', for which there is no optimizer; there are 'weight', 'other'"
    const optimizer = _.partition(labels)({ weight: rate(1), other: rate(1) } as never)
    expect(() => optimizer.init(params)).toThrow(message)
    expect(() => move({ ...optimizer, init: () => [] }, [params], params)).toThrow(message)
    expect(() => _.partition(labels)({} as never).init(params)).toThrow('there is no optimizer; there are none')
    // A label is a word of the record, not of all objects.
    expect(() => _.partition(() => 'toString' as 'a')({ a: rate(1) }).init(params)).toThrow("is labelled 'toString'")
  })
})

describe('accumulation', () => {
  test('of k gradients is one step along their mean, and none before', () => {
    const gradients = [row(1, 2), row(3, 6), row(5, -2), row(7, 1), row(1, 1), row(1, 4)]
    const inner = Optimizer.sgd({ learningRate: 0.5, momentum: 0.5 })
    const steps = move(pipe(inner, accumulate({ steps: 3 })), gradients, row(0, 0))
    const means = move(inner, [row(3, 2), row(3, 2)], row(0, 0))
    expect(steps.map(({ updates }) => updates.map(x => x + 0))).toEqual([
      [0, 0],
      [0, 0],
      means[0]!.updates,
      [0, 0],
      [0, 0],
      means[1]!.updates
    ])
  })
  test('tells the inner optimizer the mean of the losses, and its own steps', () => {
    // As updates, because inside a choice of programs there are no numbers to look at.
    const told = Optimizer.stateless((gradients, _params, { loss, step }) =>
      Tree.map(g => Tensor.broadcastTo(Tensor.shape(g))(pipe(step, Tensor.mul(100), Tensor.add(loss))))(gradients)
    )
    const steps = move(pipe(told, accumulate({ steps: 2 })), [row(1), row(2), row(3), row(4)], row(0))
    expect(steps.map(({ updates }) => updates[0]! + 0)).toEqual([0, 0.5, 0, 102.5])
  })
})

describe('an average', () => {
  const optimizer = (debias: boolean) => Optimizer.chain(rate(0.1), exponentialMovingAverage({ decay: 0.75, debias }))
  test.each([false, true])('is of the parameters after each step, the latest weighing most (debias: %s)', debias => {
    const walked = descend(optimizer(debias), 4)
    const iterates = [start(), ...walked.map(({ params }) => params)].map(numbers)
    const weights = debias
      ? [0, 0.75 ** 3, 0.75 ** 2, 0.75, 1].map(w => w / 4)
      : [4 * 0.75 ** 4, 0.75 ** 3, 0.75 ** 2, 0.75, 1].map(w => w / 4)
    const total = weights.reduce((a, b) => a + b)
    const { params, state } = walked.at(-1)!
    const found = numbers(averaged({ params, optimizer: state }))
    found.forEach((x, i) =>
      expect(x).toBeCloseTo(
        iterates.reduce((sum, p, t) => sum + (weights[t]! / total) * p[i]!, 0),
        13
      )
    )
  })
  test('does not change where the parameters go', () => {
    const [with_, without] = [descend(optimizer(false), 5), descend(rate(0.1), 5)]
    expect(with_.map(({ params }) => numbers(params))).toEqual(without.map(({ params }) => numbers(params)))
  })
})
