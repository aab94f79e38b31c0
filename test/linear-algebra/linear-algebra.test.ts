/** Values and gradients of PyTorch 1.13, what singular and extreme matrices give, and what misuses are told. */
import { describe, expect, test } from 'vitest'
import { grad, jit, pipe, Tensor } from '../../src/index.js'
import * as _ from '../../src/LinearAlgebra.js'

const of = (rows: readonly (readonly number[])[]): Tensor.Tensor => Tensor.tensor(rows, { dtype: 'float64' })
const a = of([
  [4, -2, 1],
  [3, 6, -4],
  [2, 1, 8]
])
const weights = Tensor.tensor([1, 2, 3], { dtype: 'float64' })
const total = (x: Tensor.Tensor): Tensor.Tensor<[]> => Tensor.sum()(x) as Tensor.Tensor<[]>
const weighted = (x: Tensor.Tensor): Tensor.Tensor<[]> => total(pipe(x, Tensor.mul(weights)) as Tensor.Tensor)
const plus = (x: Tensor.Tensor, y: Tensor.Tensor): Tensor.Tensor<[]> => pipe(x, Tensor.add(y)) as Tensor.Tensor<[]>

const near = (actual: Tensor.Tensor, expected: unknown): void => {
  const [found, wanted] = [
    Tensor.toData(actual),
    Tensor.toData(Tensor.tensor(expected as number[], { dtype: 'float64' }))
  ]
  expect(found.length).toBe(wanted.length)
  Array.from(wanted, (w, i) => expect(Math.abs(found[i]! - w)).toBeLessThan(1e-12 + 1e-10 * Math.abs(w)))
}

interface Reference {
  readonly name: string
  readonly f: (x: Tensor.Tensor) => Tensor.Tensor<[]>
  readonly gradient: readonly (readonly number[])[]
}
const b = Tensor.tensor([12, -25, 32], { dtype: 'float64' })
const references: readonly Reference[] = [
  {
    name: 'solve',
    f: x => weighted(_.solve(x)(b)),
    gradient: [
      [0.1482889733840304, -0.2965779467680608, 0.5931558935361216],
      [-0.20152091254752852, 0.40304182509505704, -0.8060836501901141],
      [-0.49429657794676807, 0.9885931558935361, -1.9771863117870723]
    ]
  },
  {
    name: 'det',
    f: x => _.det(x) as Tensor.Tensor<[]>,
    gradient: [
      [52, -32, -9],
      [17, 30, -8],
      [2, 19, 30]
    ]
  },
  {
    name: 'inverse',
    f: x => total(Tensor.sin(_.inverse(x))),
    gradient: [
      [-0.010740875069929373, -0.0031438172174412977, -0.002216696917181113],
      [-0.03956366567085524, -0.009733186784853841, -0.007415841131215618],
      [-0.052160085671320223, -0.012497086104292015, -0.009521141140649942]
    ]
  },
  {
    name: 'lu',
    f: x => plus(total(Tensor.sin(_.lu(x).lower)), total(Tensor.cos(_.lu(x).upper))),
    gradient: [
      [0.6672349865371453, 1.6904197258975782, 0.0914857158184762],
      [-0.04253067968354854, -0.8690023621162124, -0.8361931366244097],
      [0.2429310370668888, -0.2587410549694742, -0.6116236963161307]
    ]
  },
  {
    name: 'qr',
    f: x => plus(total(Tensor.sin(_.qr(x).q)), total(Tensor.cos(_.qr(x).r))),
    gradient: [
      [0.8980341333364297, -0.4146763481632772, -0.23081559778883529],
      [0.6878111105672644, 0.08210363980307629, -0.6321940844129639],
      [-0.7219299700266074, -1.4249639159727716, -1.2728855048034795]
    ]
  },
  {
    name: 'svd',
    f: x => weighted(_.svd(x).values),
    gradient: [
      [2.473810371741158, -1.467155009713967, -0.4780863977432351],
      [0.897129857930893, 1.446099809131569, -0.1654731655478179],
      [0.13917507908138235, 1.052327047322791, 1.20372833014252]
    ]
  },
  {
    name: 'eigh',
    f: x => plus(weighted(_.eigh(x).values), total(Tensor.pow(4)(_.eigh(x).vectors))),
    gradient: [
      [1.0836207326096792, 0.09647346571711427, 0.5231111013908353],
      [0.09647346571711427, 2.0320462700680326, -0.21286784107893142],
      [0.5231111013908353, -0.21286784107893142, 2.884332997322289]
    ]
  },
  {
    name: 'cholesky',
    f: x => total(Tensor.sin(_.cholesky(Tensor.matmul(Tensor.transpose(x) as Tensor.Tensor)(x) as Tensor.Tensor))),
    gradient: [
      [0.7452495365123586, 0.44226163780035443, -2.6896847175760614],
      [0.5800033458531576, -0.4583668392351779, -0.29185068393770364],
      [-1.1428020364709144, 0.2263864660637152, 0.45855539172488624]
    ]
  }
]

describe('PyTorch', () => {
  test.each(references)('has the gradient of $name', ({ f, gradient }) => {
    near(grad(f)(a), gradient.flat())
    near(jit(grad(f))(a), gradient.flat())
  })
  test('has the values', () => {
    near(_.solve(a)(b), [1, -2, 4])
    near(_.det(a), [263])
    near(_.svd(a).values, [9.385549506960283, 6.763656077603526, 4.142996127960354])
    near(_.eigh(a).values, [3.1475461180671402, 5.799072941314088, 9.053380940618775])
    near(
      _.qr(a).r,
      [
        -5.385164807134504, -2.2283440581246223, -1.4855627054164153, 0, -6.002872875433952, 3.5500243416441943, 0, 0,
        8.13575015730016
      ]
    )
    near(_.lu(a).upper, [4, -2, 1, 0, 7.5, -4.75, 0, 0, 8.766666666666666])
  })
})

