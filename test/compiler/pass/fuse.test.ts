/** Which clusters characteristic programs become. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../src/compiler/optimize.js'
import * as _ from '../../../src/compiler/pass/fuse.js'
import { type Program, show, trace } from '../../../src/compiler/program.js'
import * as Loss from '../../../src/Loss.js'
import * as O from '../../../src/Optimizer.js'
import * as R from '../../../src/Random.js'
import type { Dtype } from '../../../src/structure/dtype.js'
import type { Shape } from '../../../src/structure/shape.js'
import * as T from '../../../src/Tensor.js'
import { grad, valueAndGrad } from '../../../src/Transform.js'
import * as Tree from '../../../src/Tree.js'
import { type Tensor, uniform } from '../../../src/tensor/tensor.js'

const zeros = (shape: Shape, dtype: Dtype = 'float32'): Tensor => uniform({ shape, dtype }, 0)
const lines = (p: Program): readonly string[] => show(p).split('\n')
const fused = <A extends readonly unknown[], B>(f: (...xs: A) => B, ...xs: A): readonly string[] =>
  lines(_.fuse.run(trace(f)(...xs)))
/** What is run, in order: kernels without their bodies. */
const kernels = (p: Program): readonly string[] =>
  lines(p)
    .filter(line => /^ {2}t.* = /.test(line) && !/ = (broadcast|reshape|permute|slice) /.test(line))
    .map(line => line.replace(/^.* = /, '').replace(/( (x|t)[\d.]+| constant .*)+$/, ''))

