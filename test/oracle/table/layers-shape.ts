/** Layers that move elements, or fetch them by number, by the names of PyTorch's modules. */
import * as t from 'io-ts'
import { Layer, pipe, Tensor } from '../../../src/index.js'
import { type Meaning, optionsOf } from '../oracle.js'

export const shapes: Readonly<Record<string, Meaning>> = {
  // PyTorch counts axes from the front; a layer here knows the last ones. Where others follow, flattening is an operation.
  Flatten: c => {
    const { start_dim: start, end_dim: end } = optionsOf(t.strict({ start_dim: t.number, end_dim: t.number }), c)
    if (end !== -1) return ({ input }) => ({ output: pipe(input!, Tensor.flatten({ start, end })) })
    const layer = Layer.flatten(c.inputs['input']!.shape.length - start)
    return ({ input }) => ({ output: layer.apply({})(input!) })
  },
  PixelShuffle: c => {
    const layer = Layer.pixelShuffle(optionsOf(t.strict({ upscale_factor: t.number }), c).upscale_factor)
    return ({ input }) => ({ output: layer.apply({})(input! as never) })
  },
  Embedding: c => {
    const decoder = t.exact(
      t.intersection([
        t.type({ num_embeddings: t.number, embedding_dim: t.number }),
        t.partial({ padding_idx: t.number })
      ])
    )
    const { num_embeddings: count, embedding_dim: dimension, padding_idx: paddingIndex } = optionsOf(decoder, c)
    const layer = Layer.embedding(count, dimension, paddingIndex === undefined ? {} : { paddingIndex })
    return ({ input, weight }) => ({ output: layer.apply({ weight: weight! })(input!) })
  }
}
