/**
 * Several heads of attention at run time: projections, one batch of products for all heads, and the projection back.
 *
 * What is known about a layer with one input, where queries, keys and values are the same tensor, is used: one product then makes all three.
 */
import { attentionScores, attentionWeights, both, causalMask } from '../operation/attention.js'
import { add, mul } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { permute, reshape, sum } from '../primitive/movement.js'
import { not } from '../primitive/selection.js'
import { slice } from '../primitive/window.js'
import { uniform } from '../random/distribution.js'
import { draw } from '../random/key.js'
import { floating, promote } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { affine, parameter } from './linear.js'
import { truth } from './printing.js'
import { empty, type Memory, type Mode, part, type RunLayer, type Values } from './runtime.js'
import { dropoutOf } from './stateful.js'
import { checkWhole } from './tail.js'

export interface HeadSettings {
  readonly embedding: number
  readonly heads: number
  readonly bias: boolean
  readonly keyFeatures: number
  readonly valueFeatures: number
  readonly dropout: number
}
/** What is attended with and to, and where that is forbidden: as PyTorch's module has it, true in a mask is "may not". */
export interface HeadInput {
  readonly query: Tensor
  readonly key: Tensor
  readonly value: Tensor
  readonly mask?: Tensor | undefined
  readonly keyPadding?: Tensor | undefined
}
/** What stands between queries and keys after they are split into heads: `[examples, heads, positions, features]`. */
export type Turn = (x: Tensor) => Tensor

export const checkHeads = (operation: string, settings: HeadSettings): void => {
  const { embedding, heads, keyFeatures, valueFeatures, dropout } = settings
  for (const [name, value] of Object.entries({ embedding, heads, keyFeatures, valueFeatures }))
    checkWhole(operation, name, value)
  if (embedding % heads !== 0)
    throw mistake('InvalidArgument', operation, `${embedding} features cannot be divided among ${heads} heads`)
  if (!(dropout >= 0 && dropout <= 1))
    throw mistake('InvalidArgument', operation, `dropout is ${dropout}, which is not between 0 and 1`)
}

const isPacked = ({ embedding, keyFeatures, valueFeatures }: HeadSettings): boolean =>
  keyFeatures === embedding && valueFeatures === embedding

/** The projections' names and shapes, in PyTorch's order. */
const projectionsOf = (settings: HeadSettings): readonly (readonly [string, Shape])[] => {
  const { embedding, keyFeatures, valueFeatures } = settings
  return isPacked(settings)
    ? [['in_proj_weight', [3 * embedding, embedding]]]
    : [
        ['q_proj_weight', [embedding, embedding]],
        ['k_proj_weight', [embedding, keyFeatures]],
        ['v_proj_weight', [embedding, valueFeatures]]
      ]
}

/** Weights in as Glorot and Bengio (2010) have it, the weight out as of any linear layer, biases 0: as PyTorch draws them. */
export const initHeads =
  (settings: HeadSettings): RunLayer['init'] =>
  ({ dtype }) =>
  key => {
    const { embedding, bias } = settings
    const zero = (extent: number): Tensor => zeros({ shape: [extent], dtype })
    let rest = key
    const drawn = (shape: Shape, bound: number): Tensor => {
      const [value, next] = draw(uniform(shape, { min: -bound, max: bound, dtype }))(rest)
      rest = next
      return value
    }
    const projections = projectionsOf(settings).map(
      ([name, shape]) => [name, drawn(shape, Math.sqrt(6 / (shape[0]! + shape[1]!)))] as const
    )
    const weight = drawn([embedding, embedding], 1 / Math.sqrt(embedding))
    return [
      {
        ...Object.fromEntries(projections),
        ...(bias ? { in_proj_bias: zero(3 * embedding) } : {}),
        out_proj: bias ? { weight, bias: zero(embedding) } : { weight }
      },
      rest
    ]
  }

/** A third of a tensor along an axis. */
const third = (x: Tensor, axis: number, index: number): Tensor => {
  const shape = x.shape.map((extent, i) => (i === axis ? extent / 3 : extent))
  const start = shape.map((extent, i) => (i === axis ? index * extent : 0))
  return slice({ start, step: shape.map(() => 1), shape })(x)
}

