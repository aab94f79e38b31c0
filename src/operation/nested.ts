/** Nested arrays, to and from the elements of a tensor in row-major order. */
import { mistake } from '../structure/mistake.js'
import { type Shape, strides } from '../structure/shape.js'

/** Numbers or booleans in arrays of equal lengths, as deep as the tensor has axes. */
export type Nested = number | boolean | readonly Nested[]

/** The shape of nested arrays, read off the first of each level. */
export type ShapeOf<N> = Nested extends N
  ? Shape
  : N extends readonly []
    ? [0]
    : N extends readonly unknown[]
      ? ShapeOf<N[0]> extends infer Rest extends Shape
        ? [N['length'], ...Rest]
        : never
      : []

/** Numbers in arrays whose depth is not known. */
export type Numbers = number | readonly Numbers[]
/** Numbers in arrays as deep as a shape has axes. */
export type NumbersOf<S extends Shape> = number extends S['length']
  ? Numbers
  : S extends readonly [number, ...infer Rest extends Shape]
    ? readonly NumbersOf<Rest>[]
    : number

const isArray = (values: Nested): values is readonly Nested[] => Array.isArray(values)
const isElement = (values: Nested): values is number | boolean =>
  typeof values === 'number' || typeof values === 'boolean'

const place = (path: readonly number[]): string => (path.length === 1 ? `row ${path[0]}` : `row [${path.join(', ')}]`)
/** `row 1 has 2 elements where row 0 has 3` */
const differ = (path: readonly number[], node: Nested, first: Nested): string => {
  const [here, there] = [place(path), place(path.map(() => 0))]
  const count = isArray(node) ? `has ${node.length} element${node.length === 1 ? '' : 's'}` : `is a ${typeof node}`
  return `${here} ${count} where ${there} ${isArray(first) ? `has ${first.length}` : `is a ${typeof first}`}`
}

/** The shape of nested arrays, and their elements in order. */
export const fromNested = (
  operation: string,
  values: Nested
): { readonly shape: Shape; readonly elements: readonly (number | boolean)[] } => {
  const firsts: Nested[] = [values]
  for (let first = values; isArray(first) && first.length > 0; first = first[0]!) firsts.push(first[0]!)
  const shape = firsts.filter(isArray).map(first => first.length)
  const elements: (number | boolean)[] = []
  const visit = (node: Nested, path: readonly number[]): void => {
    const extent = shape[path.length]
    if (!isArray(node) && !isElement(node))
      throw mistake(
        'InvalidArgument',
        operation,
        `an element is ${typeof node === 'string' ? JSON.stringify(node) : String(node)}, neither number nor boolean`
      )
    if (isArray(node) ? node.length !== extent : extent !== undefined)
      throw mistake('InvalidArgument', operation, `ragged array: ${differ(path, node, firsts[path.length]!)}`)
    if (isArray(node)) for (let i = 0; i < node.length; i++) visit(node[i]!, [...path, i])
    else elements.push(node)
  }
  visit(values, [])
  return { shape, elements }
}

/** Elements in arrays nested by a shape. */
export const toNested = <A>(shape: Shape, element: (offset: number) => A): unknown => {
  const steps = strides(shape)
  const build = (axis: number, offset: number): unknown =>
    axis === shape.length
      ? element(offset)
      : Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, offset + i * steps[axis]!))
  return build(0, 0)
}
