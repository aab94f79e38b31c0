/**
 * Parameters by path: `encoder.weight` is a tensor, `encoder` a record of them. What is empty is left out of its record.
 */
import { mistake } from '../structure/mistake.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { entries, refill } from '../tensor/tree.js'
import type { RunLayer, Values } from './runtime.js'

type Fields = Readonly<Record<string, Values>>
const fieldsOf = (values: Values): Fields | undefined =>
  typeof values === 'object' && values !== null && !isTensor(values) ? (values as Fields) : undefined

/** The part of a tree at a path, if there is one. */
export const partAt = (values: Values, path: string): Values => {
  let part = values
  for (const name of path.split('.')) {
    const fields = fieldsOf(part)
    part = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
  }
  return part
}

/** The records on the way to a path, outermost first; those that are missing are empty. */
const recordsTo = (values: Values, names: readonly string[]): readonly Fields[] => {
  const records: Fields[] = []
  let part = values
  for (const name of names) {
    const fields = fieldsOf(part) ?? {}
    records.push(fields)
    part = Object.hasOwn(fields, name) ? fields[name] : undefined
  }
  return records
}
/** The same records with other parts; one whose part is left out and that is empty then is left out as well. */
const rebuilt = (values: Values, path: string, last: Values): Values => {
  const names = path.split('.')
  const records = recordsTo(values, names)
  let part = last
  for (let i = names.length - 1; i >= 0; i--) {
    const { [names[i]!]: _, ...others } = records[i]!
    const filled = part === undefined ? others : { ...others, [names[i]!]: part }
    part = i > 0 && Object.keys(filled).length === 0 ? undefined : filled
  }
  return part
}
/** The tree with a part at a path. */
export const withPart = (values: Values, path: string, part: Values): Values => rebuilt(values, path, part)
/** The tree without its part at a path. */
export const withoutPart = (values: Values, path: string): Values => rebuilt(values, path, undefined)

/** Whether a path is another, or leads further. */
export const isWithin =
  (outer: string) =>
  (path: string): boolean =>
    path === outer || path.startsWith(`${outer}.`)

/** The tree with f of path and leaf in place of every leaf. */
export const mapPaths =
  (operation: string, f: (path: string, leaf: Tensor) => Tensor) =>
  (values: Values): Values =>
    refill(
      values,
      entries(values).map(([names, leaf]) => {
        const path = names.join('.')
        const mapped: unknown = f(path, leaf)
        if (isTensor(mapped)) return mapped
        throw mistake(
          'TreeMismatch',
          operation,
          `of '${path}' the function makes the ${typeof mapped} ${String(mapped)}, not a tensor`
        )
      })
    )

/** Parameters at a path that a layer must have, by their outline. */
export const requirePart = (operation: string, parameters: Values, path: string): Values => {
  const part = partAt(parameters, path)
  if (part !== undefined) return part
  const paths = entries(parameters).map(([names]) => `'${names.join('.')}'`)
  throw mistake(
    'TreeMismatch',
    operation,
    `there is no parameter '${path}' in the model; there are ${paths.join(', ') || 'none'}`
  )
}

/** Whether a parameter is not to be trained, by the word of the layers that it is inside of. */
export const frozenIn =
  (layer: Pick<RunLayer, 'children' | 'frozen'>) =>
  (path: readonly string[]): boolean => {
    let at: Pick<RunLayer, 'children' | 'frozen'> | undefined = layer
    let names = path
    while (at !== undefined) {
      if (at.frozen?.(names.join('.'))) return true
      const [name, ...rest] = names
      const child: RunLayer['children'][number] | undefined = at.children.find(
        each => each.name === undefined || each.name === name
      )
      if (child?.name !== undefined) names = rest
      at = child?.layer
    }
    return false
  }
