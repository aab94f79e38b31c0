/**
 * A neuron: a weight, a bias, and a bend. By hand, and as a layer; both give the same number.
 */
import { Layer, pipe, Tensor } from 'cotangent'

const weight = 2
const bias = -0.5

/** o = tanh(w · x + b), in plain JavaScript. */
const byHand = (x: number): number => Math.tanh(weight * x + bias)

/** The same as a composition of layers: a linear map, then the bend. */
const neuron = Layer.sequential(Layer.linear(1, 1), Layer.tanh)
const params = { 0: { weight: Tensor.tensor([[weight]]), bias: Tensor.tensor([bias]) } }

console.log(Layer.show(neuron))
console.log('\n     x   by hand   as a layer')
for (const x of [-2, -0.5, 0, 0.25, 1, 3]) {
  const asLayer = pipe(Tensor.tensor([x]), neuron.apply(params), Tensor.item)
  console.log(`${x.toFixed(2).padStart(6)}  ${byHand(x).toFixed(5).padStart(8)}     ${asLayer.toFixed(5).padStart(8)}`)
}

// The layer is defined on one example and lifted over any leading axes: a batch needs no other layer.
const batch = Tensor.tensor([[-2], [0], [3]])
console.log(`\nthree inputs at once, ${JSON.stringify(Tensor.shape(batch))} in and out:`)
console.log(pipe(batch, neuron.apply(params), Tensor.show))
