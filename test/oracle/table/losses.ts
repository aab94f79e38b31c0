/** Losses by the names of PyTorch's functions. */
import * as t from 'io-ts'
import { Loss, type Tensor } from '../../../src/index.js'
import { type Meaning, meaning } from '../oracle.js'
import { functions } from '../suite.js'

const reduced = t.strict({ reduction: t.keyof({ mean: null, sum: null, none: null }) })
const against = (
  loss: (options: t.TypeOf<typeof reduced>) => (target: Tensor.Tensor) => (prediction: Tensor.Tensor) => Tensor.Tensor
): Meaning =>
  meaning(
    ['input', 'target'],
    reduced,
    options =>
      ({ input, target }) =>
        loss(options)(target)(input)
  )

const table: Readonly<Record<string, Meaning>> = {
  mse_loss: against(Loss.mse),
  l1_loss: against(Loss.l1),
  cross_entropy: against(Loss.crossEntropy)
}

export const losses = functions('losses', table)
