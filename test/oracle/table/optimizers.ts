/** Optimizers by PyTorch's constructor arguments, each taking forty steps on a small network. */
import * as t from 'io-ts'
import { Optimizer, pipe, Tensor, valueAndGrad } from '../../../src/index.js'
import { type Case, type Named, namedDifferences, optionsOf, real, toleranceOf } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

/** Where an optimizer of the library differs from PyTorch's. */
export type Check = (c: Case, way: Way) => readonly string[]

/** An optimizer for some options, and those of them that say how it is run. */
interface Meaning {
  readonly optimizer: Optimizer.Optimizer
  readonly run: Run
  /** The norm that is recorded, where gradients are clipped by one. */
  readonly normOf?: ((gradients: unknown) => Tensor.Tensor<[]>) | undefined
  /** How often the loss was evaluated so far, where that is recorded. */
  readonly evaluationsOf?: (state: Optimizer.OptimizerState) => Tensor.Tensor<[]>
}
const running = t.strict({ steps: t.number, record_steps: t.readonlyArray(t.number) })
type Run = t.TypeOf<typeof running>

/** `mean((tanh(X w1ᵀ + b1) w2ᵀ + b2 − Y)²)` */
export const objective =
  ({ X, Y }: Named) =>
  ({ w1, b1, w2, b2 }: Named): Tensor.Tensor<[]> => {
    const affine = (weight: Tensor.Tensor, bias: Tensor.Tensor) => (x: Tensor.Tensor) =>
      pipe(x, Tensor.matmul(Tensor.transpose(weight)), Tensor.add(bias))
    return pipe(X!, affine(w1!, b1!), Tensor.tanh, affine(w2!, b2!), Tensor.sub(Y!), Tensor.square, Tensor.mean())
  }

/** Of optimizers that look at a gradient and go a step. */
const stepping =
  (meaning: (c: Case) => Meaning): Check =>
  (c, { run: compiled }) => {
    const { optimizer, run, normOf, evaluationsOf } = meaning(c)
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
    const [losses, norms, calls]: [Tensor.Tensor[], Tensor.Tensor[], Tensor.Tensor[]] = [[loss(c.params)], [], []]
    let [params, state]: [Named, Optimizer.OptimizerState] = [c.params, optimizer.init(c.params)]
    for (let taken = 0; taken < run.steps; taken++) {
      const after = step(params, state, Tensor.scalar(taken, { dtype: 'int32' }))
      if (evaluationsOf) calls.push(pipe(evaluationsOf(after.state), Tensor.sub(evaluationsOf(state))))
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
      ...(calls.length > 0 ? { closure_calls: Tensor.stack(0)(calls) } : {}),
      ...recorded
    }
    return [...near(c.outputs)(outputs), ...near(c.grads)(differentiated(c.params)[1])]
  }

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }
/** What is given of some settings: the library's own defaults stand for the others, and are tried so. */
const given = <T extends object>(settings: T): Given<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Given<T>

const withDefaults = <P extends t.Props>(props: P) => t.intersection([running, t.exact(t.partial(props))])
/** An optimizer from the constructor arguments that these are the types of, and that all have. */
const from = <P extends t.Props>(
  props: P,
  make: (options: t.TypeOf<ReturnType<typeof withDefaults<P & typeof common>>>) => Omit<Meaning, 'run'>
): Check =>
  stepping(c => {
    const options = optionsOf(withDefaults({ ...common, ...props }), c)
    return { ...make(options), run: options }
  })

const common = { lr: t.number, weight_decay: t.number }
const epsilon = { eps: t.number }
const betas = { betas: t.readonly(t.tuple([t.number, t.number])) }
const amsgrad = { amsgrad: t.boolean }

const lbfgs = withDefaults({
  lr: t.number,
  max_iter: t.number,
  history_size: t.number,
  line_search_fn: t.literal('strong_wolfe')
})