describe('nests', () => {
  test('a chain of element-wise equations is one, uniform constants inside', () => {
    expect(fused((x: Tensor, y: Tensor) => pipe(x, T.mul(y), T.tanh, T.add(1)), zeros([2, 3]), zeros([2, 3]))).toEqual([
      '(x0: float32[2,3], x1: float32[2,3]) =>',
      '  t0: float32[2,3] = fused nest [2,3] x0 x1',
      '    (x0: float32[2,3], x1: float32[2,3]) =>',
      '      t0: float32[2,3] = mul x0 x1',
      '      t1: float32[2,3] = tanh t0',
      '      t2: float32[2,3] = add t1 1',
      '      t2',
      '  t0'
    ])
  })
  test('a softmax is one: it folds, and lifts what is held', () => {
    expect(fused((x: Tensor) => T.softmax()(x), zeros([4, 5]))).toEqual([
      '(x0: float32[4,5]) =>',
      '  t0: float32[4,5] = fused nest [4,5] folded [1] x0',
      '    (x0: float32[4,5]) =>',
      '      t0: float32[4] = amax [1] x0',
      '      t1: float32[4,1] = reshape [4,1] t0',
      '      t2: float32[4,5] = broadcast [4,5] t1',
      '      t3: float32[4,5] = sub x0 t2',
      '      t4: float32[4,5] = exp t3',
      '      t5: float32[4] = sum [1] t4',
      '      t6: float32[4,1] = reshape [4,1] t5',
      '      t7: float32[4,5] = broadcast [4,5] t6',
      '      t8: float32[4,5] = div t4 t7',
      '      t8',
      '  t0'
    ])
  })
  test('axes of size 1 do not count: what is held meets a column', () => {
    expect(
      fused(
        (x: Tensor, y: Tensor) => pipe(x, T.sum({ axis: 1, keepDimensions: true }), T.mul(y)),
        zeros([4, 5]),
        zeros([4, 1])
      )
    ).toEqual([
      '(x0: float32[4,5], x1: float32[4,1]) =>',
      '  t0: float32[4] = reshape [4] x1',
      '  t1: float32[4] = fused nest [4,5] folded [1] x0 t0',
      '    (x0: float32[4,5], x1: float32[4]) =>',
      '      t0: float32[4] = sum [1] x0',
      '      t1: float32[4] = mul t0 x1',
      '      t1',
      '  t2: float32[4,1] = reshape [4,1] t1',
      '  t2'
    ])
  })
  test('a fold of axes of size 1 is element-wise; a sum of −0 is 0', () => {
    expect(fused((x: Tensor) => pipe(x, T.sum({ axis: 1 }), T.exp), zeros([3, 1]))).toEqual([
      '(x0: float32[3,1]) =>',
      '  t0: float32[3,1] = fused nest [3,1] x0',
      '    (x0: float32[3,1]) =>',
      '      t0: float32[3,1] = add x0 0',
      '      t1: float32[3,1] = exp t0',
      '      t1',
      '  t1: float32[3] = reshape [3] t0',
      '  t1'
    ])
  })
  test('folds of the same numbers along the same axes are one nest, along others another', () => {
    const f = (x: Tensor): readonly Tensor[] => [
      T.sum({ axis: 0 })(x),
      T.max({ axis: 0 })(x),
      pipe(x, T.square, T.sum({ axis: 0 })),
      T.sum({ axis: 1 })(x)
    ]
    expect(kernels(_.fuse.run(trace(f)(zeros([64, 64]))))).toEqual([
      'fused nest [64,64] folded [0]',
      'fused nest [64,64] folded [1]'
    ])
  })
  test('what one equation reads waits for it: the decayed moment is not stored', () => {
    const f = (m: Tensor, w: Tensor, x: Tensor): Tensor =>
      pipe(m, T.mul(0.9), T.add(pipe(T.matmul(w)(x), T.tanh, T.mul(0.1))))
    expect(fused(f, zeros([8, 8]), zeros([8, 8]), zeros([8, 8]))).toEqual([
      '(x0: float32[8,8], x1: float32[8,8], x2: float32[8,8]) =>',
      '  t0: float32[8,8] = matmul {"left":false,"right":false} x2 x1',
      '  t1: float32[8,8] = fused nest [8,8] t0 x0',
      '    (x0: float32[8,8], x1: float32[8,8]) =>',
      '      t0: float32[8,8] = mul x1 0.9',
      '      t1: float32[8,8] = tanh x0',
      '      t2: float32[8,8] = mul t1 0.1',
      '      t3: float32[8,8] = add t0 t2',
      '      t3',
      '  t1'
    ])
  })
  test('what is cheap to compute again is not stored', () => {
    const f = (x: Tensor): readonly Tensor[] => {
      const y = T.add(1)(x)
      return [pipe(y, T.exp, T.mul(y), T.matmul(x), T.mul(y), T.tanh)]
    }
    expect(fused(f, zeros([8, 8])).filter(line => /add|fused|matmul/.test(line))).toEqual([
      '  t0: float32[8,8] = fused nest [8,8] x0',
      '      t0: float32[8,8] = add x0 1',
      '  t1: float32[8,8] = matmul {"left":false,"right":false} t0 x0',
      '  t2: float32[8,8] = fused nest [8,8] x0 t1',
      '      t0: float32[8,8] = add x0 1'
    ])
  })
  test('never in a circle: what a product is between stays apart', () => {
    const f = (x: Tensor): Tensor => {
      const y = T.exp(x)
      return pipe(y, T.matmul(x), T.exp, T.add(y))
    }
    expect(kernels(_.fuse.run(trace(f)(zeros([8, 8]))))).toEqual([
      'fused nest [8,8]',
      'matmul {"left":false,"right":false}',
      'fused nest [8,8]'
    ])
  })
  test('float64 and 32-bit numbers meet in small spaces only', () => {
    const f = (x: Tensor): Tensor => pipe(x, T.exp, T.cast('float64'), T.exp)
    expect(kernels(_.fuse.run(trace(f)(zeros([64]))))).toEqual(['fused nest [64]'])
    expect(kernels(_.fuse.run(trace(f)(zeros([65]))))).toEqual(['fused nest [65]', 'fused nest [65]'])
  })
  test('random numbers are one nest of a hundred equations, and one for the key', () => {
    expect(kernels(prepare(trace((key: R.Key) => R.uniform([1000])(key))(R.key(1))))).toEqual([
      'fused nest []',
      'fused nest [1000]'
    ])
  })
})

