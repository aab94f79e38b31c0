import { describe, expect, expectTypeOf, test } from 'vitest'
import { jit } from '../../src/engine/jit.js'
import { arange, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/indexing.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { sameOnUnknowns, scattered } from './unknowns.js'

const some = (of: Shape): Tensor => zeros(of)
const whole = { dtype: 'int32' } as const
const x = tensor([
  [1, 2, 3],
  [4, 5, 6]
])

describe('take', () => {
  test('the axis gives way to those of the indices', () => {
    const indices = tensor([[1, 0]], whole)
    expect(toArray(_.take(indices)(x))).toEqual([
      [
        [4, 5, 6],
        [1, 2, 3]
      ]
    ])
    expect(toArray(_.take(indices, { axis: 1 })(x))).toEqual([[[2, 1]], [[5, 4]]])
    expect(shape(_.take(zeros([7, 8], whole), { axis: 1 })(some([2, 3, 4])))).toEqual([2, 7, 8, 4])
    expect(toArray(_.take(scalar(1, whole), { axis: -1 })(x))).toEqual([2, 5])
    expectTypeOf(_.take(indices, { axis: -1 })(x)).toEqualTypeOf<Tensor<[2, 1, 2]>>()
    expectTypeOf(_.take(scalar(1, whole))(x)).toEqualTypeOf<Tensor<[3]>>()
  })
  test('nothing', () => {
    expect(shape(_.take(zeros([0], whole))(x))).toEqual([0, 3])
    expect(shape(_.take(zeros([0], whole))(some([0, 3])))).toEqual([0, 3])
  })
  test('a row that was taken several times gets all that comes back', () => {
    expect(toArray(grad((y: Tensor<[3]>) => sum()(_.take(tensor([2, 0, 2], whole))(y)))(ones([3])))).toEqual([1, 0, 2])
  })
  test('what does not fit', () => {
    expect(() => _.take(tensor([0.5]))(x)).toThrow(
      "take: indices are float32, not int32; make them with { dtype: 'int32' } or cast them"
    )
    expect(() => _.take(tensor([0, 3], whole), { axis: 1 })(x)).toThrow(
      'take: index 3 lies outside axis 1 of [2, 3], which has size 3'
    )
    expect(() => _.take(tensor([-1], whole))(x)).toThrow('take: index -1 lies outside axis 0 of [2, 3]')
    expect(() => _.take(tensor([0], whole))(some([0]))).toThrow('take: index 0 lies outside axis 0 of [0]')
    expect(() => _.take(tensor([0], whole))(some([]))).toThrow('take: axis 0 is out of range for rank 0')
  })
})

describe('gather', () => {
  test('at each place, along the axis', () => {
    expect(
      toArray(
        _.gather(
          tensor(
            [
              [2, 0],
              [1, 1]
            ],
            whole
          ),
          { axis: 1 }
        )(x)
      )
    ).toEqual([
      [3, 1],
      [5, 5]
    ])
    expect(toArray(_.gather(tensor([[1, 0, 1]], whole), { axis: 0 })(x))).toEqual([[4, 2, 6]])
    expectTypeOf(_.gather(zeros([1, 3], whole), { axis: 0 })(x)).toEqualTypeOf<Tensor<[1, 3]>>()
    expect(shape(_.gather(zeros([0, 3], whole), { axis: 0 })(x))).toEqual([0, 3])
    expect(toArray(_.gather(tensor([[1]], whole), { axis: 1 })(tensor([[false, true]])))).toEqual([[true]])
  })
  test('what does not fit', () => {
    const message = 'they need as many axes, and none that is larger, apart from axis 0'
    const of = (indices: Shape) => () => _.gather(zeros(indices, whole), { axis: 0 })(x)
    expect(of([2])).toThrow(`gather: indices [2] do not fit [2, 3]: ${message}`)
    expect(of([2, 4])).toThrow(`gather: indices [2, 4] do not fit [2, 3]: ${message}`)
    expect(() => _.gather(tensor([[2]], whole), { axis: 0 })(x)).toThrow(
      'gather: index 2 lies outside axis 0 of [2, 3]'
    )
    expect(() => _.gather(zeros([1, 1]), { axis: 0 })(x)).toThrow('gather: indices are float32, not int32')
  })
})

describe('scatterAdd', () => {
  test('adds all updates of an element', () => {
    const indices = tensor(
      [
        [0, 0],
        [2, 1]
      ],
      whole
    )
    const updates = tensor([
      [10, 20],
      [30, 40]
    ])
    expect(toArray(_.scatterAdd(indices, updates, { axis: 1 })(x))).toEqual([
      [31, 2, 3],
      [4, 45, 36]
    ])
    expect(toArray(_.scatterAdd(tensor([[1, 1, 0]], whole), tensor([[1, 2, 3]]), { axis: 0 })(x))).toEqual([
      [1, 2, 6],
      [5, 7, 6]
    ])
  })
  test('dtypes are promoted, truth values counted', () => {
    const truths = tensor([true, true])
    const counts = _.scatterAdd(tensor([0, 0], whole), truths, { axis: 0 })(truths)
    expect([dtype(counts), toArray(counts)]).toEqual(['int32', [3, 1]])
    expect(dtype(_.scatterAdd(tensor([0], whole), tensor([1]), { axis: 0 })(arange(2)))).toBe('float32')
  })
  test('what does not fit', () => {
    const [indices, updates]: readonly Tensor[] = [zeros([2, 2], whole), zeros([2, 1])]
    expect(() => _.scatterAdd(indices!, updates!, { axis: 0 })(x)).toThrow(
      'scatterAdd: indices [2, 2] and updates [2, 1] differ'
    )
    expect(() => _.scatterAdd(tensor([[5]], whole), zeros([1, 1]), { axis: 0 })(x)).toThrow(
      'scatterAdd: index 5 lies outside axis 0 of [2, 3], which has size 2'
    )
  })
})

describe('indices that become known later', () => {
  const members = tensor(
    [
      [0, 2],
      [1, 3]
    ],
    whole
  )
  const tables = tensor([
    [1, 2, 3],
    [4, 5, 6]
  ])
  const operations: readonly ((table: Tensor, indices: Tensor) => Tensor)[] = [
    (table, indices) => _.take(indices)(table),
    (table, indices) => _.gather(indices, { axis: 0 })(table),
    (table, indices) => _.scatterAdd(indices, ones([2]), { axis: 0 })(table)
  ]
  test('are found to lie outside then, and never reach a neighbour', () => {
    for (const f of operations) {
      expect(() => vmap(f)(tables, members)).toThrow('is outside')
      expect(() => jit(f)(tensor([1, 2, 3]), tensor([0, 3], whole))).toThrow('is outside')
      expect(() => vmap((indices: Tensor) => f(tensor([1, 2, 3]), indices))(members)).toThrow('is outside')
    }
  })
  test('mean the same', () => {
    const inside = tensor(
      [
        [0, 2],
        [1, 0]
      ],
      whole
    )
    expect(operations.map(f => toArray(vmap(f)(tables, inside)))).toEqual([
      [
        [1, 3],
        [5, 4]
      ],
      [
        [1, 3],
        [5, 4]
      ],
      [
        [2, 2, 4],
        [5, 6, 6]
      ]
    ])
  })
})

test('all mean the same on unknowns', () => {
  const y = scattered([3, 4])
  const along = tensor(
    [
      [3, 0],
      [1, 1]
    ],
    whole
  )
  const operations: readonly ((y: Tensor) => Tensor)[] = [
    _.take(tensor([2, 0, 2], whole)),
    _.take(along, { axis: 1 }),
    _.gather(along, { axis: 1 }),
    _.gather(tensor([[2, 1, 0, 2]], whole), { axis: 0 }),
    _.scatterAdd(along, scattered([2, 2]), { axis: 1 }),
    z => _.scatterAdd(zeros([3, 4], whole), z, { axis: 1 })(scattered([3, 4], 2))
  ]
  for (const f of operations) sameOnUnknowns(f, y)
})
