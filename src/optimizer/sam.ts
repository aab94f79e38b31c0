/** SAM: the gradient of the worst neighbour. */
import * as Tree from '../operation/tree.js'
import { div, mul, square } from '../primitive/arithmetic.js'
import { abs } from '../primitive/elementary.js'
import { less, where } from '../primitive/selection.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Optimizer } from './optimizer.js'
import { nonNegative } from './settings.js'

export interface SamOptions {
  /** How far away the gradient is taken: the paper's ρ. */
  readonly radius?: number
  /** Measure the distance in units of the parameters (Kwon et al. 2021). */
  readonly adaptive?: boolean
}

/**
 * Sharpness-aware minimisation (Foret et al. 2021): `optax.contrib.sam`. An optimizer that is given the gradient at the place nearby where the
 * loss is highest, to first order, so that it goes to flat minima.
 *
 * The inner optimizer is given `∇f(p + ρ g / ‖g‖)`, the norm being that of all leaves; adaptive, `∇f(p + ρ |p|² g / ‖|p| g‖)`. Each step takes
 * a second gradient of the same batch, and its loss is that at `p`. Defaults: radius (ρ) 0.05, adaptive false.
 *
 * @throws a Mistake if the radius is negative or not finite
 *
 * @example
 * import { Optimizer, pipe } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const optimizer = pipe(Optimizer.sgd({ learningRate: 0.1, momentum: 0.9 }), Optimizer.sam({ radius: 0.05 }))
 * strictEqual(optimizer.slots, 1)
 */
export const sam = ({ radius = 0.05, adaptive = false }: SamOptions = {}): ((inner: Optimizer) => Optimizer) => {
  nonNegative('Optimizer.sam', 'radius', radius)
  return inner => ({
    ...inner,
    update: (gradients, state, params, context) => {
      const scaled = adaptive ? Tree.zipWith((g, p) => mul(g, abs(p)))(params)(gradients) : gradients
      const direction = adaptive ? Tree.zipWith((g, p) => mul(g, square(p)))(params)(gradients) : gradients
      const norm = Tree.norm(scaled)
      // Where the gradient is zero there is no direction, and nowhere to go.
      const length = where(less(0, norm), div(radius, where(less(0, norm), norm, 1)), 0) as Tensor<[]>
      const [, there] = context.valueAndGrad(Tree.add(Tree.scale(length)(direction))(params))
      return inner.update(there, state, params, context)
    }
  })
}
