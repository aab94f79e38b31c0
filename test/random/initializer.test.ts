/** Initializers by example: PyTorch's shapes and signs, convolutions that pass channels through, and mistakes with them. */
import { describe, expect, test } from 'vitest'
import { Initializer as _, Layer, pipe, Random, Tensor } from '../../src/index.js'

const key = Random.key(3)
const numbers = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))

describe('the key', () => {
  test('goes on unused where nothing is drawn, and once for each draw', () => {
    for (const still of [_.zeros, _.ones, _.constant(2), _.identity, _.dirac()])
      expect(still(still === _.identity ? [2, 2] : [2, 2, 1])(key)[1]).toBe(key)
    const [, next] = Random.next(key)
    for (const drawn of [_.uniform(), _.normal(), _.truncatedNormal(), _.xavierUniform(), _.orthogonal()])
      expect(numbers(drawn([2, 2])(key)[1])).toEqual(numbers(next))
  })
  test('draws what the samplers draw', () => {
    const [drawn] = _.uniform({ min: -1, max: 1 })([5])(key)
    expect(numbers(drawn)).toEqual(numbers(Random.uniform([5], { min: -1, max: 1 })(Random.next(key)[0])))
  })
})

describe('dirac', () => {
  test('passes channels through a convolution', () => {
    const x = pipe(Tensor.arange(2 * 3 * 5), Tensor.reshape([2, 3, 5]), Tensor.cast('float32'))
    const [weight] = _.dirac()([4, 3, 3])(key)
    const y = Layer.conv1d(3, 4, { kernelSize: 3, padding: 1, bias: false }).apply({ weight } as never)(x)
    expect(numbers(y).slice(0, 15)).toEqual(numbers(x).slice(0, 15))
    expect(Tensor.shape(y)).toEqual([2, 4, 5])
  })
  test('and through the groups of one', () => {
    const x = pipe(Tensor.arange(4 * 2 * 2), Tensor.reshape([4, 2, 2]), Tensor.cast('float32'))
    const [weight] = _.dirac({ groups: 2 })([4, 2, 1, 1])(key)
    const y = Layer.conv2d(4, 4, { kernelSize: 1, groups: 2, bias: false }).apply({ weight } as never)(x)
    expect(Tensor.toArray(y)).toEqual(Tensor.toArray(x))
  })
})

describe('sparse', () => {
  test('has so many zeros in each column, which differ', () => {
    const [weight] = _.sparse({ sparsity: 0.3, standardDeviation: 2 })([10, 40], { dtype: 'float64' })(key)
    const columns = Tensor.toArray(Tensor.transpose(weight))
    expect(columns.map(column => column.filter(x => x === 0).length)).toEqual(new Array(40).fill(3))
    expect(new Set(columns.map(column => column.map(x => (x === 0 ? 0 : 1)).join(''))).size).toBeGreaterThan(20)
    const drawn = columns.flat().filter(x => x !== 0)
    expect(Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length)).toBeGreaterThan(1.7)
    expect(numbers(_.sparse({ sparsity: 1 })([3, 3])(key)[0])).toEqual(new Array(9).fill(0))
  })
})

describe('orthogonal', () => {
  test('in float32 is rounded once, and large ones are orthogonal too', () => {
    for (const n of [5, 90]) {
      const wide = _.orthogonal()([n, n], { dtype: 'float64' })(key)[0]
      const narrow = _.orthogonal()([n, n])(key)[0]
      expect(numbers(narrow)).toEqual(numbers(Tensor.cast('float32')(wide)))
      const gram = pipe(wide, Tensor.matmul(Tensor.transpose(wide)), Tensor.sub(Tensor.eye(n, { dtype: 'float64' })))
      expect(Math.max(...numbers(Tensor.abs(gram)))).toBeLessThan(1e-14)
    }
  })
})

