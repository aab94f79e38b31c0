/**
 * The activation functions of the chapter: ranges, values, and derivatives that `grad` computes; no derivative is written here.
 */
import { grad, Plot, Tensor, vmap } from 'cotangent'
import { picture } from './shared/picture.js'

type Scalar = Tensor.Tensor<[]>
const activations: readonly (readonly [name: string, range: string, f: (x: Scalar) => Scalar])[] = [
  ['tanh', '(−1, 1)', Tensor.tanh],
  ['sigmoid', '(0, 1)', Tensor.sigmoid],
  ['relu', '[0, ∞)', Tensor.relu],
  ['leakyRelu', '(−∞, ∞)', Tensor.leakyRelu({ negativeSlope: 0.1 })],
  ['hardtanh', '[−1, 1]', Tensor.hardtanh()],
  ['softplus', '(0, ∞)', Tensor.softplus()]
]

const looked = [-2.2, -1, 0, 0.1, 1, 2.5]
const cell = (value: number): string => value.toFixed(4).padStart(9)
const values = (f: (x: Scalar) => Scalar, xs: readonly number[]): readonly number[] =>
  Tensor.toArray(vmap(f)(Tensor.tensor(xs)))

console.log(`${''.padEnd(12)}${'range'.padEnd(10)}${'x ='.padStart(6)}${looked.map(cell).join('')}`)
for (const [name, range, f] of activations) {
  console.log(`${name.padEnd(12)}${range.padEnd(10)}${'f(x)'.padStart(6)}${values(f, looked).map(cell).join('')}`)
  console.log(`${''.padEnd(22)}${'f′(x)'.padStart(6)}${values(grad(f), looked).map(cell).join('')}`)
}

const xs = Array.from({ length: 121 }, (_, i) => (i - 60) / 20)
const pairs = (ys: readonly number[]): readonly (readonly [number, number])[] =>
  xs.map((x, i) => [x, ys[i] ?? Number.NaN])
await picture('activations', 'Activation functions and their derivatives', [
  Plot.grid(3)(
    activations.map(([name, , f]) =>
      Plot.activation({ name, points: pairs(values(f, xs)), derivative: pairs(values(grad(f), xs)) })
    )
  )
])
