/** What activations have in common: shapes that stay, no parameters, and PyTorch's line when printed. */
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { elementwise, empty, pure, type RunLayer } from './runtime.js'
import type { Pointwise, ShapeFunction } from './types.js'

/** Sizes stay as they are, those that the layer does not know too. */
export interface Kept extends ShapeFunction {
  readonly result: this['given']
}

/** A number as Python prints a float. */
export const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

export const pointwiseLayer = <K extends string>(
  kind: K,
  name: string,
  f: (x: Tensor) => Tensor,
  settings: RunLayer['settings'] = empty,
  printed = ''
): Pointwise<K> => typed<Pointwise<K>>({ ...elementwise(kind, name, settings, printed), forward: pure(() => f) })