describe('products', () => {
  test('a rectified layer is one, and its mask is found in its result', () => {
    const f = (w: Tensor, b: Tensor, v: Tensor, x: Tensor) =>
      grad(
        ([weight, bias]: readonly [Tensor, Tensor]): Tensor<[]> =>
          pipe(x, T.matmul(weight), T.add(bias), T.relu, T.matmul(v), T.square, T.sum()) as Tensor<[]>
      )([w, b])
    expect(fused(f, zeros([16, 8]), zeros([8]), zeros([8, 8]), zeros([32, 16]))).toEqual([
      '(x0: float32[16,8], x1: float32[8], x2: float32[8,8], x3: float32[32,16]) =>',
      '  t0: float32[32,8] = broadcast [32,8] x1',
      '  t1: float32[32,8] = fused product [32,8] x3 x0 t0',
      '    (x0: float32[32,16], x1: float32[16,8], x2: float32[32,8]) =>',
      '      t0: float32[32,8] = matmul {"left":false,"right":false} x0 x1',
      '      t1: float32[32,8] = add t0 x2',
      '      t2: bool[32,8] = lessEqual t1 0',
      '      t3: float32[32,8] = where t2 0 t1',
      '      t3',
      '  t2: float32[32,8] = fused product [32,8] t1 x2',
      '    (x0: float32[32,8], x1: float32[8,8]) =>',
      '      t0: float32[32,8] = matmul {"left":false,"right":false} x0 x1',
      '      t1: float32[32,8] = add t0 t0',
      '      t1',
      '  t3: float32[32,8] = fused product [32,8] t2 x2 t1',
      '    (x0: float32[32,8], x1: float32[8,8], x2: float32[32,8]) =>',
      '      t0: bool[32,8] = lessEqual x2 0',
      '      t1: float32[32,8] = matmul {"left":false,"right":true} x0 x1',
      '      t2: float32[32,8] = where t0 0 t1',
      '      t2',
      '  t4: float32[16,8] = matmul {"left":true,"right":false} x3 t3',
      '  t5: float32[8] = fused nest [32,8] folded [0] t3',
      '    (x0: float32[32,8]) =>',
      '      t0: float32[8] = sum [0] x0',
      '      t0',
      '  t4, t5'
    ])
  })
  test('operands of another dtype, several results and what is dear stay behind it', () => {
    const product = (x: Tensor): Tensor => T.matmul(x)(x)
    const behind = (f: (x: Tensor) => unknown): readonly string[] =>
      kernels(_.fuse.run(trace((x: Tensor) => f(product(x)))(zeros([8, 8]))))
    expect(behind(x => T.add(1)(x))).toEqual(['fused product [8,8]'])
    expect(behind(x => [T.add(1)(x), T.mul(2)(x)])).toEqual(['matmul {"left":false,"right":false}', 'fused nest [8,8]'])
    expect(behind(x => T.exp(x))).toEqual(['matmul {"left":false,"right":false}', 'fused nest [8,8]'])
    expect(behind(x => T.less(0)(x))).toEqual(['matmul {"left":false,"right":false}', 'fused nest [8,8]'])
  })
  test('a part of a cluster goes to the product if it ends with what is stored anyway', () => {
    const f = (x: Tensor): readonly Tensor[] => {
      const y = pipe(x, T.matmul(x), T.add(x))
      return [y, T.sum({ axis: 0 })(y)]
    }
    expect(kernels(_.fuse.run(trace(f)(zeros([8, 8]))))).toEqual(['fused product [8,8]', 'fused nest [8,8] folded [0]'])
  })
})

