/**
 * Trees of tensors: a tensor, or an array or record of trees. Parameters, optimizer states and batches are trees.
 *
 * Two trees match when they have the same records and arrays; leaves are paired by name, never by the order of insertion.
 */
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { isTensor, type Tensor } from './tensor.js'

/** Tensors in records and arrays. */
export type Tree = Tensor | readonly Tree[] | { readonly [name: string]: Tree }
/** The same tree with something else at its leaves. */
export type Like<T, L> = T extends Tensor ? L : { readonly [K in keyof T]: Like<T[K], L> }

type Path = readonly string[]
const showPath = (path: Path, whole?: string): string =>
  path.length === 0 ? (whole ?? 'the tree itself') : `'${path.join('.')}'${whole === undefined ? '' : ` in ${whole}`}`

const describe = (node: unknown): string =>
  node === null
    ? 'null'
    : Array.isArray(node)
      ? 'an array'
      : typeof node === 'object'
        ? 'a record'
        : typeof node === 'function'
          ? 'a function'
          : `the ${typeof node} ${String(node)}`

const record = (operation: string, node: unknown, path: Path): Readonly<Record<string, unknown>> => {
  const plain =
    typeof node === 'object' &&
    node !== null &&
    (Object.getPrototypeOf(node) === Object.prototype || Object.getPrototypeOf(node) === null)
  if (!plain)
    throw mistake(
      'TreeMismatch',
      operation,
      `${showPath(path)} is ${describe(node)}; leaves must be tensors (Tensor.scalar makes one of a number)`
    )
  return node as Readonly<Record<string, unknown>>
}

/** Visits the leaves in order: elements of arrays by index, of records by key. */
const walk = (operation: string, tree: unknown, visit: (leaf: Tensor, path: Path) => void, path: Path = []): void => {
  if (isTensor(tree)) visit(tree, path)
  else if (Array.isArray(tree)) tree.forEach((node, i) => walk(operation, node, visit, [...path, String(i)]))
  else {
    const fields = record(operation, tree, path)
    for (const name of Object.keys(fields)) walk(operation, fields[name], visit, [...path, name])
  }
}

/** The leaves of a tree, in order. */
export const leaves = (tree: unknown, operation = 'Tree.leaves'): readonly Tensor[] => {
  const found: Tensor[] = []
  walk(operation, tree, leaf => found.push(leaf))
  return found
}

/** The leaves with their paths, in order. */
export const entries = (tree: unknown): readonly (readonly [Path, Tensor])[] => {
  const found: (readonly [Path, Tensor])[] = []
  walk('Tree.entries', tree, (leaf, path) => found.push([path, leaf]))
  return found
}

/** The tree with other leaves, given in the order of `leaves`. */
export const refill = <T, L>(tree: T, values: readonly L[]): Like<T, L> => {
  let next = 0
  const fill = (node: unknown): unknown => {
    if (isTensor(node)) return values[next++]
    if (Array.isArray(node)) return node.map(fill)
    const fields = node as Readonly<Record<string, unknown>>
    const filled: Record<string, unknown> = {}
    for (const name of Object.keys(fields)) filled[name] = fill(fields[name])
    return filled
  }
  return fill(tree) as Like<T, L>
}

/** The leaves of `tree`, called `whole` in errors, in the order of those of `like`, whose records and arrays it must have. */
export const matching = (operation: string, like: unknown, tree: unknown, whole?: string): readonly Tensor[] => {
  const found: Tensor[] = []
  const wrong = (path: Path, expected: string, actual: unknown) =>
    mistake(
      'TreeMismatch',
      operation,
      `${showPath(path, whole)} should be ${expected}, and is ${isTensor(actual) ? `a tensor ${showShape(actual.shape)}` : describe(actual)}`
    )
  const match = (a: unknown, b: unknown, path: Path): void => {
    if (isTensor(a)) {
      if (!isTensor(b)) throw wrong(path, 'a tensor', b)
      found.push(b)
    } else if (Array.isArray(a)) {
      if (!Array.isArray(b) || b.length !== a.length) throw wrong(path, `an array of ${a.length}`, b)
      a.forEach((node, i) => match(node, b[i], [...path, String(i)]))
    } else {
      const fields = record(operation, a, path)
      if (isTensor(b) || Array.isArray(b) || typeof b !== 'object' || b === null) throw wrong(path, 'a record', b)
      const others = b as Readonly<Record<string, unknown>>
      const names = Object.keys(fields)
      const [missing, extra] = [
        names.filter(name => !(name in others)),
        Object.keys(others).filter(name => !(name in fields))
      ]
      if (missing.length + extra.length > 0) {
        const told = [
          missing.length > 0 ? `lacks ${missing.join(', ')}` : '',
          extra.length > 0 ? `has ${extra.join(', ')} too many` : ''
        ].filter(Boolean)
        throw mistake(
          'TreeMismatch',
          operation,
          `${path.length === 0 && whole === undefined ? 'the record' : showPath(path, whole)} ${told.join(' and ')}`
        )
      }
      for (const name of names) match(fields[name], others[name], [...path, name])
    }
  }
  match(like, tree, [])
  return found
}
