/** The form of a tree of tensors: its records and arrays, and the types of its leaves. What is compiled for one tree fits all of its form. */
import { sameShape } from '../structure/shape.js'
import { isTensor, type Tensor, type Type } from '../tensor/tensor.js'

export interface Form<T> {
  /** The types of the leaves, in order. */
  readonly types: readonly Type[]
  /** The leaves of a tree of this form, in the form's order whatever that of its records; nothing for another tree. */
  readonly leaves: (tree: unknown) => readonly Tensor[] | undefined
  /** The tree with these leaves. */
  readonly tree: (leaves: readonly Tensor[]) => T
}

/** The same for a part of a tree; finds leaves into a list, and says whether all fit. */
interface Part {
  readonly find: (node: unknown, found: Tensor[]) => boolean
  readonly build: (leaves: readonly Tensor[]) => unknown
}

const leafPart = ({ shape, dtype }: Type, place: number): Part => ({
  find: (node, found) => {
    if (!isTensor(node) || node.dtype !== dtype || !(node.shape === shape || sameShape(node.shape, shape))) return false
    found.push(node)
    return true
  },
  build: leaves => leaves[place]
})
const arrayPart = (parts: readonly Part[]): Part => ({
  find: (node, found) =>
    Array.isArray(node) && node.length === parts.length && parts.every((part, i) => part.find(node[i], found)),
  build: leaves => parts.map(part => part.build(leaves))
})
const recordPart = (names: readonly string[], parts: readonly Part[]): Part => ({
  find: (node, found) => {
    if (typeof node !== 'object' || node === null || isTensor(node) || Array.isArray(node)) return false
    const fields = node as Readonly<Record<string, unknown>>
    if (Object.keys(fields).length !== names.length) return false
    for (let i = 0; i < names.length; i++)
      if (!(names[i]! in fields) || !parts[i]!.find(fields[names[i]!], found)) return false
    return true
  },
  build: leaves => {
    const fields: Record<string, unknown> = {}
    for (let i = 0; i < names.length; i++) fields[names[i]!] = parts[i]!.build(leaves)
    return fields
  }
})

export const formOf = <T>(example: T): Form<T> => {
  const types: Type[] = []
  const partOf = (node: unknown): Part => {
    if (isTensor(node)) {
      const { shape, dtype } = node
      return leafPart({ shape, dtype }, types.push({ shape, dtype }) - 1)
    }
    const before = types.length
    const fields = node as Readonly<Record<string, unknown>>
    const part = Array.isArray(node)
      ? arrayPart(node.map(partOf))
      : recordPart(
          Object.keys(fields),
          Object.keys(fields).map(name => partOf(fields[name]))
        )
    // What holds no tensor is the same in every tree.
    return types.length === before ? { ...part, build: () => node } : part
  }
  const whole = partOf(example)
  return {
    types,
    leaves: tree => {
      const found: Tensor[] = []
      return whole.find(tree, found) ? found : undefined
    },
    tree: leaves => whole.build(leaves) as T
  }
}
