/** All files of which the library has kinds. */
import type { Suite } from './suite.js'
import { activations } from './table/activations.js'
import { initializers } from './table/initializers.js'
import { layers } from './table/layers.js'
import { losses } from './table/losses.js'
import { optimizers } from './table/optimizers.js'
import { schedulers } from './table/schedulers.js'
import { tensorOps } from './table/tensor_ops.js'
import { trajectories } from './table/trajectories.js'
import { transforms } from './table/transforms.js'

export const suites: readonly Suite[] = [
  transforms,
  trajectories,
  activations,
  layers,
  losses,
  optimizers,
  schedulers,
  initializers,
  tensorOps
]
