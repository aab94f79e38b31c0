/** Vectors for numbers: rows of a table, of which one may stand for nothing. */
import { describe, expect, test } from 'vitest'
import { Engine, grad, jit, Layer, pipe, Random, Tensor } from '../../src/index.js'

const key = Random.key(1)
const numbers = (...of: readonly number[]) => Tensor.tensor(of, { dtype: 'int32' })

describe('embedding', () => {
  test('fetches rows of a table that is drawn from the standard normal distribution', () => {
    const words = Layer.embedding(400, 25)
    const { weight } = Layer.initialize(words)(key)
    expect(Math.abs(pipe(weight, Tensor.mean(), Tensor.item))).toBeLessThan(0.05)
    expect(Math.abs(pipe(weight, Tensor.variance(), Tensor.item) - 1)).toBeLessThan(0.05)
    const rows = Tensor.toArray(weight)
    expect(Tensor.toArray(words.apply({ weight })(numbers(3, 3, 399)))).toEqual([rows[3], rows[3], rows[399]])
    expect(Tensor.toArray(words.apply({ weight })(Tensor.scalar(7, { dtype: 'int32' })))).toEqual(rows[7])
  })
  test('adds up the gradients of a row that is fetched several times, and gives none to the padding', () => {
    const words = Layer.embedding(3, 2, { paddingIndex: -3 })
    const params = Layer.initialize(words)(key)
    expect(Tensor.toArray(params.weight)[0]).toEqual([0, 0])
    const loss = (p: typeof params) => pipe(words.apply(p)(numbers(0, 1, 1, 0)), Tensor.sum())
    const expected = [
      [0, 0],
      [2, 2],
      [0, 0]
    ]
    expect(Tensor.toArray(grad(loss)(params).weight)).toEqual(expected)
    for (const engine of [Engine.interpreter, Engine.wasm])
      expect(Tensor.toArray(jit(grad(loss), { engine })(params).weight)).toEqual(expected)
  })
  test('draws the other rows as if there were no padding', () => {
    const [plain, padded] = [Layer.embedding(3, 2), Layer.embedding(3, 2, { paddingIndex: 1 })].map(layer =>
      Tensor.toArray(Layer.initialize(layer)(key).weight)
    )
    expect([padded![0], padded![2]]).toEqual([plain![0], plain![2]])
  })
  test('mistakes', () => {
    const words = Layer.embedding(6, 3)
    const params = Layer.initialize(words)(key)
    expect(() => words.apply(params)(numbers(2, 6))).toThrow('embedding: 6 has no vector: there are 6, for 0 to 5')
    expect(() => words.apply(params)(numbers(-1))).toThrow('embedding: -1 has no vector: there are 6, for 0 to 5')
    expect(() => words.apply(params)(Tensor.ones([2]))).toThrow(
      'embedding: the input is float32, and should be int32: whole numbers from 0 to 5'
    )
    expect(() => Layer.embedding(0, 3)).toThrow('Layer.embedding: count is 0; it must be a whole number of 1 or more')
    expect(() => Layer.embedding(6, 0)).toThrow(
      'Layer.embedding: dimension is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.embedding(6, 3, { paddingIndex: 6 })).toThrow(
      'Layer.embedding: paddingIndex is 6; it must be a whole number from -6 to 5'
    )
  })
  test('is printed as PyTorch prints it', () => {
    expect(Layer.show(Layer.embedding(6, 3))).toBe('Embedding(6, 3)')
    expect(Layer.show(Layer.embedding(6, 3, { paddingIndex: -6 }))).toBe('Embedding(6, 3, padding_idx=0)')
  })
})
