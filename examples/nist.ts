/**
 * Nonlinear least squares against certified values: eight problems of NIST's StRD, each from both of its starting points. The first start is far from
 * the solution on purpose.
 *
 * Data: National Institute of Standards and Technology, Statistical Reference Datasets, Nonlinear Regression.
 *
 * Result: every parameter agrees with its certified value to at least 10.5 significant digits, and so do its standard error and the sum of squares.
 */
import { readFileSync } from 'node:fs'
import { jit, Optimizer, pipe, Tensor } from 'cotangent'

type Vector = Tensor.Tensor<[number]>
type Scalar = Tensor.Tensor<[]>
/** The parameters b1, b2, …, and the columns of the data after the first. */
type Model = (b: readonly Scalar[], x: readonly Vector[]) => Vector

const at = <A>(values: readonly A[], i: number): A => {
  const value = values[i]
  if (value === undefined) throw new Error(`nothing in place ${i}`)
  return value
}
/** `scale · exp(−rate · x)` */
const decay = (scale: Scalar, rate: Scalar, x: Vector): Vector =>
  pipe(x, Tensor.mul(rate), Tensor.neg, Tensor.exp, Tensor.mul(scale))
/** `height · exp(−(x − center)² / width²)` */
const peak = (height: Scalar, center: Scalar, width: Scalar, x: Vector): Vector =>
  pipe(x, Tensor.sub(center), Tensor.div(width), Tensor.square, Tensor.neg, Tensor.exp, Tensor.mul(height))

const models: { readonly [name: string]: Model } = {
  Misra1a: (b, x) => pipe(decay(at(b, 0), at(b, 1), at(x, 0)), Tensor.neg, Tensor.add(at(b, 0))),
  Chwirut2: (b, x) =>
    pipe(
      decay(Tensor.scalar(1, { dtype: 'float64' }), at(b, 0), at(x, 0)),
      Tensor.div(pipe(at(x, 0), Tensor.mul(at(b, 2)), Tensor.add(at(b, 1))))
    ),
  Lanczos3: (b, x) =>
    pipe(
      decay(at(b, 0), at(b, 1), at(x, 0)),
      Tensor.add(decay(at(b, 2), at(b, 3), at(x, 0))),
      Tensor.add(decay(at(b, 4), at(b, 5), at(x, 0)))
    ),
  Gauss1: (b, x) =>
    pipe(
      decay(at(b, 0), at(b, 1), at(x, 0)),
      Tensor.add(peak(at(b, 2), at(b, 3), at(b, 4), at(x, 0))),
      Tensor.add(peak(at(b, 5), at(b, 6), at(b, 7), at(x, 0)))
    ),
  DanWood: (b, x) => pipe(at(x, 0), Tensor.log, Tensor.mul(at(b, 1)), Tensor.exp, Tensor.mul(at(b, 0))),
  // The response of this one is the logarithm of the first column.
  Nelson: (b, x) => pipe(at(x, 0), Tensor.mul(decay(at(b, 1), at(b, 2), at(x, 1))), Tensor.neg, Tensor.add(at(b, 0))),
  MGH17: (b, x) =>
    pipe(decay(at(b, 1), at(b, 3), at(x, 0)), Tensor.add(decay(at(b, 2), at(b, 4), at(x, 0))), Tensor.add(at(b, 0))),
  Rat43: (b, x) =>
    pipe(
      at(x, 0),
      Tensor.mul(at(b, 2)),
      Tensor.neg,
      Tensor.add(at(b, 1)),
      Tensor.softplus({ threshold: Number.POSITIVE_INFINITY }),
      Tensor.div(at(b, 3)),
      Tensor.neg,
      Tensor.exp,
      Tensor.mul(at(b, 0))
    )
}

interface Problem {
  readonly starts: readonly (readonly number[])[]
  readonly certified: readonly number[]
  readonly errors: readonly number[]
  readonly squares: number
  readonly columns: readonly (readonly number[])[]
}
/** A file has its parameters from line 41 on, and its data from line 61 on. */
const read = (name: string): Problem => {
  const lines = readFileSync(new URL(`./data/nist/${name}.dat`, import.meta.url), 'utf8').split('\n')
  const numbersOf = (line: string): readonly number[] => line.trim().split(/\s+/).map(Number)
  const parameters = lines.filter(line => /^\s*b\d+\s*=/.test(line)).map(line => numbersOf(line.replace(/^.*=/, '')))
  const column = (i: number): readonly number[] => parameters.map(row => at(row, i))
  const rows = lines
    .slice(60)
    .filter(line => line.trim() !== '')
    .map(numbersOf)
  const squares = lines.find(line => line.startsWith('Residual Sum of Squares'))?.replace(/^.*:/, '')
  return {
    starts: [column(0), column(1)],
    certified: column(2),
    errors: column(3),
    squares: Number(squares),
    columns: at(rows, 0).map((_, i) => rows.map(row => at(row, i)))
  }
}

const precise = { dtype: 'float64' } as const
/** Significant digits on which two numbers agree; eleven are certified. */
const digits = (found: number, certified: number): number =>
  Math.min(11, -Math.log10(Math.abs(found - certified) / Math.abs(certified) + 1e-300))

console.log('Significant digits that agree with the certified values, the fewest of all parameters\n')
console.log(
  `${'problem'.padEnd(10)}${'start'.padStart(6)}${'steps'.padStart(7)}${'parameters'.padStart(12)}${'standard errors'.padStart(17)}${'sum of squares'.padStart(16)}`
)
let fewest = 11
for (const [name, model] of Object.entries(models)) {
  const { starts, certified, errors, squares, columns } = read(name)
  const [y, ...x] = columns.map(column => Tensor.tensor(column, precise))
  if (y === undefined) throw new Error(`${name} has no data`)
  const response = name === 'Nelson' ? Tensor.log(y) : y
  const solve = jit(Optimizer.levenbergMarquardt()((b: readonly Scalar[]) => pipe(model(b, x), Tensor.sub(response))))
  starts.forEach((start, i) => {
    const { params, standardErrors, cost, iterations } = solve(start.map(value => Tensor.scalar(value, precise)))
    const least = (found: readonly Scalar[], wanted: readonly number[]): number =>
      Math.min(...wanted.map((value, place) => digits(Tensor.item(at(found, place)), value)))
    const agreeing = [
      least(params, certified),
      least(standardErrors, errors),
      digits(Tensor.item(cost), squares)
    ] as const
    fewest = Math.min(fewest, ...agreeing)
    console.log(
      `${name.padEnd(10)}${String(i + 1).padStart(6)}${String(Tensor.item(iterations)).padStart(7)}${agreeing[0].toFixed(1).padStart(12)}${agreeing[1].toFixed(1).padStart(17)}${agreeing[2].toFixed(1).padStart(16)}`
    )
  })
}
console.log(`\nat least ${fewest.toFixed(1)} digits of everything`)
if (fewest < 6) throw new Error('fewer than 6 digits of something')
