/** ADBench's Gaussian mixture model: the log-likelihood with a Wishart prior, and its gradient; float64, d = 10, K = 25, n = 1000. */
import { grad, pipe, Tensor } from 'cotangent'
import { functions } from '../contenders/cotangent.js'
import { type Jax, type JaxArray, jaxFunction } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform } from '../harness/random.js'
import { type Contender, type Family, faster, quotient, race, type Value } from '../harness/row.js'

const [d, gamma, m] = [10, 1, 0]
interface Extents {
  readonly components: number
  readonly points: number
}
const below = (d * (d - 1)) / 2

/** Weights, means, and inverse covariances as the logarithms of a diagonal and what is below it, column by column; points. */
const inputsOf = ({ components, points }: Extents): readonly Value[] => [
  uniform([components], { seed: 1, dtype: 'float64' }),
  uniform([components, d], { seed: 2, dtype: 'float64' }),
  uniform([components, d + below], { seed: 3, scale: 0.5, dtype: 'float64' }),
  uniform([points, d], { seed: 4, scale: 2, dtype: 'float64' })
]

/** Where each element of a d × d triangle comes from: one of those below the diagonal, or the 0 that is put after them. */
const places = ((): Int32Array => {
  const found = new Int32Array(d * d).fill(below)
  let at = 0
  for (let column = 0; column < d; column++) for (let row = column + 1; row < d; row++) found[row * d + column] = at++
  return found
})()
/** The same as a product with a matrix of zeros and ones, for libraries in which indexing has no derivative. */
const selection = ((): Float64Array => {
  const found = new Float64Array(below * d * d)
  for (const [to, from] of places.entries()) if (from < below) found[from * d * d + to] = 1
  return found
})()
const identity = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0))
/** The logarithm of the gamma function at halves of whole numbers. */
const logGammaOfHalf = (twice: number): number =>
  twice === 1 ? 0.5 * Math.log(Math.PI) : twice === 2 ? 0 : Math.log(twice / 2 - 1) + logGammaOfHalf(twice - 2)
/** What does not depend on the parameters. */
const constantOf = ({ components, points }: Extents): number => {
  const wide = d + m + 1
  let logGamma = 0.25 * d * (d - 1) * Math.log(Math.PI)
  for (let j = 1; j <= d; j++) logGamma += logGammaOfHalf(wide + 1 - j)
  const normalizer = wide * d * (Math.log(gamma) - 0.5 * Math.log(2)) - logGamma
  return -points * d * 0.5 * Math.log(2 * Math.PI) - components * normalizer
}

const ours =
  (extents: Extents) =>
  ([alphas, means, icf]: readonly Tensor.Tensor[], x: Tensor.Tensor): Tensor.Tensor<[]> => {
    const { components: k, points: n } = extents
    const logDiagonal = Tensor.slice({ axis: 1, stop: d })(icf!)
    const lower = Tensor.slice({ axis: 1, start: d })(icf!)
    const diagonal = Tensor.exp(logDiagonal)
    const sums = pipe(logDiagonal, Tensor.sum({ axis: 1 }))
    const indices = Tensor.fromData([d * d], places)
    const triangle = pipe(
      [lower, Tensor.zeros([k, 1], { dtype: 'float64' })],
      Tensor.concat(1),
      Tensor.take(indices, { axis: 1 }),
      Tensor.reshape([k, d, d])
    )
    const onDiagonal = pipe(diagonal, Tensor.unsqueeze(1), Tensor.mul(Tensor.eye(d, { dtype: 'float64' })))
    const factor = pipe(triangle, Tensor.add(onDiagonal))
    const centered = pipe(Tensor.unsqueeze(0)(x), Tensor.sub(Tensor.unsqueeze(1)(means!)))
    const squares = pipe(centered, Tensor.matmul(Tensor.swapAxes(1, 2)(factor)), Tensor.square, Tensor.sum({ axis: 2 }))
    const inner = pipe(alphas!, Tensor.add(sums), Tensor.unsqueeze(1), Tensor.sub(Tensor.mul(0.5)(squares)))
    const likelihood = pipe(
      inner,
      Tensor.logsumexp({ axis: 0 }),
      Tensor.sum(),
      Tensor.sub(Tensor.mul(n)(Tensor.logsumexp()(alphas!)))
    )
    const frobenius = pipe(diagonal, Tensor.square, Tensor.sum(), Tensor.add(pipe(lower, Tensor.square, Tensor.sum())))
    return pipe(
      likelihood,
      Tensor.add(Tensor.mul(0.5 * gamma * gamma)(frobenius)),
      Tensor.sub(Tensor.mul(m)(Tensor.sum()(sums))),
      Tensor.add(constantOf(extents))
    ) as Tensor.Tensor<[]>
  }

