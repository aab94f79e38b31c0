/**
 * What a few tanh neurons can draw: A, B, A + B, and C(A + B) + D(A + B), as in the chapter's figure.
 * Each is a neuron tanh(w · x + b); shifted, scaled and added, they make bumps and steps that one of them cannot.
 */
import { flow, Plot, pipe, Tensor } from 'cotangent'
import { picture } from './shared/picture.js'

type Curve = (x: Tensor.Tensor<[number]>) => Tensor.Tensor<[number]>
const neuron = (w: number, b: number): Curve => flow(Tensor.mul(w), Tensor.add(b), Tensor.tanh)
const plus =
  (g: Curve) =>
  (f: Curve): Curve =>
  x =>
    pipe(f(x), Tensor.add(g(x)))

const A = neuron(-2, -1.5)
const B = neuron(1, 3)
const sum = pipe(A, plus(B))
const C = neuron(4, -2)
const D = neuron(-3, -1)
const composed = pipe(flow(sum, C), plus(flow(sum, D)))

const x = Tensor.linspace(-6, 6, 121)
const curves: readonly (readonly [string, Curve])[] = [
  ['A = tanh(−2x − 1.5)', A],
  ['B = tanh(x + 3)', B],
  ['A + B', sum],
  ['C(A + B) + D(A + B)', composed]
]

const xs = Tensor.toArray(x)
console.log(`${'x'.padStart(6)}  ${curves.map(([name]) => name.padStart(20)).join('')}`)
for (const [i, at] of xs.entries()) {
  if (i % 10 === 0)
    console.log(
      `${at.toFixed(1).padStart(6)}  ${curves.map(([, f]) => Tensor.toArray(f(x))[i]?.toFixed(4).padStart(20)).join('')}`
    )
}

await picture('combining-neurons', 'Four curves from tanh neurons', [
  Plot.grid(2)(
    curves.map(([name, f]) => {
      const ys = Tensor.toArray(f(x))
      return Plot.line({ title: name, x: { label: 'x' }, y: { label: 'output' } })([
        { name, points: xs.map((at, i) => [at, ys[i] ?? 0] as const) }
      ])
    })
  )
])
