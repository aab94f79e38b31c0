/**
 * A layer around one other: with its name, its shapes, its buffers, and, unless told otherwise, its parameters and its forward pass.
 *
 * The one inside is a transparent child, so that paths of parameters are the same without and with what is around.
 */

import { key } from '../random/key.js'
import { isMistake } from '../structure/mistake.js'
import { trace } from '../transform/forward.js'
import type { RunLayer, Values } from './runtime.js'

export const around = (
  kind: string,
  printed: string,
  inner: RunLayer,
  { settings = {}, ...parts }: Partial<RunLayer> = {}
): RunLayer => ({
  kind,
  printed: { name: printed, settings: '' },
  settings,
  ...(inner.name === undefined ? {} : { name: inner.name }),
  children: [{ name: undefined, layer: inner }],
  input: inner.input,
  output: inner.output,
  shapeOf: inner.shapeOf,
  batchCoupled: inner.batchCoupled,
  init: inner.init,
  buffers: inner.buffers,
  forward: inner.forward,
  ...parts
})

/** The parameters as unknowns: what is asked is their paths, shapes and dtypes, so that none is drawn. */
export const outline = (operation: string, { init }: RunLayer): Values => {
  const draw = (from: ReturnType<typeof key>): Values => init({ dtype: 'float32' })(from)[0]
  try {
    return trace(operation, draw, key(0)).tree
  } catch (error) {
    // A user's own layer may look at the numbers that it draws.
    if (isMistake(error) && error._tag === 'UnknownValue') return draw(key(0))
    throw error
  }
}
