/** Optimizers by PyTorch's constructor arguments, each taking forty steps on a small network. */
import * as t from 'io-ts'
import { Optimizer, pipe, Tensor, valueAndGrad } from '../../../src/index.js'
import { type Case, type Named, namedDifferences, optionsOf, real, toleranceOf } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

/** An optimizer for some options, and those of them that say how it is run. */
interface Meaning {
  readonly optimizer: Optimizer.Optimizer
  readonly run: Run
  /** The norm that is recorded, where gradients are clipped by one. */
  readonly normOf?: ((gradients: unknown) => Tensor.Tensor<[]>) | undefined
}
const running = t.strict({ steps: t.number, record_steps: t.readonlyArray(t.number) })
type Run = t.TypeOf<typeof running>

const withDefaults = <P extends t.Props>(props: P) => t.intersection([running, t.exact(t.partial(props))])
const sgd = withDefaults({
  lr: t.number,
  momentum: t.number,
  dampening: t.number,
  weight_decay: t.number,
  nesterov: t.boolean,
  clip_grad_norm: t.strict({ max_norm: t.number, norm_type: real }),
  clip_grad_value: t.strict({ clip_value: t.number })
})
const adam = withDefaults({
  lr: t.number,
  betas: t.readonly(t.tuple([t.number, t.number])),
  eps: t.number,
  weight_decay: t.number,
  amsgrad: t.boolean
})

const table: Readonly<Record<string, (c: Case) => Meaning>> = {
  SGD: c => {
    const { lr = 1e-3, weight_decay: weightDecay = 0, ...run } = optionsOf(sgd, c)
    const { momentum = 0, dampening = 0, nesterov = false, clip_grad_norm: byNorm, clip_grad_value: byValue } = run
    return {
      optimizer: Optimizer.chain(
        byNorm ? Optimizer.clipByGlobalNorm({ maxNorm: byNorm.max_norm, order: byNorm.norm_type }) : Optimizer.identity,
        byValue ? Optimizer.clipByValue({ limit: byValue.clip_value }) : Optimizer.identity,
        Optimizer.sgd({ learningRate: lr, momentum, dampening, nesterov, weightDecay })
      ),
      normOf: byNorm && Optimizer.globalNorm({ order: byNorm.norm_type }),
      run
    }
  },
  Adam: c => {
    const {
      lr = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weight_decay: weightDecay = 0,
      amsgrad = false,
      ...run
    } = optionsOf(adam, c)
    return { optimizer: Optimizer.adam({ learningRate: lr, betas, epsilon: eps, weightDecay, amsgrad }), run }
  }
}

/** `mean((tanh(X w1ᵀ + b1) w2ᵀ + b2 − Y)²)` */
const objective =
  ({ X, Y }: Named) =>
  ({ w1, b1, w2, b2 }: Named): Tensor.Tensor<[]> => {
    const affine = (weight: Tensor.Tensor, bias: Tensor.Tensor) => (x: Tensor.Tensor) =>
      pipe(x, Tensor.matmul(Tensor.transpose(weight)), Tensor.add(bias))
    return pipe(X!, affine(w1!, b1!), Tensor.tanh, affine(w2!, b2!), Tensor.sub(Y!), Tensor.square, Tensor.mean())
  }

const check = (meaning: (c: Case) => Meaning, c: Case, { run: compiled }: Way): readonly string[] => {
  const { optimizer, run, normOf } = meaning(c)
  const loss = objective(c.inputs)
  const differentiated = compiled(valueAndGrad(loss))
  const step = compiled((params: Named, state: Optimizer.OptimizerState, taken: Tensor.Tensor<[]>) => {
    const [value, gradients] = valueAndGrad(loss)(params)
    const context = { loss: value, step: taken, valueAndGrad: valueAndGrad(loss) }
    const [updates, next] = optimizer.update(gradients, state, params, context)
    const after = Optimizer.applyUpdates(updates)(params)
    return { params: after, state: next, loss: loss(after), norms: normOf ? [normOf(gradients)] : [] }
  })
  const recorded: Record<string, Tensor.Tensor> = {}
  const [losses, norms]: [Tensor.Tensor[], Tensor.Tensor[]] = [[loss(c.params)], []]
  let [params, state]: [Named, Optimizer.OptimizerState] = [c.params, optimizer.init(c.params)]
  for (let taken = 0; taken < run.steps; taken++) {
    const after = step(params, state, Tensor.scalar(taken, { dtype: 'int32' }))
    ;[params, state] = [after.params, after.state]
    norms.push(...after.norms)
    losses.push(after.loss)
    if (run.record_steps.includes(taken + 1))
      for (const [name, x] of Object.entries(params)) recorded[`step${taken + 1}.${name}`] = x
  }
  const near = namedDifferences(toleranceOf(c))
  const outputs: Named = {
    loss: Tensor.stack(0)(losses),
    ...(norms.length > 0 ? { grad_norm: Tensor.stack(0)(norms) } : {}),
    ...recorded
  }
  return [...near(c.outputs)(outputs), ...near(c.grads)(differentiated(c.params)[1])]
}

export const optimizers = suite('optimizers', table, check)
