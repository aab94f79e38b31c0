/** The bilinear layer. */
import { add, mul } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { promote } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { affineWithin } from './drawing.js'
import { typed } from './layer.js'
import { parameter } from './linear.js'
import { truth } from './printing.js'
import { empty, type RunLayer, type RunShape } from './runtime.js'
import { checkWhole, ending } from './tail.js'
import type { AnyLayer, Empty, TreeLayer } from './types.js'

interface Sizes {
  readonly in1Features: number
  readonly in2Features: number
  readonly outFeatures: number
}

const bilinearOf = (sizes: Sizes, bias: boolean): RunLayer => {
  const kind = 'bilinear'
  const { in1Features: first, in2Features: second, outFeatures: out } = sizes
  for (const [name, value] of Object.entries(sizes)) checkWhole(`Layer.${kind}`, name, value)
  const weightShape: Shape = [out, first, second]
  const rules = [first, second].map((features, i) => ending(`${kind}: input ${i + 1}`, [features], () => [out]))
  const shapeOf = (given: RunShape): Shape => {
    const shapes = given as readonly (Shape | undefined)[]
    if (!Array.isArray(given) || given.length !== 2 || shapes.some(shape => !Array.isArray(shape)))
      throw mistake('TreeMismatch', kind, 'takes an array of 2 inputs')
    const [a, b] = rules.map((rule, i) => rule(shapes[i]!)) as [Shape, Shape]
    if (!sameShape(a, b))
      throw mistake(
        'ShapeMismatch',
        kind,
        `inputs ${showShape(shapes[0]!)} and ${showShape(shapes[1]!)} have other leading axes`
      )
    return a
  }
  return {
    kind,
    printed: {
      name: 'Bilinear',
      settings: `in1_features=${first}, in2_features=${second}, out_features=${out}, bias=${truth(bias)}`
    },
    settings: { ...sizes, bias },
    children: [],
    input: [[first], [second]],
    output: [out],
    shapeOf,
    batchCoupled: false,
    init: affineWithin(1 / Math.sqrt(first), weightShape, bias ? [out] : undefined),
    buffers: empty,
    forward: params => {
      const weight = parameter(kind, params, 'weight', weightShape)
      const offset = bias ? parameter(kind, params, 'bias', [out]) : undefined
      return given => memory => {
        const inputs = (Array.isArray(given) ? given : []) as readonly unknown[]
        const shape = shapeOf(inputs.filter(isTensor).map(x => x.shape))
        const dtype = [...(inputs as readonly Tensor[]), weight].map(x => x.dtype).reduce(promote)
        const [a, b] = inputs.map(x => cast(dtype)(x as Tensor)) as [Tensor, Tensor]
        const examples = size(shape.slice(0, -1))
        // All products of two features as one row, so that what remains is a linear layer and the weight stays as it lies.
        const pairs: Shape = [examples, first, second]
        const column = broadcast(pairs)(reshape([examples, first, 1])(a))
        const row = broadcast(pairs)(reshape([examples, 1, second])(b))
        const products = reshape([examples, first * second])(mul(column, row))
        const rows = reshape([out, first * second])(cast(dtype)(weight))
        const sum = reshape(shape)(matmul({ left: false, right: true })(products, rows))
        return [offset === undefined ? sum : add(sum, broadcast(shape)(cast(dtype)(offset))), memory]
      }
    }
  }
}

type BilinearParams<A extends number, B extends number, O extends number, Bias extends boolean> = {
  readonly weight: Tensor<[O, A, B]>
} & ([Bias] extends [true]
  ? { readonly bias: Tensor<[O]> }
  : [Bias] extends [false]
    ? unknown
    : { readonly bias?: Tensor<[O]> })
/** A layer that is linear in each of two inputs. */
export interface Bilinear<A extends number, B extends number, O extends number, Bias extends boolean = true>
  extends TreeLayer<BilinearParams<A, B, O, Bias>, readonly [[A], [B]], [O], Empty, 'bilinear'> {}

/**
 * A weighted sum of all products of a feature of one input with a feature of another, `y_o = x₁ᵀ W_o x₂ + b_o`: `torch.nn.Bilinear`.
 *
 * Shapes: `[[…, in1Features], […, in2Features]] → […, outFeatures]`. `weight [outFeatures, in1Features, in2Features]` and
 * `bias [outFeatures]` are drawn equally likely from ±1/√in1Features. `bias` is true unless given.
 *
 * @throws a Mistake if a number of features is not a whole number of 1 or more; when applied, if the leading axes of the inputs differ
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // The dot product of two vectors.
 * const dot = Layer.bilinear(2, 2, 1, { bias: false })
 * const weight = Tensor.tensor([[[1, 0], [0, 1]]])
 * deepStrictEqual(Tensor.toArray(dot.apply({ weight })([Tensor.tensor([1, 2]), Tensor.tensor([3, 4])])), [11])
 */
export const bilinear = <A extends number, B extends number, O extends number, Bias extends boolean = true>(
  in1Features: A,
  in2Features: B,
  outFeatures: O,
  { bias = true as Bias }: { readonly bias?: Bias } = {}
): Bilinear<A, B, O, Bias> =>
  typed<AnyLayer>(bilinearOf({ in1Features, in2Features, outFeatures }, bias)) as Bilinear<A, B, O, Bias>