const jax =
  (extents: Extents) =>
  ({ nn, numpy: np }: Jax) =>
  ([alphas, means, icf]: readonly JaxArray[], x: JaxArray): JaxArray => {
    const { components: k, points: n } = extents
    const double = (data: Float64Array, shape: readonly number[]): JaxArray =>
      np.array(data, { shape, dtype: np.float64 })
    const logDiagonal = icf!.ref.slice([], [0, d])
    const lower = icf!.slice([], [d])
    const diagonal = np.exp(logDiagonal.ref)
    const sums = logDiagonal.sum(1)
    const triangle = np.matmul(lower.ref, double(selection, [below, d * d])).reshape([k, d, d])
    const eye = double(identity, [d, d])
    const factor = triangle.add(diagonal.ref.reshape([k, 1, d]).mul(eye))
    const centered = x.reshape([1, n, d]).sub(means!.reshape([k, 1, d]))
    const squares = np.square(np.matmul(centered, factor.transpose([0, 2, 1]))).sum(2)
    const inner = alphas!.ref.add(sums.ref).reshape([k, 1]).sub(squares.mul(0.5))
    const likelihood = nn.logsumexp(inner, 0).sum().sub(nn.logsumexp(alphas!, 0).mul(n))
    const frobenius = np.square(diagonal).sum().add(np.square(lower).sum())
    return likelihood
      .add(frobenius.mul(0.5 * gamma * gamma))
      .sub(sums.sum().mul(m))
      .add(constantOf(extents))
  }

const tf =
  (extents: Extents) =>
  (library: Tf) =>
  ([alphas, means, icf]: readonly TfTensor[], x: TfTensor): TfTensor => {
    const { components: k, points: n } = extents
    const { logSumExp, matMul, scalar, tensor } = library
    const logDiagonal = icf!.slice([0, 0], [k, d])
    const lower = icf!.slice([0, d], [k, below])
    const diagonal = logDiagonal.exp()
    const sums = logDiagonal.sum(1)
    const constant = (data: Float64Array, shape: readonly number[]): TfTensor =>
      tensor(Float32Array.from(data), shape, 'float32')
    const triangle = matMul(lower, constant(selection, [below, d * d])).reshape([k, d, d])
    const eye = constant(identity, [d, d])
    const factor = triangle.add(diagonal.reshape([k, 1, d]).mul(eye))
    const centered = x.reshape([1, n, d]).sub(means!.reshape([k, 1, d]))
    const squares = matMul(centered, factor, false, true).square().sum(2)
    const inner = alphas!
      .add(sums)
      .reshape([k, 1])
      .sub(squares.mul(scalar(0.5)))
    const likelihood = logSumExp(inner, 0).sum().sub(logSumExp(alphas!, 0).mul(n))
    const frobenius = diagonal.square().sum().add(lower.square().sum())
    return likelihood
      .add(frobenius.mul(0.5 * gamma * gamma))
      .sub(sums.sum().mul(m))
      .add(constantOf(extents))
  }

const single = { of: 1e-3, because: 'it has no float64 and computes in float32' }
const rough = { of: 1e-5, because: 'its float64 exp and log are good to 8 digits' }
const contenders = (extents: Extents, gradient: boolean): readonly Contender[] => {
  const inputs = inputsOf(extents)
  const [objective, jaxObjective, tfObjective] = [ours(extents), jax(extents), tf(extents)]
  return [
    ...functions(inputs, (...all) => {
      const [params, x] = [all.slice(0, 3), all[3]!]
      return gradient ? grad(objective)(params, x) : objective(params, x)
    }),
    jaxFunction(
      inputs,
      library => (a, b, c, x) => {
        const f = jaxObjective(library)
        return gradient ? library.grad(f)([a!, b!, c!], x!) : [f([a!, b!, c!], x!)]
      },
      rough
    ),
    ...tfFunctions(
      inputs,
      library => (a, b, c, x) => {
        const f = tfObjective(library)
        return gradient ? library.grads((...params) => f(params, x!))([a!, b!, c!]) : [f([a!, b!, c!], x!)]
      },
      single
    ),
    torch('mixture', inputs, { gamma, m, gradient })
  ]
}

export const family: Family = {
  name: 'mixture',
  title: 'Gaussian mixture of ADBench, float64: 25 components in 10 dimensions, 1000 points',
  rows: ({ quick }) => {
    const extents = quick ? { components: 5, points: 100 } : { components: 25, points: 1000 }
    const size = quick ? ' (5 components, 100 points)' : ''
    const names = [`the log-likelihood${size}`, `the gradient${size}`] as const
    return [
      ...names.map((name, i) =>
        race({
          name,
          unit: { _tag: 'Time', per: 'a call' },
          tolerance: 1e-11,
          targets: [faster('PyTorch', 1)],
          contenders: contenders(extents, i === 1)
        })
      ),
      quotient({ name: 'the gradient, in log-likelihoods', of: names[1], by: names[0] })
    ]
  }
}
