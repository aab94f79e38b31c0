/** Layers by the names of PyTorch's modules, with the parameters of its `state_dict`. */
import * as t from 'io-ts'
import { Layer } from '../../../src/index.js'
import { type Meaning, optionsOf } from '../oracle.js'
import { functions } from '../suite.js'
import { attentionLayers } from './layers-attention.js'
import { convolutions } from './layers-convolution.js'
import { normalizations } from './layers-normalization.js'
import { pools } from './layers-pooling.js'
import { recurrentLayers } from './layers-recurrent.js'
import { shapes } from './layers-shape.js'

const table: Readonly<Record<string, Meaning>> = {
  ...convolutions,
  ...normalizations,
  ...shapes,
  ...pools,
  ...recurrentLayers,
  ...attentionLayers,
  Linear: c => {
    const options = optionsOf(t.strict({ in_features: t.number, out_features: t.number, bias: t.boolean }), c)
    const { in_features: inFeatures, out_features: outFeatures, bias } = options
    const layer = Layer.linear(inFeatures, outFeatures, { bias })
    return ({ input, weight, ...rest }) => ({ output: layer.apply({ weight: weight!, ...rest })(input!) })
  }
}

export const layers = functions('layers', table)