describe('truncatedNormal', () => {
  test('far out, and up to no bound', () => {
    const far = numbers(
      _.truncatedNormal({ min: 5, max: Number.POSITIVE_INFINITY })([2000], { dtype: 'float64' })(key)[0]
    )
    expect(far.every(x => x >= 5 && x < 8)).toBe(true)
    // The mean of what lies beyond 5: φ(5) / (1 − Φ(5)).
    expect(far.reduce((sum, x) => sum + x, 0) / far.length).toBeCloseTo(5.18650397, 1)
  })
})

describe('mistakes', () => {
  test.each([
    [() => _.fans([3]), 'Initializer.fans: [3] has fewer than two axes, so nothing goes in or comes out'],
    [() => _.xavierUniform()([])(key), 'Initializer.fans: [] has fewer than two axes'],
    [
      () => _.xavierNormal({ gain: -1 }),
      'Initializer.xavierNormal: gain is -1; it must be a finite number of 0 or more'
    ],
    [() => _.gain('softplus' as never), "Initializer.gain: 'softplus' is none of linear, conv1d, conv2d"],
    [() => _.gain('leakyRelu', Number.NaN), 'Initializer.gain: the slope is NaN; it must be a finite number'],
    [
      () => _.kaimingUniform({ mode: 'fan_in' as never }),
      "Initializer.kaimingUniform: mode is 'fan_in'; it must be 'fanIn' or 'fanOut'"
    ],
    [() => _.kaimingNormal({ nonlinearity: 'x' as never }), "Initializer.gain: 'x' is none of"],
    [() => _.constant(Number.NaN), 'Initializer.constant: value is NaN; it must be a finite number'],
    [() => _.uniform({ min: 1, max: 0 }), 'Initializer.uniform: no range from 1 to 0'],
    [
      () => _.normal({ standardDeviation: -1 }),
      'Initializer.normal: standardDeviation is -1; it must be a finite number of 0 or more'
    ],
    [() => _.normal({ mean: Number.NaN }), 'Initializer.normal: mean is NaN; it must be a finite number'],
    [() => _.truncatedNormal({ min: 2, max: 2 }), 'Initializer.truncatedNormal: no range from 2 to 2'],
    [
      () => _.truncatedNormal({ standardDeviation: 0 }),
      'Initializer.truncatedNormal: mean is 0 and standardDeviation 0; they must be finite, and the latter above 0'
    ],
    [
      () => _.truncatedNormal({ min: 9, max: 10 }),
      'Initializer.truncatedNormal: between 9 and 10 lies less than a billionth of what is normal with mean 0 and standardDeviation 1'
    ],
    [() => Random.truncatedNormal([2], { min: 1, max: 0 }), 'Random.truncatedNormal: no range from 1 to 0'],
    [
      () => _.orthogonal({ gain: Number.NaN }),
      'Initializer.orthogonal: gain is NaN; it must be a finite number of 0 or more'
    ],
    [() => _.orthogonal()([4])(key), 'Initializer.orthogonal: [4] has fewer than two axes'],
    [() => _.identity([2, 2, 2])(key), 'Initializer.identity: [2, 2, 2] does not have two axes'],
    [() => _.dirac({ groups: 0 }), 'Initializer.dirac: groups is 0; it must be a whole number of 1 or more'],
    [
      () => _.dirac()([2, 2])(key),
      'Initializer.dirac: [2, 2] is no weight of a convolution [out, in, …kernel], which has three to five axes'
    ],
    [
      () => _.dirac({ groups: 2 })([3, 2, 1])(key),
      'Initializer.dirac: 2 groups do not divide the 3 outputs of [3, 2, 1]'
    ],
    [() => _.sparse({ sparsity: 1.5 }), 'Initializer.sparse: sparsity is 1.5, which is not between 0 and 1'],
    [() => _.sparse({ sparsity: 0.5 })([2])(key), 'Initializer.sparse: [2] does not have two axes'],
    [() => _.zeros([-1])(key), 'Initializer.constant: [-1] is not a shape: sizes are whole numbers from 0 on']
  ])('%s', (attempt, message) => {
    expect(attempt).toThrow(message)
  })
})