describe('singular and extreme matrices', () => {
  test('have determinant 0 with the cofactors as its gradient, a zero column in front or not', () => {
    const singular = of([
      [0, 1, 2],
      [0, 3, 5],
      [0, 4, 1]
    ])
    near(_.det(singular), [0])
    near(grad((x: Tensor.Tensor) => _.det(x) as Tensor.Tensor<[]>)(singular), [-17, 0, 0, 7, 0, 0, -1, 0, 0])
  })
  test('have a logarithm of −∞', () => {
    const { sign, logAbs } = _.slogdet(
      of([
        [1, 2],
        [2, 4]
      ])
    )
    expect([Tensor.item(sign), Tensor.item(logAbs)]).toEqual([0, Number.NEGATIVE_INFINITY])
  })
  test('do not overflow where the determinant would', () => {
    const large = Tensor.mul(1e200)(Tensor.eye(4, { dtype: 'float64' })) as Tensor.Tensor
    expect(Tensor.item(_.slogdet(large).logAbs)).toBeCloseTo(800 * Math.log(10), 9)
    near(_.svd(Tensor.mul(1e-100)(large) as Tensor.Tensor).values, [1e100, 1e100, 1e100, 1e100])
    near(_.qr(large).r, Tensor.toArray(Tensor.flatten()(large as never)))
  })
  test('have complete orthonormal factors though their rank is 0', () => {
    const { u, v } = _.svd(Tensor.zeros([3, 2], { dtype: 'float64' }))
    near(Tensor.matmul(u)(Tensor.transpose(u) as Tensor.Tensor) as Tensor.Tensor, [1, 0, 0, 1])
    near(Tensor.matmul(v)(Tensor.transpose(v) as Tensor.Tensor) as Tensor.Tensor, [1, 0, 0, 1])
  })
  test('are NaN where a Cholesky factor does not exist', () => {
    expect(
      Array.from(
        Tensor.toData(
          _.cholesky(
            of([
              [-1, 0],
              [0, 1]
            ])
          )
        )
      ).some(Number.isNaN)
    ).toBe(true)
  })
  test('equal eigenvalues leave the gradient of what does not depend on their vectors', () => {
    const trace = (x: Tensor.Tensor): Tensor.Tensor<[]> => {
      const { values, vectors } = _.eigh(x)
      return total(pipe(vectors, Tensor.mul(values), Tensor.mul(vectors)) as Tensor.Tensor)
    }
    near(grad(trace)(Tensor.eye(3, { dtype: 'float64' }) as Tensor.Tensor), [1, 0, 0, 0, 1, 0, 0, 0, 1])
  })
  test('the smallest numbers, whose squares and inverses are none, are in their places', () => {
    const tall = Tensor.tensor(
      [
        [0, 1],
        [0, 0],
        [5e-324, 0]
      ],
      { dtype: 'float64' }
    )
    expect([...Tensor.toData(_.svd(tall).values)]).toEqual([1, 5e-324])
    const nearly = [
      [0, 0, 2e-169],
      [0, 0, 0.5],
      [2e-169, 0.5, -5e-324]
    ] as const
    const { vectors } = _.eigh(Tensor.tensor(nearly, { dtype: 'float64' }))
    near(Tensor.matmul(vectors)(Tensor.transpose(vectors)), [1, 0, 0, 0, 1, 0, 0, 0, 1])
  })
  test('float32 stays float32, and whole numbers become it', () => {
    expect(Tensor.dtype(_.inverse(Tensor.tensor([[2]])))).toBe('float32')
    expect(Tensor.dtype(_.det(Tensor.tensor([[2]], { dtype: 'int32' })))).toBe('float32')
  })
})

describe('a misuse is told', () => {
  const wide: Tensor.Tensor = Tensor.ones([2, 3])
  test.each([
    ['inverse: needs square matrices, with as many rows as columns, not [2, 3]', () => _.inverse(wide)],
    ['det: [3] is no matrix: it has fewer than two axes', () => _.det(Tensor.ones([3]) as Tensor.Tensor)],
    ['svd: needs matrices with elements, not [0, 3]', () => _.svd(Tensor.ones([0, 3]))],
    [
      'solve: matrices [2, 2] need right sides [2] or [2, …], not [3]',
      () => _.solve(Tensor.ones([2, 2]))(Tensor.ones([3]))
    ],
    [
      'triangularSolve: matrices [5, 2, 2] need right sides [5, 2] or [5, 2, …], not [2]',
      () => _.triangularSolve()(Tensor.ones([5, 2, 2]))(Tensor.ones([2]))
    ],
    [
      'leastSquares: needs matrices with no fewer rows than columns, not [2, 3]',
      () => _.leastSquares(wide)(Tensor.ones([2]))
    ],
    [
      'leastSquares: matrices [3, 2] need right sides [3] or [3, …], not [2]',
      () => _.leastSquares(Tensor.ones([3, 2]))(Tensor.ones([2]))
    ],
    [
      'solve: matrices are float32, and right sides float64; Tensor.cast converts',
      () => _.solve(Tensor.ones([2, 2]))(Tensor.ones([2], { dtype: 'float64' }))
    ]
  ] as const)('%s', (message, misuse) => {
    expect(misuse).toThrow(message)
  })
})
