/** The laws of layers over sequences, run on those of the library; and layers that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import * as _ from '../../laws/sequences.js'
import { Layer, type Tensor } from '../../src/index.js'
import { typed, untyped } from '../../src/layer/layer.js'
import type { Memory, RunLayer, Values } from '../../src/layer/runtime.js'
import type { AnyLayer } from '../../src/layer/types.js'
import { add, mul } from '../../src/primitive/arithmetic.js'
import { broadcast, reshape, sum } from '../../src/primitive/movement.js'
import { reverse } from '../../src/primitive/window.js'
import { fails, holds } from './verdict.js'

describe('layers over sequences', () => {
  test(_.causality.statement, () => holds(_.causality, _.sequenceCase(_.causalLayers), 60))
  test(_.equivariance.statement, () => holds(_.equivariance, _.sequenceCase(_.orderlessLayers), 60))
  test(_.continuation.statement, () => holds(_.continuation, _.sequenceCase(_.continuing), 40))
  test(_.directions.statement, () => holds(_.directions, _.bothWays, 40))
})

describe('a broken layer over sequences is caught', () => {
  const changed = (layer: AnyLayer, forward: (run: RunLayer) => RunLayer['forward']): AnyLayer => {
    const run = untyped(layer)
    return typed<AnyLayer>({ ...run, forward: forward(run) })
  }
  const always = (layer: AnyLayer) => _.sequenceCase(fc.constant(layer))

  test('that looks at the whole sequence', () => {
    fails(_.causality, always(Layer.selfAttention(2, 1)))
    fails(_.causality, always(Layer.gru(2, 2, { bidirectional: true })))
    const mixing = changed(Layer.sinusoidalEncoding(2), () => () => given => memory => {
      const x = given as Tensor.Tensor
      const total = reshape([...x.shape.slice(0, -2), 1, 2])(sum([x.shape.length - 2])(x))
      return [add(x, broadcast(x.shape)(mul(total, 1e-3))), memory]
    })
    fails(_.causality, always(mixing))
  })
  test('that knows where it is', () => {
    fails(_.equivariance, always(Layer.selfAttention(2, 1, { causal: true })))
    fails(_.equivariance, always(Layer.selfAttention(2, 1, { rotary: true })))
    fails(_.equivariance, always(Layer.sequential(Layer.learnedEncoding(3, 2), Layer.selfAttention(2, 1))))
  })
  test('that begins anew', () => {
    const forgetful = changed(Layer.carried(Layer.gru(2, 2)), run => (params, mode) => given => memory => {
      const { input, state } = given as { readonly input: Tensor.Tensor; readonly state: Tensor.Tensor }
      return run.forward(params, mode)({ input, state: mul(state, 0) })(memory)
    })
    fails(_.continuation, always(forgetful))
  })
  test('that gives back the state before the last step', () => {
    const late = changed(Layer.carried(Layer.lstm(2, 2)), run => (params, mode) => given => (memory: Memory) => {
      const { state } = given as { readonly state: Values }
      const [after, rest] = run.forward(params, mode)(given)(memory)
      return [{ ...(after as object), state }, rest]
    })
    fails(_.continuation, always(late))
  })
  test('of which the direction back is not turned again', () => {
    const turned = (layer: AnyLayer): AnyLayer =>
      changed(layer, run => (params, mode) => given => memory => {
        const x = given as Tensor.Tensor
        const [output, after] = run.forward(params, mode)(reverse([x.shape.length - 2])(x))(memory)
        return [output, after]
      })
    fails(
      _.directions,
      _.bothWays.map(({ one, ...rest }) => ({ ...rest, one: turned(one) }))
    )
  })
})
