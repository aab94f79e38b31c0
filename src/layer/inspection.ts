/** Looking at layers: printed as PyTorch prints them, summed up in a table, as plain data, their parameters and outputs by path. */

import { key } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { showShape, size } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { entries, leaves, matching } from '../tensor/tree.js'
import { isShape, part, type RunLayer, type RunShape, type Setting, showSizes, type Values } from './runtime.js'

const indent = (text: string): string => text.replace(/\n/g, '\n  ')

export const showLayer = ({ printed: { name, settings }, children }: RunLayer): string =>
  children.length === 0
    ? `${name}(${settings})`
    : `${name}(${children.map(child => `\n  (${child.name ?? 'inner'}): ${indent(showLayer(child.layer))}`).join('')}\n)`

/** A layer as plain data: its kind, its settings, the layers inside it. */
export interface Specification {
  readonly kind: string
  readonly name?: string
  readonly settings: { readonly [name: string]: Setting }
  readonly layers: readonly Specification[]
}
export const specOf = ({ kind, name, settings, children }: RunLayer): Specification => ({
  kind,
  ...(name === undefined ? {} : { name }),
  settings,
  layers: children.map(child => specOf(child.layer))
})

/** The leaves of parameters with their paths, in the order of the layers and not of the record's keys, of which JavaScript puts numbers first. */
export const namedLeaves = (layer: RunLayer, params: Values): readonly (readonly [string, Tensor])[] => {
  if (layer.children.length === 0) return entries(params).map(([path, leaf]) => [path.join('.'), leaf] as const)
  return layer.children.flatMap(({ name, layer: inner }) =>
    namedLeaves(inner, part(params, name)).map(
      ([path, leaf]) => [name === undefined ? path : `${name}.${path}`, leaf] as const
    )
  )
}

/** The parameters as they would be drawn: their shapes are what is wanted. */
const example = (layer: RunLayer): Values => layer.init({ dtype: 'float32' })(key(0))[0]

export const checkParameters = (layer: RunLayer, operation: string, params: Values): Values => {
  matching(operation, example(layer), params)
  return params
}

interface Row {
  readonly path: string
  readonly kind: string
  readonly output: string
  readonly parameters: number
}
const countOf = (params: Values): number => leaves(params).reduce((total, leaf) => total + size(leaf.shape), 0)
/** The output that a layer declares, where there is something to tell before an input is known. */
const declared = ({ output }: RunLayer): RunShape | undefined =>
  isShape(output) && output.length === 0 ? undefined : output

/** The rows of a layer and of those inside it, whose parameters are parts of its own: what is shared is counted once. */
const rowsOf = (
  layer: RunLayer,
  path: readonly string[],
  params: Values,
  input: RunShape | undefined
): readonly Row[] => {
  const shown = input === undefined ? declared(layer) : layer.shapeOf(input)
  const own: Row = {
    path: path.join('.'),
    kind: layer.printed.name,
    output: shown === undefined ? '' : showSizes(shown),
    parameters: layer.children.length === 0 ? countOf(params) : 0
  }
  const apart = input === undefined ? undefined : layer.shapesInside?.(input)
  let shape = input
  const inner = layer.children.flatMap(({ name, layer: child }, i) => {
    const given = apart === undefined ? shape : apart[i]
    const rows = rowsOf(child, name === undefined ? path : [...path, name], part(params, name), given)
    if (apart === undefined && shape !== undefined) shape = child.shapeOf(shape)
    return rows
  })
  return layer.children.length === 0 || path.length > 0 ? [own, ...inner] : inner
}

/** A table: each layer's path, kind, output and number of parameters, and their total. */
export const summaryOf = (layer: RunLayer, inputShape: RunShape | undefined): string => {
  const params = example(layer)
  const rows = rowsOf(layer, [], params, inputShape)
  const total = countOf(params)
  const number = (n: number): string => n.toLocaleString('en-US')
  const cells = [
    ['layer', 'kind', 'output', 'parameters'],
    ...rows.map(({ path, kind, output, parameters }) => [path, kind, output, number(parameters)]),
    ['total', '', '', number(total)]
  ]
  const widths = [0, 1, 2, 3].map(column => Math.max(...cells.map(row => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, 6))
  return [line(cells[0]!), rule, ...cells.slice(1, -1).map(line), rule, line(cells[cells.length - 1]!)].join('\n')
}

/** Every layer's output by path: what forward hooks are used for. */
export const intermediatesOf = (
  layer: RunLayer,
  params: Values,
  buffers: Values,
  x: Values
): { readonly [path: string]: Values } => {
  const found: Record<string, Values> = {}
  const [output] = layer.forward(params, 'evaluation', (path, value) => {
    found[path.join('.')] = value
  })(x)({ buffers, key: key(0) })
  // Nothing inside has a path of its own.
  if (Object.keys(found).length === 0) found[layer.name ?? layer.kind] = output
  return found
}

/** The shape of one tensor or of each in a tree. */
export const shapesOf = (x: Values): RunShape =>
  isTensor(x)
    ? x.shape
    : Array.isArray(x)
      ? x.map(shapesOf)
      : Object.fromEntries(
          Object.entries(x as Readonly<Record<string, Values>>).map(([name, value]) => [name, shapesOf(value)])
        )

/** A custom layer must map the shapes that it says; it is asked once for each call. */
export const checkOutput = (kind: string, declared: Shape, input: Shape, wanted: Shape, output: Values): Tensor => {
  const lead = wanted.slice(0, Math.max(0, wanted.length - input.length))
  if (!isTensor(output)) throw mistake('TreeMismatch', kind, 'gives no tensor')
  const expected = [...lead, ...declared]
  const fits =
    output.shape.length === expected.length &&
    expected.every((extent, axis) => extent < 0 || extent === output.shape[axis])
  if (!fits)
    throw mistake(
      'ShapeMismatch',
      kind,
      `declares output ${showSizes(declared)}, so for input ${showShape(wanted)} gives ${showSizes(expected)}, but gave ${showShape(output.shape)}`
    )
  return output
}
