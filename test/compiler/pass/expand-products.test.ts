import { describe, expect, test } from 'vitest'
import * as _ from '../../../src/compiler/pass/expand-products.js'
import { show, trace } from '../../../src/compiler/program.js'
import { matmul, type Transposed } from '../../../src/primitive/contraction.js'
import { reshape } from '../../../src/primitive/movement.js'
import type { Dtype } from '../../../src/structure/dtype.js'
import type { Shape } from '../../../src/structure/shape.js'
import { type Tensor, uniform } from '../../../src/tensor/tensor.js'

const zeros = (shape: Shape, dtype: Dtype): Tensor => uniform({ shape, dtype }, 0)
const shown = (f: (x: Tensor, y: Tensor) => Tensor, x: Shape, y: Shape, dtype: Dtype = 'float32'): readonly string[] =>
  show(_.expandProducts.run(trace(f)(zeros(x, dtype), zeros(y, dtype))))
    .split('\n')
    .slice(1, -1)
const product = (flags: Transposed) => matmul(flags)
const plain = product({ left: false, right: false })

describe('a product', () => {
  test('with inner size 1 multiplies a column and a row, however large', () => {
    expect(shown(plain, [900, 1], [1, 800])).toEqual([
      '  t0: float32[900,800] = broadcast [900,800] x0',
      '  t1: float32[900,800] = broadcast [900,800] x1',
      '  t2: float32[900,800] = mul t0 t1'
    ])
    expect(shown(product({ left: true, right: true }), [1, 3], [4, 1])).toEqual([
      '  t0: float32[3,1] = reshape [3,1] x0',
      '  t1: float32[3,4] = broadcast [3,4] t0',
      '  t2: float32[1,4] = reshape [1,4] x1',
      '  t3: float32[3,4] = broadcast [3,4] t2',
      '  t4: float32[3,4] = mul t1 t3'
    ])
  })
  test('with a vector sums a matrix as it is stored', () => {
    expect(shown(plain, [9, 13], [13, 1])).toEqual([
      '  t0: float32[1,13] = reshape [1,13] x1',
      '  t1: float32[9,13] = broadcast [9,13] t0',
      '  t2: float32[9,13] = mul x0 t1',
      '  t3: float32[9] = sum [1] t2',
      '  t4: float32[9,1] = reshape [9,1] t3'
    ])
    expect(shown(product({ left: true, right: false }), [13, 9], [13, 1])).toEqual([
      '  t0: float32[13,9] = broadcast [13,9] x1',
      '  t1: float32[13,9] = mul x0 t0',
      '  t2: float32[9] = sum [0] t1',
      '  t3: float32[9,1] = reshape [9,1] t2'
    ])
    expect(shown(plain, [1, 13], [13, 9])).toEqual([
      '  t0: float32[13,1] = reshape [13,1] x0',
      '  t1: float32[13,9] = broadcast [13,9] t0',
      '  t2: float32[13,9] = mul x1 t1',
      '  t3: float32[9] = sum [0] t2',
      '  t4: float32[1,9] = reshape [1,9] t3'
    ])
  })
  test('of few terms adds products of columns and rows', () => {
    expect(shown(plain, [9, 2], [2, 8])).toEqual([
      '  t0: float32[2,9] = permute [1,0] x0',
      '  t1: float32[2,9,1] = reshape [2,9,1] t0',
      '  t2: float32[2,9,8] = broadcast [2,9,8] t1',
      '  t3: float32[2,1,8] = reshape [2,1,8] x1',
      '  t4: float32[2,9,8] = broadcast [2,9,8] t3',
      '  t5: float32[2,9,8] = mul t2 t4',
      '  t6: float32[9,8] = sum [0] t5'
    ])
  })
  test('of rows that were put into one axis is taken in the shape before', () => {
    expect(shown((x, y) => plain(reshape([20, 3])(x), y), [4, 5, 3], [3, 1])).toEqual([
      '  t0: float32[1,3] = reshape [1,3] x1',
      '  t1: float32[4,5,3] = broadcast [4,5,3] t0',
      '  t2: float32[4,5,3] = mul x0 t1',
      '  t3: float32[4,5] = sum [2] t2',
      '  t4: float32[20,1] = reshape [20,1] t3'
    ])
  })
  test('stays if it is large, of integers, or of nothing', () => {
    const stays = ['  t0: float32[64,64] = matmul {"left":false,"right":false} x0 x1']
    expect(shown(plain, [64, 3], [3, 64])).toEqual(stays)
    expect(shown(plain, [64, 2], [2, 64])).toEqual(stays)
    expect(shown(plain, [2, 1], [1, 2], 'int32')).toEqual([
      '  t0: int32[2,2] = matmul {"left":false,"right":false} x0 x1'
    ])
    expect(shown(plain, [2, 0], [0, 2])).toEqual(['  t0: float32[2,2] = matmul {"left":false,"right":false} x0 x1'])
  })
})
