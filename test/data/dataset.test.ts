/** Data sets: their size, parts and batches, and what is refused. */
import { describe, expect, test } from 'vitest'
import { Dataset, pipe, Random, Tensor } from '../../src/index.js'

const data = { x: Tensor.tensor([[0.5], [14], [15], [28]]), y: Tensor.tensor([35.7, 55.9, 58.2, 81.9]) }
const rows = (x: Tensor.Tensor): unknown => Tensor.toArray(x)

test('the size is that of the first axis, of trees of any kind', () => {
  expect(Dataset.size(data)).toBe(4)
  expect(Dataset.size({ x: { left: Tensor.zeros([3, 2]), right: [Tensor.zeros([3])] }, y: Tensor.zeros([3, 1]) })).toBe(
    3
  )
})
test('given examples, in the given order', () => {
  const chosen = Dataset.select([2, 0, 2])(data)
  expect([rows(chosen.x), rows(chosen.y)]).toEqual([[[15], [0.5], [15]], rows(Tensor.tensor([58.2, 35.7, 58.2]))])
  const { train, validation } = pipe(data, Dataset.splitByIndices({ train: [3, 1], validation: [0] }))
  expect([rows(train.x), rows(validation.x)]).toEqual([[[28], [14]], [[0.5]]])
})
test.each([
  [0.2, 11, 2],
  [0.5, 11, 5],
  [0.01, 11, 1],
  [0.99, 11, 10],
  [0.5, 2, 1]
])('a fraction of %d of %d examples is %d', (fraction, n, held) => {
  const split = pipe({ x: Tensor.zeros([n, 1]) }, Dataset.split({ fraction, key: Random.key(1) }))
  expect([Dataset.size(split.train), Dataset.size(split.validation)]).toEqual([n - held, held])
})
test('batches come in order, the last one with what is left', () => {
  const drawn = [...pipe(data, Dataset.batches({ size: 3 }), Dataset.draw(Random.key(1)))]
  expect(drawn.map(({ x }) => rows(x))).toEqual([[[0.5], [14], [15]], [[28]]])
  const full = [...pipe(data, Dataset.batches({ size: 3, dropLast: true }), Dataset.draw(Random.key(1)))]
  expect(full.length).toBe(1)
})
test('another key, another order', () => {
  const orders = [1, 2, 3, 4, 5, 6].map(seed =>
    JSON.stringify(
      [...pipe(data, Dataset.batches({ size: 4, shuffle: true }), Dataset.draw(Random.key(seed)))].map(({ x }) =>
        rows(x)
      )
    )
  )
  expect(new Set(orders).size).toBeGreaterThan(2)
})

describe('refusals', () => {
  const make = (size: number, options = {}) => Dataset.batches({ size, ...options })(data)
  test.each([-3, 0, 1.5, Number.NaN])('a batch size of %d', size => {
    expect(() => make(size)).toThrow(`Dataset.batches: size is ${size}; it must be a whole number of 1 or more`)
  })
  test('a batch larger than the data, where it would be dropped', () => {
    expect(() => make(5, { dropLast: true })).toThrow('no batch of 5 is full with 4 examples, and the last is dropped')
    expect([...Dataset.draw(Random.key(1))(make(5))].length).toBe(1)
  })
  test('an empty data set', () => {
    expect(() => Dataset.batches({ size: 1 })({ x: Tensor.zeros([0, 1]) })).toThrow(
      "there are no examples: 'x' is [0, 1]"
    )
    expect(() => Dataset.size({})).toThrow('Dataset: a data set holds at least one tensor')
    expect(() => Dataset.size({ x: Tensor.scalar(1) })).toThrow("'x' is a scalar; its first axis would be the examples")
  })
  test('inputs and targets of different lengths', () => {
    expect(() => Dataset.size({ x: Tensor.zeros([9, 1]), y: Tensor.zeros([11]) })).toThrow(
      "Dataset: 'x' [9, 1] and 'y' [11] have different numbers of examples"
    )
  })
  test.each([0, 1, -0.5, Number.NaN])('a fraction of %d', fraction => {
    expect(() => Dataset.split({ fraction, key: Random.key(1) })(data)).toThrow(
      `Dataset.split: fraction is ${fraction}; it must lie between 0 and 1`
    )
  })
  test('one example is not split', () => {
    expect(() => Dataset.split({ fraction: 0.5, key: Random.key(1) })({ x: Tensor.zeros([1]) })).toThrow(
      'Dataset.split: one example cannot be split in two'
    )
  })
  test('an example that is not there', () => {
    expect(() => Dataset.select([4])(data)).toThrow()
    expect(() => Dataset.select([-5])(data)).toThrow()
  })
})
