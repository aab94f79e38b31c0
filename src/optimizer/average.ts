/** An average of the parameters that trails behind them. */
import * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { less, where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { make, type Optimizer, type OptimizerState } from './optimizer.js'
import { decayRate } from './settings.js'

export interface AverageOptions {
  readonly decay?: number
  /** Begin at zero, and divide by the weight of what has come in, as Adam does: the average forgets where training began. */
  readonly debias?: boolean
}
/** The state of an average: no other state has such a name in it. */
interface Trailing {
  readonly averageOfParameters: Tree.Tree
  /** The sum of the weights of the parameters in the average: 1, if it began with some. */
  readonly weight: Tensor<[]>
}

/**
 * Keeps an exponential moving average of the parameters, and leaves the updates alone: `optax.ema` of parameters,
 * `torch.optim.swa_utils.AveragedModel`. Read it by `Optimizer.averaged`.
 *
 * `a ← decay · a + (1 − decay) · p`, `p` being the parameters after the step. It stands last in a chain, since what comes after it is not seen.
 * The first average is the parameters before the first step; with `debias`, 0, and what is read is `a / (1 − decayᵗ)`.
 * Defaults: decay 0.999, debias false.
 *
 * @throws a Mistake if the decay is below 0 or not below 1
 *
 * @example
 * import { Layer, Loss, Optimizer, Random, Tensor, Training } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const optimizer = Optimizer.chain(Optimizer.adam(), Optimizer.exponentialMovingAverage({ decay: 0.9 }))
 * const trainer = Training.make({ model: Layer.linear(1, 1), loss: Loss.mse(), optimizer })
 * const batch = { x: Tensor.tensor([[0], [1]]), y: Tensor.tensor([[1], [3]]) }
 * const [, snapshot] = trainer.step(batch)(trainer.initialize(Random.key(1)))
 * const { bias } = Optimizer.averaged(snapshot)
 * ok(Tensor.item(bias) !== Tensor.item(snapshot.params.bias))
 */
export const exponentialMovingAverage = ({ decay = 0.999, debias = false }: AverageOptions = {}): Optimizer => {
  decayRate('Optimizer.exponentialMovingAverage', 'decay', decay)
  return make<Trailing>({
    init: params => ({
      averageOfParameters: debias ? Tree.zerosLike(params) : params,
      weight: uniform({ shape: [], dtype: 'float64' }, debias ? 0 : 1)
    }),
    update: (updates, { averageOfParameters, weight }, params) => {
      const next = Tree.add(updates)(params)
      // An average of numbers that are the same is the same, to the last bit, when it moves by their difference.
      const towards = (old: Tensor, p: Tensor): Tensor => add(old, mul(sub(p, old), 1 - decay))
      return [
        updates,
        {
          averageOfParameters: Tree.zipWith(towards)(next)(averageOfParameters),
          weight: add(weight, mul(sub(1, weight), 1 - decay)) as Tensor<[]>
        }
      ]
    }
  })
}

const isTrailing = (state: Tree.Tree): boolean => 'averageOfParameters' in state

/**
 * The average that `Optimizer.exponentialMovingAverage` keeps, as parameters: of a trainer's snapshot, or of parameters and a state of an optimizer.
 *
 * Parameters of which no average is kept, because it stands in one group of `Optimizer.partition`, are as they are, and so are all before the first
 * step with `debias`. Of several averages in a chain it is the first.
 *
 * @throws a Mistake if the state has no average in it
 *
 * @example
 * import { Optimizer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const params = { w: Tensor.scalar(3) }
 * const optimizer = Optimizer.chain(Optimizer.sgd({ learningRate: 0.1 }), Optimizer.exponentialMovingAverage())
 * strictEqual(Tensor.item(Optimizer.averaged({ params, optimizer: optimizer.init(params) }).w), 3)
 */
export const averaged = <P>({ params, optimizer }: { readonly params: P; readonly optimizer: OptimizerState }): P => {
  const found = optimizer.find(isTrailing)
  if (found === undefined)
    throw mistake(
      'InvalidArgument',
      'Optimizer.averaged',
      'the state has no average in it; chain(…, Optimizer.exponentialMovingAverage()) keeps one'
    )
  const { averageOfParameters, weight } = found as unknown as Trailing
  const averages = new Map(Tree.entries(averageOfParameters))
  const some = less(0, weight)
  const divisor = where(some, weight, 1)
  return Tree.mapWithPath((path, p) => {
    const average = averages.get(path)
    return average === undefined ? p : where(some, div(average, cast(average.dtype)(divisor)), p)
  })(params)
}