/** From what is attended with and to, to queries, keys and values of equal features. */
const projecting = (kind: string, settings: HeadSettings, params: Values) => {
  const { embedding, bias } = settings
  const weights = projectionsOf(settings).map(([name, shape]) => parameter(kind, params, name, shape))
  const biases = bias ? parameter(kind, params, 'in_proj_bias', [3 * embedding]) : undefined
  return ({ query, key, value }: HeadInput): readonly [Tensor, Tensor, Tensor] => {
    const [packed] = weights
    if (isPacked(settings) && query === key && key === value) {
      const all = affine(packed!, biases, query)
      const part = (index: number): Tensor => third(all, all.shape.length - 1, index)
      return [part(0), part(1), part(2)]
    }
    const one = (x: Tensor, index: number): Tensor =>
      affine(isPacked(settings) ? third(packed!, 0, index) : weights[index]!, biases && third(biases, 0, index), x)
    return [one(query, 0), one(key, 1), one(value, 2)]
  }
}

/** Where attention is allowed and what is added to its scores, `[examples or 1, heads or 1, queries, keys]`. */
const masksFor = (
  kind: string,
  { mask, keyPadding }: HeadInput,
  causal: boolean,
  lead: Shape,
  queries: number,
  keys: number
) => {
  /** Under the examples' leading axes or under none, seen with one axis for heads. */
  const seen = (name: string, x: Tensor, own: Shape, shape: Shape): Tensor => {
    const given = x.shape.slice(0, x.shape.length - own.length)
    if (!sameShape(x.shape, [...given, ...own]) || !(given.length === 0 || sameShape(given, lead)))
      throw mistake(
        'ShapeMismatch',
        kind,
        `${name} is ${showShape(x.shape)}, and beside these inputs should be ${showShape(own)}${lead.length === 0 ? '' : ` or ${showShape([...lead, ...own])}`}`
      )
    return reshape([given.length === 0 ? 1 : size(lead), ...shape])(x)
  }
  const given = [
    mask && seen('mask', mask, [queries, keys], [1, queries, keys]),
    keyPadding && seen('keyPadding', keyPadding, [keys], [1, 1, keys])
  ].filter(x => x !== undefined)
  const forbidding = given.filter(x => x.dtype === 'bool').map(not)
  const order = causal ? [causalMask(queries, keys)] : []
  const added = given.filter(x => x.dtype !== 'bool')
  return {
    allowed: [...forbidding, ...order].reduce<Tensor | undefined>(both, undefined),
    added: added.length === 0 ? undefined : added.reduce((a, b) => add(a, b))
  }
}

/** A forward pass over several heads, in which queries and keys may be turned; gives the output and the mean of the heads' weights. */
export const attending = (kind: string, settings: HeadSettings, causal: boolean, turn: Turn = x => x) => {
  const { embedding, heads, bias, dropout } = settings
  const features = embedding / heads
  const coins = dropoutOf({ kind: 'dropout', name: 'Dropout', probability: dropout, shared: 0 })
  return (params: Values, mode: Mode) => {
    const project = projecting(kind, settings, params)
    const out = part(params, 'out_proj')
    const weight = parameter(kind, out, 'weight', [embedding, embedding])
    const offset = bias ? parameter(kind, out, 'bias', [embedding]) : undefined
    const drop = coins.forward(empty, mode)
    return (input: HeadInput, memory: Memory): { output: Tensor; weights: () => Tensor; memory: Memory } => {
      const lead = input.query.shape.slice(0, -2)
      const examples = size(lead)
      const projected = project(input)
      const dtype = floating(projected.map(x => x.dtype).reduce(promote))
      const [query, key, value] = projected.map(x => {
        const positions = x.shape[x.shape.length - 2]!
        return permute([0, 2, 1, 3])(reshape([examples, positions, heads, features])(cast(dtype)(x)))
      }) as [Tensor, Tensor, Tensor]
      const [queries, keys] = [query.shape[2]!, key.shape[2]!]
      const scores = attentionScores(turn(query), turn(key), 1 / Math.sqrt(features))
      const attention = attentionWeights(scores, masksFor(kind, input, causal, lead, queries, keys))
      const [weights, after] = drop(attention)(memory) as [Tensor, Memory]
      const attended = matmul({ left: false, right: false })(weights, value)
      const together = reshape([...lead, queries, embedding])(permute([0, 2, 1, 3])(attended))
      return {
        output: affine(weight, offset, together),
        weights: () => reshape([...lead, queries, keys])(mul(sum([1])(weights), 1 / heads)),
        memory: after
      }
    }
  }
}

/** As PyTorch prints it: with the one projection that is a module there. */
export const printedHeads = ({ embedding, bias }: HeadSettings): RunLayer['printed'] => ({
  name: 'MultiheadAttention',
  settings: `\n  (out_proj): NonDynamicallyQuantizableLinear(in_features=${embedding}, out_features=${embedding}, bias=${truth(bias)})\n`
})
