/** Further ways to drop by chance: whole channels, and for networks that normalize themselves. */
import { typed } from './layer.js'
import { alphaDropoutOf, dropoutOf } from './stateful.js'
import type { Keeping } from './tail.js'
import type { Empty, Layer, Pointwise } from './types.js'

export interface DropoutOptions {
  readonly probability?: number
}
/** Channels with so many axes of places. */
type Planes = [number, number, number]
type Lines = [number, number]

/**
 * In training each channel is 0 as a whole with a probability, and the others are divided by what remains (Tompson et al. 2015):
 * `torch.nn.Dropout1d`. In evaluation nothing happens.
 *
 * Shapes: `[…, channels, length] → […, channels, length]`. `probability` is 0.5 unless given.
 *
 * @throws a Mistake if the probability is not between 0 and 1, or if an input has fewer than two axes
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const dropout = Layer.dropout1d({ probability: 0.5 })
 * const [output] = dropout.forward({}, 'training')(Tensor.ones([100, 4]))({ buffers: {}, key: Random.key(3) })
 * const means = pipe(output, Tensor.mean({ axis: 1 }), Tensor.toArray)
 * deepStrictEqual([...new Set(means)].sort(), [0, 2])
 */
export const dropout1d = ({
  probability = 0.5
}: DropoutOptions = {}): Layer<Empty, Lines, Lines, Empty, 'dropout1d', Keeping<Lines>> =>
  typed(dropoutOf({ kind: 'dropout1d', name: 'Dropout1d', probability, shared: 1 }))

/**
 * In training each channel of an image is 0 as a whole with a probability, and the others are divided by what remains (Tompson et al.
 * 2015): `torch.nn.Dropout2d`. In evaluation nothing happens.
 *
 * Shapes: `[…, channels, height, width] → […, channels, height, width]`. `probability` is 0.5 unless given.
 *
 * @throws a Mistake if the probability is not between 0 and 1, or if an input has fewer than three axes
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const dropout = Layer.dropout2d({ probability: 0.75 })
 * const [output] = dropout.forward({}, 'training')(Tensor.ones([100, 2, 2]))({ buffers: {}, key: Random.key(3) })
 * const means = pipe(output, Tensor.mean({ axis: [1, 2] }), Tensor.toArray)
 * deepStrictEqual([...new Set(means)].sort(), [0, 4])
 */
export const dropout2d = ({
  probability = 0.5
}: DropoutOptions = {}): Layer<Empty, Planes, Planes, Empty, 'dropout2d', Keeping<Planes>> =>
  typed(dropoutOf({ kind: 'dropout2d', name: 'Dropout2d', probability, shared: 2 }))

/**
 * In training each element becomes −1.758…, where SELU saturates, with a probability, and all are scaled and shifted so that mean 0
 * and variance 1 stay what they are (Klambauer et al. 2017): `torch.nn.AlphaDropout`. In evaluation nothing happens.
 *
 * `probability` is 0.5 unless given; with 1 all becomes 0.
 *
 * @throws a Mistake if the probability is not between 0 and 1
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const x = pipe(Random.key(1), Random.normal([10000]))
 * const [y] = Layer.alphaDropout({ probability: 0.2 }).forward({}, 'training')(x)({ buffers: {}, key: Random.key(2) })
 * ok(Math.abs(pipe(y, Tensor.mean(), Tensor.item)) < 0.05)
 * ok(Math.abs(pipe(y, Tensor.variance(), Tensor.item) - 1) < 0.05)
 */
export const alphaDropout = ({ probability = 0.5 }: DropoutOptions = {}): Pointwise<'alphaDropout'> =>
  typed(alphaDropoutOf(probability))
