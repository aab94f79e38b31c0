/** Attention and the bilinear layer. PyTorch's masks go in as they are: true is "may not" in the module, and "takes part" in the function. */
import * as t from 'io-ts'
import { Layer, Tensor } from '../../../src/index.js'
import { type Meaning, type Named, optionsOf, real } from '../oracle.js'

const bilinearOptions = t.strict({
  in1_features: t.number,
  in2_features: t.number,
  out_features: t.number,
  bias: t.boolean
})
const attentionOptions = t.strict({
  embed_dim: t.number,
  num_heads: t.number,
  bias: t.boolean,
  self_attention: t.boolean
})
const productOptions = t.exact(t.intersection([t.type({ is_causal: t.boolean }), t.partial({ scale: real })]))

export const attentionLayers: Readonly<Record<string, Meaning>> = {
  Bilinear: c => {
    const { in1_features, in2_features, out_features, bias } = optionsOf(bilinearOptions, c)
    const layer = Layer.bilinear(in1_features, in2_features, out_features, { bias })
    return ({ input1, input2, ...params }) => ({ output: layer.apply(params as never)([input1!, input2!]) })
  },
  MultiheadAttention: c => {
    const { embed_dim, num_heads, bias, self_attention } = optionsOf(attentionOptions, c)
    const layer = Layer.multiHeadAttention(embed_dim, num_heads, { bias, weights: true })
    return given => {
      const { input, query, key, value, attn_mask, key_padding_mask, in_proj_weight, in_proj_bias, ...out } = given
      const biases = bias ? { in_proj_bias } : {}
      const out_proj = Object.fromEntries(Object.entries(out).map(([name, x]) => [name.replace('out_proj.', ''), x]))
      const { output, weights } = layer.apply({ in_proj_weight, ...biases, out_proj } as never)({
        ...(self_attention
          ? { query: input!, key: input!, value: input! }
          : { query: query!, key: key!, value: value! }),
        ...(attn_mask === undefined ? {} : { mask: attn_mask }),
        ...(key_padding_mask === undefined ? {} : { keyPadding: key_padding_mask })
      })
      return { output, attn_weights: weights }
    }
  },
  scaled_dot_product_attention: c => {
    const { is_causal: causal, scale } = optionsOf(productOptions, c)
    return ({ query, key, value, attn_mask }: Named) => {
      const attention = {
        key: key!,
        value: value!,
        causal,
        ...(attn_mask === undefined ? {} : { mask: attn_mask }),
        ...(scale === undefined ? {} : { scale })
      }
      return { output: Tensor.scaledDotProductAttention(attention)(query!) }
    }
  }
}
