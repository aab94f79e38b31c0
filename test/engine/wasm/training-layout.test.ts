/** What becomes of whole training steps: few kernels, no copies of state, and an arena hardly larger than what is alive at once. */
import { describe, expect, test } from 'vitest'
import { prepare } from '../../../src/compiler/optimize.js'
import { type Builder, builder, type Settings } from '../../../src/engine/wasm/builder.js'
import { firstAddress } from '../../../src/engine/wasm/image.js'
import { layout } from '../../../src/engine/wasm/layout.js'
import { vectorMath } from '../../../src/engine/wasm/math/math.js'
import { residentDraft } from '../../../src/engine/wasm/resident.js'
import type { Step } from '../../../src/engine/wasm/step.js'
import * as Layer from '../../../src/Layer.js'
import * as Loss from '../../../src/Loss.js'
import * as Optimizer from '../../../src/Optimizer.js'
import * as Random from '../../../src/Random.js'
import * as T from '../../../src/Tensor.js'
import { leaves } from '../../../src/tensor/tree.js'
import { stepProgram, told } from '../../../src/training/program.js'

const settings: Settings = { fusedMultiplyAdd: false, math: vectorMath(false) }
const key = Random.key(1)
const step = T.scalar(0, { dtype: 'int32' })

const chapter = () => {
  const model = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
  const optimizer = Optimizer.sgd({ learningRate: 1e-3 })
  const [params] = model.init({ dtype: 'float32' })(key)
  const carried = { params, buffers: model.buffers, optimizer: optimizer.init(params), key, step }
  const batch = { x: T.zeros([9, 1]), y: T.zeros([9, 1]) }
  const program = stepProgram({ forward: model.forward, loss: Loss.mse(), optimizer }, carried, batch, undefined)
  return { program, carried: leaves(carried).length }
}
const network = () => {
  const model = Layer.sequential(Layer.linear(784, 128), Layer.relu, Layer.linear(128, 10))
  const optimizer = Optimizer.adam()
  const [params] = model.init({ dtype: 'float32' })(key)
  const carried = { params, buffers: model.buffers, optimizer: optimizer.init(params), key, step }
  const batch = { x: T.zeros([128, 784]), y: T.zeros([128], { dtype: 'int32' }) }
  const program = stepProgram(
    { forward: model.forward, loss: Loss.crossEntropy(), optimizer },
    carried,
    batch,
    undefined
  )
  return { program, carried: leaves(carried).length }
}

describe.each([
  ['the chapter, SGD', chapter, 6],
  ['784-128-10, Adam', network, 14]
] as const)('%s', (_, make, mostKernels) => {
  const { program, carried } = make()
  const draft = residentDraft(prepare(program), { carried, watch: told.watched })
  const to: Builder & { readonly steps: readonly Step[] } = builder(settings, [])
  const results = draft.lower(to)
  const plan = layout(to.steps, results, draft.pinned, firstAddress)

  test('is a few kernels', () => {
    expect(to.steps.filter(s => s.kind === 'kernel').length).toBeLessThanOrEqual(mostKernels)
  })
  test('makes its next state where the state lies', () => {
    const moves = to.steps.filter(s => s.kind === 'move')
    expect(moves.length).toBeGreaterThan(3)
    expect(moves.filter(s => !plan.vanished.has(s))).toEqual([])
  })
  test('needs at most 1.3 times the memory that is alive at once', () => {
    expect(plan.end - firstAddress).toBeLessThanOrEqual(1.3 * plan.live)
  })
})
