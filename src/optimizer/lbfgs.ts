/** L-BFGS: Newton's method with a Hessian guessed from the last few changes of the gradient. */
import { cond } from '../control/cond.js'
import { whileLoop } from '../control/while.js'
import type * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs } from '../primitive/elementary.js'
import { minimum } from '../primitive/extremum.js'
import { sum } from '../primitive/movement.js'
import { bitOr, equal, less, lessEqual, not, where } from '../primitive/selection.js'
import { isTensor, type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { flattened, inner, unflattened } from './flat.js'
import { descentDirection, emptyHistory, type History, remembering } from './lbfgs-history.js'
import { noSteps, oneMore } from './moments.js'
import { type Context, make, type Optimizer } from './optimizer.js'
import { precisionOf } from './precision.js'
import { type Rate, rateAt } from './rate.js'
import { count, nonNegative, oneOf } from './settings.js'
import { largest, type Place, strongWolfe } from './strong-wolfe.js'

export interface LbfgsOptions {
  /** The length of a step; with a line search the length that is tried first. */
  readonly learningRate?: Rate
  /** The most iterations in a step of the optimizer: PyTorch's `max_iter`. */
  readonly iterations?: number
  /** The number of evaluations of the loss from which on a step of the optimizer ends: `max_eval`. */
  readonly evaluations?: number
  /** A step ends where no element of the gradient is larger: `tolerance_grad`. */
  readonly gradientTolerance?: number
  /** It ends where the loss, or every parameter, changes less than this: `tolerance_change`. */
  readonly changeTolerance?: number
  /** How many pairs of a step and a change of the gradient are remembered: `history_size`. */
  readonly history?: number
  /** How the length of a step is found: it is the rate, or it fulfils the strong Wolfe conditions. */
  readonly lineSearch?: 'none' | 'strongWolfe'
}

/** What L-BFGS remembers; vectors are over all parameters. */
export interface LbfgsState {
  /** Iterations and evaluations of the loss in all steps together, int32: PyTorch's `n_iter` and `func_evals`. */
  readonly iterations: Tensor<[]>
  readonly evaluations: Tensor<[]>
  /** The last direction, the length of the step along it, and the gradient before it. */
  readonly direction: Tensor
  readonly length: Tensor
  readonly gradient: Tensor
  readonly history: History
}

interface Iterate {
  readonly state: LbfgsState
  readonly position: Tensor
  readonly value: Tensor
  readonly gradient: Tensor
  /** Iterations and evaluations in this step. */
  readonly taken: Tensor<[]>
  readonly evaluated: Tensor<[]>
  readonly isOver: Tensor<[]>
}

/**
 * L-BFGS (Nocedal 1980; Liu and Nocedal 1989): `torch.optim.LBFGS`, step for step.
 *
 * One step of the optimizer is up to `iterations` steps along `−H g`, where H is the inverse Hessian that the remembered pairs make of a multiple of the
 * identity; it evaluates the loss of its batch again and again, so give it all data at once. The first step of all has the length `min(1, 1 / ‖g‖₁) learningRate`,
 * others the rate, or, with `lineSearch: 'strongWolfe'`, one at which the loss has fallen and its slope has flattened enough. Defaults: learningRate 1, iterations 20,
 * evaluations 5/4 of the iterations, gradientTolerance 1e-7, changeTolerance 1e-9, history 100, lineSearch 'none'. The state tells how many
 * iterations and evaluations there were (`LbfgsState`). In a chain it comes first: it looks at the loss itself, not at transformed gradients.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer, pipe, Tensor, valueAndGrad } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * // Rosenbrock's valley, which bends towards [1, 1].
 * const f = (p: Tensor.Tensor<[2]>) => {
 *   const [x, y] = [Tensor.select(0, 0)(p), Tensor.select(0, 1)(p)]
 *   return pipe(y, Tensor.sub(Tensor.square(x)), Tensor.square, Tensor.mul(100), Tensor.add(Tensor.square(Tensor.sub(1)(x))))
 * }
 * const optimizer = Optimizer.lbfgs({ iterations: 100, changeTolerance: 1e-15, lineSearch: 'strongWolfe' })
 * const start = Tensor.tensor([-1.2, 1], { dtype: 'float64' })
 * const [loss, gradient] = valueAndGrad(f)(start)
 * const context = { loss, step: Tensor.scalar(0, { dtype: 'int32' }), valueAndGrad: valueAndGrad(f) }
 * const [updates] = optimizer.update(gradient, optimizer.init(start), start, context)
 * const [x, y] = Tensor.toArray(Optimizer.applyUpdates(updates)(start))
 * ok(Math.abs(x! - 1) < 1e-6 && Math.abs(y! - 1) < 1e-6)
 */
export const lbfgs = ({
  learningRate = 1,
  iterations = 20,
  evaluations = Math.floor((iterations * 5) / 4),
  gradientTolerance = 1e-7,
  changeTolerance = 1e-9,
  history: remembered = 100,
  lineSearch = 'none'
}: LbfgsOptions = {}): Optimizer => {
  const rate = rateAt('lbfgs', 'learningRate', learningRate)
  count('lbfgs', 'iterations', iterations)
  count('lbfgs', 'evaluations', evaluations)
  count('lbfgs', 'history', remembered)
  nonNegative('lbfgs', 'gradientTolerance', gradientTolerance)
  nonNegative('lbfgs', 'changeTolerance', changeTolerance)
  oneOf('lbfgs', 'lineSearch', lineSearch, ['none', 'strongWolfe'])
  const isOptimal = (gradient: Tensor): Tensor<[]> => lessEqual(largest(gradient), gradientTolerance) as Tensor<[]>

  return make<LbfgsState>({
    init: params => {
      const dtype = precisionOf(params)
      const flat = zeros(flattened(params))
      return {
        iterations: noSteps,
        evaluations: noSteps,
        direction: flat,
        length: zeros({ shape: [], dtype }),
        gradient: flat,
        history: emptyHistory(remembered, flat.shape[0]!, dtype)
      }
    },
    update: (gradients, before, params, { loss, step, valueAndGrad }: Context<Tree.Tree>) => {
      const start = flattened(params)
      const { dtype } = start
      const inPrecision = cast(dtype)
      const given = rate(params, step)
      const full = isTensor(given) ? inPrecision(given) : uniform({ shape: [], dtype }, given)
      const tree = unflattened(params)
      const at = (position: Tensor): readonly [Tensor, Tensor] => {
        const [value, gradient] = valueAndGrad(tree(position))
        return [inPrecision(value), flattened(gradient, dtype)]
      }

      type Moved = Pick<Iterate, 'position' | 'value' | 'gradient' | 'evaluated'> & { readonly length: Tensor }
      /** Along the direction, by a length that is looked for. */
      const searched =
        (direction: Tensor, slope: Tensor) =>
        ({ position, value, gradient, evaluated, length }: Moved): Moved => {
          const along = (to: Tensor): Place => {
            const [there, steepness] = at(add(position, mul(to, direction)))
            return { length: to, value: there, slope: inner(steepness, direction), gradient: steepness }
          }
          const origin = { length: zeros(length), value, slope, gradient }
          const { place, evaluations: looks } = strongWolfe(along, origin, largest(direction), length)
          return {
            position: add(position, mul(place.length, direction)),
            value: place.value,
            gradient: place.gradient,
            evaluated: add(evaluated, looks),
            length: place.length
          }
        }
      /** Along the direction, by a length that is given. After the last iteration nobody asks for the loss there. */
      const stepped =
        (direction: Tensor, isLast: Tensor<[]>) =>
        ({ position, length, ...rest }: Moved): Moved => {
          const there = add(position, mul(length, direction))
          const seen = cond(
            isLast,
            (x: typeof rest) => x,
            ({ evaluated }) => {
              const [value, gradient] = at(there)
              return { value, gradient, evaluated: oneMore(evaluated) }
            }
          )(rest)
          return { position: there, length, ...seen }
        }

      const iterate = ({ state, position, value, gradient, taken, evaluated }: Iterate): Iterate => {
        // Before the first iteration of all, direction and length are 0, and nothing is remembered.
        const history = remembering(state.history, mul(state.direction, state.length), sub(gradient, state.gradient))
        const direction = descentDirection(history, gradient)
        const isFirst = equal(state.iterations, 0)
        const careful = mul(full, minimum(1, div(1, sum([0])(abs(gradient)))))
        const slope = inner(gradient, direction)
        const isFlat = less(-changeTolerance, slope) as Tensor<[]>
        const isLast = equal(oneMore(taken), iterations) as Tensor<[]>
        const here: Moved = { position, value, gradient, evaluated, length: where(isFirst, careful, full) }
        const moved = cond(
          isFlat,
          (x: Moved) => x,
          lineSearch === 'none' ? stepped(direction, isLast) : searched(direction, slope)
        )(here)
        const ends: readonly Tensor[] = [
          isFlat,
          isLast,
          lessEqual(evaluations, moved.evaluated),
          isOptimal(moved.gradient),
          lessEqual(largest(mul(direction, moved.length)), changeTolerance),
          less(abs(sub(moved.value, value)), changeTolerance)
        ]
        return {
          state: {
            iterations: oneMore(state.iterations),
            evaluations: add(state.evaluations, sub(moved.evaluated, evaluated)),
            direction,
            length: moved.length,
            gradient,
            history
          },
          position: moved.position,
          value: moved.value,
          gradient: moved.gradient,
          taken: oneMore(taken),
          evaluated: moved.evaluated,
          isOver: ends.reduce((a, b) => bitOr(a, b)) as Tensor<[]>
        }
      }

      const gradient = flattened(gradients, dtype)
      const end = whileLoop(({ isOver }: Iterate) => not(isOver) as Tensor<[]>)(iterate)({
        state: { ...before, evaluations: oneMore(before.evaluations) },
        position: start,
        value: inPrecision(loss),
        gradient,
        taken: noSteps,
        evaluated: oneMore(noSteps),
        isOver: isOptimal(gradient)
      })
      return [unflattened(params)(sub(end.position, start)), end.state]
    }
  })
}
