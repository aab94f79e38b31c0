/**
 * Why a network needs activations: without them a stack of linear layers is one linear layer.
 * W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂): the weights are composed, and the single layer gives the same outputs.
 */
import { Layer, pipe, Random, Tensor } from 'cotangent'

const stack = Layer.sequential(Layer.linear(3, 8), Layer.linear(8, 5), Layer.linear(5, 2))
const params = Layer.initialize(stack, { dtype: 'float64' })(Random.key(11))

type Affine = { readonly weight: Tensor.Tensor; readonly bias: Tensor.Tensor }
const after =
  (second: Affine) =>
  (first: Affine): Affine => ({
    weight: pipe(second.weight, Tensor.matmul(first.weight)),
    bias: pipe(second.weight, Tensor.matmul(first.bias), Tensor.add(second.bias))
  })
const composed = pipe(params[0], after(params[1]), after(params[2]))
const single = Layer.linear(3, 2)

const x = Random.normal([4, 3], { dtype: 'float64' })(Random.key(12))
const fromStack = stack.apply(params)(x)
const fromOne = single.apply({ weight: composed.weight, bias: composed.bias })(x)
const largest = (difference: Tensor.Tensor): number => pipe(difference, Tensor.abs, Tensor.max(), Tensor.item)

console.log(Layer.summary(stack, [4, 3]))
console.log('\nthree layers, one after the other:')
console.log(Tensor.show(fromStack))
console.log(
  `\none layer with the composed weights, ${Layer.countParameters(composed)} numbers in place of ${Layer.countParameters(params)}:`
)
console.log(Tensor.show(fromOne))

const apart = largest(pipe(fromStack, Tensor.sub(fromOne)))
if (!(apart < 1e-12)) throw new Error(`they differ by ${apart}`)
console.log(`\nlargest difference: ${apart.toExponential(1)}`)

const bent = Layer.sequential(Layer.linear(3, 8), Layer.tanh, Layer.linear(8, 5), Layer.tanh, Layer.linear(5, 2))
const bentParams = { 0: params[0], 2: params[1], 4: params[2] }
const line = (scale: number) => bent.apply(bentParams)(pipe(x, Tensor.mul(scale)))
const curved = largest(pipe(line(2), Tensor.sub(pipe(line(1), Tensor.mul(2))), Tensor.add(line(0))))
console.log(
  `with tanh in between, f(2x) − 2f(x) + f(0) is no longer 0 but up to ${curved.toFixed(3)}: no single layer does that`
)
