import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as Tree from '../../src/operation/tree.js'
import * as T from '../../src/Tensor.js'
import * as _ from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { close, matrix, type Network, network, networkLoss, numbers, type Scalar, scalar, vector } from './close.js'

describe('jacfwd and jacrev', () => {
  const both = [_.jacfwd, _.jacrev]
  test('are shaped as the result and then the argument', () => {
    const f = (x: T.Tensor<[2, 3]>) => T.matmul(T.transpose(x))(x)
    const x = matrix([
      [1, 2, 3],
      [4, 5, 6]
    ])
    for (const jacobian of both) {
      const whole = jacobian(f)(x)
      expect(T.shape(whole)).toEqual([2, 2, 2, 3])
      // d (x xᵀ)₀₁ / dx₁₂ = x₀₂
      expect(T.item(T.select(0, 2)(T.select(0, 1)(T.select(0, 1)(T.select(0, 0)(whole)))))).toBe(3)
    }
    close(_.jacfwd(f)(x), _.jacrev(f)(x))
  })
  test('of trees have the tree of the argument at every leaf of the result', () => {
    const f = ({ a, b }: { a: Scalar; b: T.Tensor<[2]> }) => ({
      scaled: [pipe(b, T.mul(a))] as const,
      square: T.square(a)
    })
    for (const jacobian of both) {
      const whole = jacobian(f)({ a: scalar(3), b: T.tensor([1, 2], { dtype: 'float64' }) })
      expect(T.toArray(whole.scaled[0].a)).toEqual([1, 2])
      expect(T.toArray(whole.scaled[0].b)).toEqual([
        [3, 0],
        [0, 3]
      ])
      expect([T.toArray(whole.square.a), T.toArray(whole.square.b)]).toEqual([6, [0, 0]])
    }
  })
  test('of what does not depend on the argument are zero; of nothing, nothing', () => {
    for (const jacobian of both) {
      expect(T.toArray(jacobian((_x: T.Tensor<[2]>) => T.ones([3]))(T.zeros([2])))).toEqual([
        [0, 0],
        [0, 0],
        [0, 0]
      ])
      expect(T.shape(jacobian((x: T.Tensor<[0]>) => T.sin(x))(T.zeros([0])))).toEqual([0, 0])
      expect(jacobian((x: object) => x)({})).toEqual({})
    }
  })
  test('refuse integers', () => {
    expect(() => _.jacfwd((x: T.Tensor) => x)(T.arange(2))).toThrow(
      'jacfwd: cannot differentiate with respect to a tensor of int32'
    )
    expect(() => _.jacrev((x: T.Tensor) => x)(T.arange(2))).toThrow(
      'jacrev: cannot differentiate with respect to a tensor of int32'
    )
  })
})

/** A parameter's element moved. */
const moved = (path: string, element: number, by: number): Network => {
  const leaf = Tree.at(path)
  const data = Float64Array.from(T.toData(leaf.get(network)))
  data[element] = data[element]! + by
  return leaf.set(T.fromData(T.shape(leaf.get(network)), data))(network)
}
describe("the Hessian of a network's loss over its whole parameter tree", () => {
  const paths = Tree.entries(network).map(([path]) => path)
  const hessian: unknown = _.hessian(networkLoss)(network)
  const blocks = new Map(Tree.entries(hessian))
  const block = (first: string, second: string): T.Tensor => blocks.get(`${first}.${second}`)!
  const sizeOf = (path: string): number => T.size(Tree.at(path).get(network))
  const pairs = paths.flatMap(first => paths.map(second => [first, second] as const))

  test('has a block for each pair of parameters, and nothing else', () => {
    expect([...blocks.keys()]).toEqual(pairs.map(([first, second]) => `${first}.${second}`))
    expect(T.shape(block('hidden.weight', 'output.bias'))).toEqual([4, 2, 1])
  })
  test.each(pairs)('%s by %s: differences of the gradient', (first, second) => {
    const here = numbers(block(first, second))
    const columns = sizeOf(second)
    // Richardson's extrapolation of central differences: no step rounds more than 1e-6 away.
    const gradient = (element: number, by: number): readonly number[] =>
      numbers(Tree.at(first).get(grad(networkLoss)(moved(second, element, by))))
    for (let j = 0; j < columns; j++) {
      const central = (h: number): readonly number[] => {
        const [plus, minus] = [gradient(j, h), gradient(j, -h)]
        return plus.map((p, i) => (p - minus[i]!) / (2 * h))
      }
      const [coarse, fine] = [central(2e-3), central(1e-3)]
      fine.forEach((value, i) => {
        const expected = (4 * value - coarse[i]!) / 3
        const error = Math.abs(here[i * columns + j]! - expected)
        expect(error, `row ${i}, column ${j}`).toBeLessThanOrEqual(1e-6 * Math.abs(expected) + 1e-11)
      })
    }
  })
  test.each(pairs)('%s by %s: symmetric', (first, second) => {
    const [rows, columns] = [sizeOf(first), sizeOf(second)]
    const [here, there] = [numbers(block(first, second)), numbers(block(second, first))]
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        expect(Math.abs(here[i * columns + j]! - there[j * rows + i]!)).toBeLessThanOrEqual(1e-15)
  })
  test('is the same by every order of the modes', () => {
    close(_.jacfwd(_.jacrev(networkLoss))(network), hessian, 1e-14)
    close(_.jacrev(_.jacfwd(networkLoss))(network), hessian, 1e-14)
    close(_.jacrev(grad(networkLoss))(network), hessian, 1e-14)
  })
  test('times a direction is hvp', () => {
    const direction = Tree.map(T.cos)(network)
    const product = _.hvp(networkLoss)(network, direction)
    for (const first of paths) {
      const rows = sizeOf(first)
      const expected = new Array<number>(rows).fill(0)
      for (const second of paths) {
        const [coefficients, along] = [numbers(block(first, second)), numbers(Tree.at(second).get(direction))]
        for (let i = 0; i < rows; i++)
          along.forEach((v, j) => {
            expected[i] = expected[i]! + coefficients[i * along.length + j]! * v
          })
      }
      close(Tree.at(first).get(product), vector(...expected), 1e-13)
    }
  })
})