describe('prepared programs', () => {
  const linear = (x: Tensor, [weight, bias]: readonly [Tensor, Tensor]): Tensor =>
    pipe(x, T.matmul(T.transpose(weight)), T.add(bias))
  type Layers = readonly [readonly [Tensor, Tensor], readonly [Tensor, Tensor]]
  const layers = (inputs: number, hidden: number, outputs: number): Layers => [
    [zeros([hidden, inputs]), zeros([hidden])],
    [zeros([outputs, hidden]), zeros([outputs])]
  ]

  test('a step of gradient descent, 1-13-1: hidden layer and its slope, the loss, the update', () => {
    const step = (params: Layers, x: Tensor, y: Tensor) => {
      const loss = ([first, second]: Layers): Tensor<[]> => Loss.mse()(y)(linear(T.tanh(linear(x, first)), second))
      const [value, gradients] = valueAndGrad(loss)(params)
      return [value, Tree.zipWith((p, g) => T.sub(T.mul(0.01)(g))(p))(gradients)(params)]
    }
    expect(kernels(prepare(trace(step)(layers(1, 13, 1), zeros([9, 1]), zeros([9, 1]))))).toEqual([
      'fused nest [9,13] folded [1]',
      'fused nest [9,1] folded [0,1]',
      'fused nest [9,13] folded [0]'
    ])
  })
  test('softmax cross-entropy and its gradient: one over rows, one for the mean', () => {
    const f = (scores: Tensor, target: Tensor) =>
      valueAndGrad((x: Tensor): Tensor<[]> => Loss.crossEntropy()(target)(x))(scores)
    expect(kernels(prepare(trace(f)(zeros([128, 10]), zeros([128], 'int32'))))).toEqual([
      'fused nest [128,10] folded [1]',
      'fused nest [128] folded [0]'
    ])
  })
  test('the gradient of layer normalization: one', () => {
    const normal = (x: Tensor): Tensor => {
      const mean = T.mean({ axis: -1, keepDimensions: true })
      const centered = T.sub(mean(x))(x)
      return T.div(pipe(centered, T.square, mean, T.add(1e-5), T.sqrt))(centered)
    }
    const f = (x: Tensor, w: Tensor): Tensor => grad((y: Tensor) => pipe(normal(y), T.mul(w), T.sum()) as Tensor<[]>)(x)
    expect(kernels(prepare(trace(f)(zeros([64, 100]), zeros([64, 100]))))).toEqual(['fused nest [64,100] folded [1]'])
  })
  test("Adam's update: one for each parameter, and one for the corrections", () => {
    const adam = O.adam()
    const f = (params: readonly Tensor[], gradients: readonly Tensor[], state: O.OptimizerState) => {
      const [updates, next] = adam.update(gradients, state, params, { step: zeros([], 'int32') } as never)
      return [O.applyUpdates(updates)(params), next]
    }
    const params = [zeros([100, 100]), zeros([100])]
    expect(kernels(prepare(trace(f)(params, params, adam.init(params))))).toEqual([
      'fused nest []',
      'fused nest [100,100]',
      'fused nest [100]'
    ])
  })
  test('a step with two layers, cross-entropy and Adam: five products, two of them with what follows', () => {
    const adam = O.adam()
    const step = (params: Layers, state: O.OptimizerState, x: Tensor, y: Tensor) => {
      const loss = ([first, second]: Layers): Tensor<[]> =>
        Loss.crossEntropy()(y)(linear(T.relu(linear(x, first)), second))
      const [value, gradients] = valueAndGrad(loss)(params)
      const [updates, next] = adam.update(gradients, state, params, { step: zeros([], 'int32') } as never)
      return [value, O.applyUpdates(updates)(params), next]
    }
    const params = layers(784, 128, 10)
    expect(kernels(prepare(trace(step)(params, adam.init(params), zeros([128, 784]), zeros([128], 'int32'))))).toEqual([
      'fused product [128,128]',
      'matmul {"left":false,"right":true}',
      'fused nest [128,10] folded [1]',
      'fused nest [128] folded [0]',
      'fused product [128,128]',
      'matmul {"left":true,"right":false}',
      'fused nest []',
      'fused nest [128,784]',
      'fused nest [128,128] folded [0]',
      'matmul {"left":true,"right":false}',
      'fused nest [10,128]',
      'fused nest [128,10] folded [0]'
    ])
  })
})
