/** Printed in PyTorch's way. */
import { describe, expect, test } from 'vitest'
import * as T from '../../src/Tensor.js'

const float64 = { dtype: 'float64' } as const
const lines = (x: T.Tensor): readonly string[] => T.show(x).split('\n')

describe('show', () => {
  test.each<readonly [string, T.Tensor, string]>([
    ['a scalar', T.scalar(0.1), 'tensor(0.1000)'],
    ['a whole scalar', T.scalar(2), 'tensor(2.)'],
    ['whole floats', T.tensor([1, -2, 30]), 'tensor([ 1., -2., 30.])'],
    ['floats', T.tensor([1, 2.5, -30]), 'tensor([  1.0000,   2.5000, -30.0000])'],
    ['negative zero', T.tensor([-0, 1]), 'tensor([-0.,  1.])'],
    ['float64', T.tensor([0.5], float64), 'tensor([0.5000], dtype=float64)'],
    ['integers', T.tensor([1, -20, 300], { dtype: 'int32' }), 'tensor([  1, -20, 300], dtype=int32)'],
    ['bools', T.tensor([true, false]), 'tensor([ true, false], dtype=bool)'],
    [
      'what is not finite',
      T.tensor([1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
      'tensor([  1.,  nan,  inf, -inf])'
    ],
    ['nothing finite', T.tensor([Number.NaN]), 'tensor([nan])'],
    ['small numbers', T.tensor([1e-5, 1], float64), 'tensor([1.0000e-05, 1.0000e+00], dtype=float64)'],
    ['a wide range', T.tensor([0.5, 100_000], float64), 'tensor([5.0000e-01, 1.0000e+05], dtype=float64)'],
    ['large whole numbers', T.tensor([1e21, 1]), 'tensor([1.0000e+21, 1.0000e+00])'],
    ['large fractions', T.tensor([1e9 + 0.5], float64), 'tensor([1.0000e+09], dtype=float64)'],
    ['zeros beside small numbers', T.tensor([0, 0.5], float64), 'tensor([0.0000, 0.5000], dtype=float64)'],
    ['no elements', T.zeros([0]), 'tensor([], shape=[0])'],
    ['no elements in rows', T.zeros([2, 0], { dtype: 'int32' }), 'tensor([], shape=[2, 0], dtype=int32)'],
    ['one stored value', T.full([3], 7), 'tensor([7., 7., 7.])']
  ])('%s', (_name, x, expected) => expect(T.show(x)).toBe(expected))

  test('matrices and more, columns aligned', () => {
    expect(
      lines(
        T.tensor([
          [1, 2.5],
          [-3, 400]
        ])
      )
    ).toEqual(['tensor([[  1.0000,   2.5000],', '        [ -3.0000, 400.0000]])'])
    expect(lines(T.reshape([2, 1, 2])(T.arange(4)))).toEqual([
      'tensor([[[0, 1]],',
      '',
      '        [[2, 3]]], dtype=int32)'
    ])
    expect(lines(T.reshape([2, 1, 1, 1])(T.arange(2)))).toEqual([
      'tensor([[[[0]]],',
      '',
      '',
      '        [[[1]]]], dtype=int32)'
    ])
  })
  test('up to 1000 elements in full, and more summarised', () => {
    expect(T.show(T.arange(1000))).toContain('500')
    expect(T.show(T.arange(1001))).toBe('tensor([   0,    1,    2, ...,  998,  999, 1000], dtype=int32)')
    expect(T.show(T.div(4)(T.arange(2000, { dtype: 'float32' })))).toBe(
      'tensor([  0.0000,   0.2500,   0.5000, ..., 499.2500, 499.5000, 499.7500])'
    )
    const rows = lines(T.reshape([100, 20])(T.arange(2000)))
    expect(rows).toEqual([
      'tensor([[   0,    1,    2, ...,   17,   18,   19],',
      '        [  20,   21,   22, ...,   37,   38,   39],',
      '        [  40,   41,   42, ...,   57,   58,   59],',
      '        ...,',
      '        [1940, 1941, 1942, ..., 1957, 1958, 1959],',
      '        [1960, 1961, 1962, ..., 1977, 1978, 1979],',
      '        [1980, 1981, 1982, ..., 1997, 1998, 1999]], dtype=int32)'
    ])
    // An axis of six is not shortened.
    expect(lines(T.reshape([6, 200])(T.arange(1200)))).toHaveLength(6)
  })
  test('a million elements take six', () => {
    expect(T.show(T.zeros([1000, 1000]))).toHaveLength(247)
  })
})
