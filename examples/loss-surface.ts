/**
 * The loss of a network of two parameters, seen whole: w₂ · tanh(w₁ · x) fitted to points of −1.5 · tanh(2x).
 * A line's loss is one bowl. This one has two valleys, (2, −1.5) and (−2, 1.5), with a saddle between them at the origin:
 * where a descent ends depends on where it begins.
 */
import { grad, Loss, Plot, pipe, Tensor, vmap } from 'cotangent'
import { picture } from './shared/picture.js'

const inputs = Tensor.linspace(-2, 2, 17)
const targets = pipe(inputs, Tensor.mul(2), Tensor.tanh, Tensor.mul(-1.5))

type Pair = Tensor.Tensor<[2]>
const loss = (w: Pair): Tensor.Tensor<[]> =>
  pipe(inputs, Tensor.mul(Tensor.select(0, 0)(w)), Tensor.tanh, Tensor.mul(Tensor.select(0, 1)(w)), Loss.mse()(targets))

const descent = (start: Pair, steps: number, learningRate: number): readonly (readonly [number, number])[] => {
  const path: (readonly [number, number])[] = []
  let w = start
  for (let step = 0; step <= steps; step++) {
    const [w1 = 0, w2 = 0] = Tensor.toArray(w)
    path.push([w1, w2])
    w = pipe(w, Tensor.sub(pipe(grad(loss)(w), Tensor.mul(learningRate))))
  }
  return path
}

const starts: readonly (readonly [number, number])[] = [
  [0.3, 2.6],
  [-0.4, -2.4],
  [3, 1],
  [-3, 0.4]
]
const paths = starts.map(start => ({
  name: `from (${start.join(', ')})`,
  points: descent(Tensor.tensor(start), 200, 0.1)
}))

console.log('start           loss      after 200 steps    loss')
for (const { points } of paths) {
  const [first = [0, 0], last = [0, 0]] = [points[0], points.at(-1)]
  const show = ([w1, w2]: readonly [number, number]): string => `(${w1.toFixed(2)}, ${w2.toFixed(2)})`.padEnd(15)
  const at = (w: readonly [number, number]): string => Tensor.item(loss(Tensor.tensor(w))).toFixed(4)
  console.log(`${show(first)} ${at(first)}    ${show(last)}    ${at(last)}`)
}

// The whole surface in one call: the loss is mapped over rows and columns of a grid.
const axis = Tensor.linspace(-4, 4, 81)
const surface = vmap((w2: Tensor.Tensor<[]>) =>
  vmap((w1: Tensor.Tensor<[]>) => loss(Tensor.stack(0)([w1, w2]) as Pair))(axis)
)(axis)
// Heights by their powers of ten, or the valleys would be one flat floor; 1e-3 keeps the lowest points finite.
const logarithm = pipe(surface, Tensor.add(1e-3), Tensor.log, Tensor.div(Math.LN10))
await picture('loss-surface', 'A loss with two valleys', [
  Plot.heatmap({
    title: 'Mean squared error of w₂ · tanh(w₁x), and four descents',
    x: { label: 'w₁' },
    y: { label: 'w₂' },
    z: { label: 'log₁₀ loss' },
    width: 480,
    height: 400
  })({ xs: Tensor.toArray(axis), ys: Tensor.toArray(axis), values: Tensor.toArray(logarithm), paths })
])
