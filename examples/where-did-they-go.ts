/**
 * Where `__call__`, hooks, `no_grad` and `zero_grad` went. A pure library needs none of them; this shows what stands in their place.
 */
import { grad, Layer, Loss, pipe, Random, Tensor } from 'cotangent'

const model = Layer.sequential(
  Layer.named('hidden_linear', Layer.linear(1, 4)),
  Layer.named('hidden_activation', Layer.tanh),
  Layer.named('output_linear', Layer.linear(4, 1))
)
const params = Layer.initialize(model)(Random.key(7))
const x = Tensor.tensor([[0.5], [1.4]])
const y = Tensor.tensor([[1], [2]])

console.log(`__call__
  PyTorch: model(x) runs hooks around forward(x), so forward must not be called itself.
  Here: a model has nothing around it. Applied to its parameters it is a function, and functions compose.`)
console.log(pipe(x, model.apply(params), Tensor.show))

console.log(`
hooks
  PyTorch: register_forward_hook changes the model to look inside it.
  Here: looking inside is another function of the same arguments.`)
for (const [path, output] of Object.entries(Layer.intermediates(model)(params)(x))) {
  console.log(
    `  ${path.padEnd(18)} ${JSON.stringify(Tensor.shape(output))}  first row ${JSON.stringify(Tensor.toArray(output)).slice(1).split(']')[0]}]`
  )
}

console.log(`
no_grad
  PyTorch: every operation records itself unless told not to.
  Here: nothing is recorded. The derivative is asked for by grad, and where it is not asked for, operations on known
  tensors are computed at once and leave no trace.`)
const loss = (at: typeof params): Tensor.Tensor<[]> => pipe(x, model.apply(at), Loss.mse()(y))
console.log(`  loss, no derivative anywhere: ${Tensor.item(loss(params)).toFixed(6)}`)

console.log(`
zero_grad
  PyTorch: backward() adds to .grad, so the last step's gradient must be cleared.
  Here: a gradient is a value that grad returns. Asked twice, it is the same twice.`)
const twice = [grad(loss)(params), grad(loss)(params)].map(g => Tensor.toArray(g.output_linear.bias))
console.log(`  output_linear.bias: ${JSON.stringify(twice[0])} and again ${JSON.stringify(twice[1])}`)
if (JSON.stringify(twice[0]) !== JSON.stringify(twice[1])) throw new Error('a gradient changed by being asked for')
