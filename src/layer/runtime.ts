/**
 * Layers as they run, without the types that the compiler composes them by.
 *
 * The public functions of this folder are these with the types of `types.ts` put on; here a tree of parameters is a tree,
 * and a shape a list of numbers.
 */
import type { State } from 'fp-ts/lib/State.js'
import type { Key } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'

export type Mode = 'training' | 'evaluation'
/** Plain data that describes a layer. */
export type Setting = number | string | boolean | null | readonly Setting[] | { readonly [name: string]: Setting }

/** A size that is not known when a layer is made. */
export const unknownSize = -1
/** A shape, or shapes in a tree for layers with several inputs or outputs. */
export type RunShape = Shape | readonly RunShape[] | { readonly [name: string]: RunShape }
export const isShape = (shape: RunShape): shape is Shape =>
  Array.isArray(shape) && shape.every(extent => typeof extent === 'number')

export type Values = unknown
export type Memory = { readonly buffers: Values; readonly key: Key }
/** Is told the path and the output of every layer as it is applied. */
export type Look = (path: readonly string[], output: Values) => void

/** A layer inside another. One without a name is transparent: its parameters are its parent's. */
export interface Child {
  readonly name: string | undefined
  readonly layer: RunLayer
}
export interface RunLayer {
  /** What it is, in this library's words: `linear`. */
  readonly kind: string
  /** What it is, in PyTorch's: `Linear`, and the settings it prints. */
  readonly printed: { readonly name: string; readonly settings: string }
  readonly settings: { readonly [name: string]: Setting }
  readonly name?: string
  readonly children: readonly Child[]
  readonly input: RunShape
  readonly output: RunShape
  /** The output's shape for a whole input shape, leading axes included; throws where the input does not fit. */
  readonly shapeOf: (input: RunShape) => RunShape
  /** What each child takes of an input of this shape; if it is left out, each takes what the one before it gives. */
  readonly shapesInside?: (input: RunShape) => readonly RunShape[]
  /** Whether a parameter at a path (`encoder.weight`) is no longer to be trained, by this layer's word; children have their own. */
  readonly frozen?: (path: string) => boolean
  /** Whether the outputs for one example may depend on the others of its batch. */
  readonly batchCoupled: boolean
  readonly init: (options: { readonly dtype: 'float32' | 'float64' }) => State<Key, Values>
  readonly buffers: Values
  readonly forward: (params: Values, mode: Mode, look?: Look) => (x: Values) => (memory: Memory) => [Values, Memory]
}

export const empty: Readonly<Record<string, never>> = Object.freeze({})

/** A record's part, which is left out where it would be empty. */
export const part = (record: Values, name: string | undefined): Values =>
  name === undefined ? record : ((record as Readonly<Record<string, Values>> | undefined)?.[name] ?? empty)

const isEmpty = (values: Values): boolean =>
  typeof values === 'object' && values !== null && !isTensor(values) && Object.keys(values).length === 0

/** The values of children as one record, without the empty ones; a transparent child's are the record itself. */
export const together = (children: readonly Child[], values: readonly Values[]): Values => {
  const filled: Record<string, Values> = {}
  for (let i = 0; i < children.length; i++) {
    const { name } = children[i]!
    if (name === undefined) return values[i]
    if (!isEmpty(values[i])) filled[name] = values[i]
  }
  return filled
}

const sizeFits = (a: number, b: number): boolean => a === b || a === unknownSize || b === unknownSize
/** Whether the last axes of a shape, as many as both have, fit what a layer wants. */
export const fitsTail = (wanted: Shape, given: Shape): boolean => {
  const axes = Math.min(wanted.length, given.length)
  for (let i = 1; i <= axes; i++) if (!sizeFits(wanted[wanted.length - i]!, given[given.length - i]!)) return false
  return true
}
export const showSizes = (shape: RunShape): string =>
  isShape(shape)
    ? `[${shape.map(extent => (extent === unknownSize ? '?' : extent)).join(', ')}]`
    : Array.isArray(shape)
      ? `(${shape.map(showSizes).join(', ')})`
      : 'a record of tensors'

/** The shape rule of layers that map their last axes `input` to `output` and leave the leading ones alone. */
export const trailing =
  (kind: string, input: Shape, output: Shape) =>
  (given: RunShape): RunShape => {
    if (!isShape(given) || given.length < input.length || !fitsTail(input, given)) {
      throw mistake('ShapeMismatch', kind, `input ${showSizes(given)} does not end in ${showSizes(input)}`)
    }
    return [...given.slice(0, given.length - input.length), ...output]
  }

/** A forward pass that neither draws nor remembers. */
export const pure =
  (f: (params: Values) => (x: Tensor) => Tensor): RunLayer['forward'] =>
  params =>
  x =>
  memory => [f(params)(x as Tensor), memory]

/** All but the forward pass of a layer that works element by element, has no parameters and remembers nothing. */
export const elementwise = (
  kind: string,
  name: string,
  settings: RunLayer['settings'] = empty,
  printed = ''
): Omit<RunLayer, 'forward'> => ({
  kind,
  printed: { name, settings: printed },
  settings,
  children: [],
  input: [],
  output: [],
  shapeOf: shape => shape,
  batchCoupled: false,
  init: () => key => [empty, key],
  buffers: empty
})