const table: Readonly<Record<string, Check>> = {
  SGD: from(
    {
      momentum: t.number,
      dampening: t.number,
      nesterov: t.boolean,
      clip_grad_norm: t.strict({ max_norm: t.number, norm_type: real }),
      clip_grad_value: t.strict({ clip_value: t.number })
    },
    ({
      lr = 1e-3,
      weight_decay: weightDecay,
      momentum,
      dampening,
      nesterov,
      clip_grad_norm: byNorm,
      clip_grad_value: byValue
    }) => ({
      optimizer: Optimizer.chain(
        byNorm ? Optimizer.clipByGlobalNorm({ maxNorm: byNorm.max_norm, order: byNorm.norm_type }) : Optimizer.identity,
        byValue ? Optimizer.clipByValue({ limit: byValue.clip_value }) : Optimizer.identity,
        Optimizer.sgd({ learningRate: lr, ...given({ momentum, dampening, nesterov, weightDecay }) })
      ),
      normOf: byNorm && Optimizer.globalNorm({ order: byNorm.norm_type })
    })
  ),
  Adam: from(
    { ...epsilon, ...betas, ...amsgrad },
    ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, betas, amsgrad }) => ({
      optimizer: Optimizer.adam(given({ learningRate, betas, epsilon, weightDecay, amsgrad }))
    })
  ),
  AdamW: from(
    { ...epsilon, ...betas, ...amsgrad },
    ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, betas, amsgrad }) => ({
      optimizer: Optimizer.adamW(given({ learningRate, betas, epsilon, weightDecay, amsgrad }))
    })
  ),
  RMSprop: from(
    { ...epsilon, alpha: t.number, momentum: t.number, centered: t.boolean },
    ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, alpha: decay, momentum, centered }) => ({
      optimizer: Optimizer.rmsprop(given({ learningRate, decay, epsilon, weightDecay, momentum, centered }))
    })
  ),
  Adagrad: from(
    { ...epsilon, lr_decay: t.number, initial_accumulator_value: t.number },
    ({
      lr: learningRate,
      eps: epsilon,
      weight_decay: weightDecay,
      lr_decay: learningRateDecay,
      initial_accumulator_value: initialAccumulator
    }) => ({
      optimizer: Optimizer.adagrad(given({ learningRate, learningRateDecay, epsilon, weightDecay, initialAccumulator }))
    })
  ),
  Adadelta: from(
    { ...epsilon, rho: t.number },
    ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, rho: decay }) => ({
      optimizer: Optimizer.adadelta(given({ learningRate, decay, epsilon, weightDecay }))
    })
  ),
  Adamax: from({ ...epsilon, ...betas }, ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, betas }) => ({
    optimizer: Optimizer.adamax(given({ learningRate, betas, epsilon, weightDecay }))
  })),
  NAdam: from(
    { ...epsilon, ...betas, momentum_decay: t.number },
    ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, betas, momentum_decay: momentumDecay }) => ({
      optimizer: Optimizer.nadam(given({ learningRate, betas, epsilon, weightDecay, momentumDecay }))
    })
  ),
  RAdam: from({ ...epsilon, ...betas }, ({ lr: learningRate, eps: epsilon, weight_decay: weightDecay, betas }) => ({
    optimizer: Optimizer.radam(given({ learningRate, betas, epsilon, weightDecay }))
  })),
  LBFGS: stepping(c => {
    const options = optionsOf(lbfgs, c)
    const { lr: learningRate, max_iter: iterations, history_size: history } = options
    const { line_search_fn } = options
    const lineSearch = line_search_fn === undefined ? undefined : ('strongWolfe' as const)
    return {
      optimizer: Optimizer.lbfgs(given({ learningRate, iterations, history, lineSearch })),
      run: options,
      evaluationsOf: ([state]) => (state as unknown as Optimizer.LbfgsState).evaluations
    }
  })
}

export const optimizers = suite('optimizers', table, (check, c, way) => check(c, way))
