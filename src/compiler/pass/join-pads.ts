/**
 * Sums of padded parts as parts side by side: what becomes of the gradients of slices. Nothing is filled with zeros only to be added to.
 *
 * To each part 0 is added once, as it was by the zeros of the others: −0 becomes 0.
 */
import { add, addPrimitive } from '../../primitive/arithmetic.js'
import { concat, concatPrimitive, padPrimitive, type Window } from '../../primitive/window.js'
import { isFloat } from '../../structure/dtype.js'
import { type Shape, withExtent } from '../../structure/shape.js'
import { type Equation, isExpression, isUniform, type Primitive, type Tensor, zeros } from '../../tensor/tensor.js'
import type { Program } from '../program.js'
import type { Pass } from './pass.js'
import { rewrite } from './rewrite.js'

/** Where parts of a whole lie along one axis, in order; all else is 0. */
interface Places {
  readonly axis: number
  readonly parts: readonly { readonly start: number; readonly end: number }[]
}

/** The one axis along which a part is padded, if it lies there in one piece. */
const paddedAxis = (part: Shape, { start, step, shape }: Window): number | undefined => {
  const axes = shape.flatMap((extent, axis) => (extent === part[axis] && start[axis] === 0 ? [] : [axis]))
  return axes.length === 1 && step[axes[0]!] === 1 ? axes[0] : undefined
}
const placesOf = (e: Equation): Places | undefined => {
  const window = e.attributes as Window
  const { shape } = e.inputs[0]!
  const axis = paddedAxis(shape, window)
  if (axis === undefined || shape[axis] === 0) return undefined
  const start = window.start[axis]!
  return { axis, parts: [{ start, end: start + shape[axis]! }] }
}
const beside = (x: Places, y: Places): Places | undefined => {
  if (x.axis !== y.axis) return undefined
  const parts = [...x.parts, ...y.parts].sort((a, b) => a.start - b.start)
  return parts.every(({ start }, i) => i === 0 || parts[i - 1]!.end <= start) ? { axis: x.axis, parts } : undefined
}

/** The sums of padded parts, or of such sums, that do not overlap, where no other equation needs the parts padded. */
const sumsOf = ({ equations, results }: Program): ReadonlySet<Equation> => {
  const places = new Map<Tensor, Places>()
  const sums = new Set<Equation>()
  const readers = new Map<Tensor, Equation[]>()
  const pads = new Set<Tensor>()
  const kept = new Set<Tensor>(results)
  for (const e of equations) {
    const output = e.outputs[0]!
    const [x, y] = e.primitive === (addPrimitive as Primitive) ? e.inputs.map(input => places.get(input)) : []
    const both = x && y && beside(x, y)
    if (both !== undefined) {
      places.set(output, both)
      sums.add(e)
      for (const input of e.inputs) {
        const list = readers.get(input)
        if (list === undefined) readers.set(input, [e])
        else list.push(e)
      }
      continue
    }
    for (const input of e.inputs) kept.add(input)
    const padded = e.primitive === (padPrimitive as Primitive) ? placesOf(e) : undefined
    if (padded === undefined) continue
    places.set(output, padded)
    pads.add(output)
  }
  // What stays padded is added as it was, and so is what it is added to.
  const todo = [...kept].filter(x => pads.has(x))
  for (let x = todo.pop(); x !== undefined; x = todo.pop())
    for (const e of readers.get(x) ?? []) {
      if (!sums.delete(e)) continue
      todo.push(e.outputs[0]!, ...e.inputs.filter(input => pads.has(input)))
    }
  return sums
}

interface Part {
  readonly start: number
  readonly tensor: Tensor
}
/** The parts of a padded part, or of a concatenation of parts and zeros. */
const partsOf = (x: Tensor, axis: number, plusZero: (pad: Tensor) => Tensor): readonly Part[] => {
  if (!isExpression(x)) return []
  const { primitive, inputs, attributes } = x.equation
  if (primitive === (padPrimitive as Primitive))
    return [{ start: (attributes as Window).start[axis]!, tensor: plusZero(x) }]
  let start = 0
  return inputs.flatMap(tensor => {
    const part = { start, tensor }
    start += tensor.shape[axis]!
    return isUniform(tensor, 0) ? [] : [part]
  })
}
const sideBySide = (parts: readonly Part[], axis: number, { shape, dtype }: Tensor): Tensor => {
  const gap = (extent: number): Tensor => zeros({ shape: withExtent(shape, axis, extent), dtype })
  const whole: Tensor[] = []
  let at = 0
  for (const { start, tensor } of [...parts].sort((a, b) => a.start - b.start)) {
    if (start > at) whole.push(gap(start - at))
    whole.push(tensor)
    at = start + tensor.shape[axis]!
  }
  if (at < shape[axis]!) whole.push(gap(shape[axis]! - at))
  return concat(axis)(whole)
}
/** The axis of a concatenation, or along which a part is padded. */
const axisOf = (x: Tensor): number | undefined => {
  if (!isExpression(x)) return undefined
  const { primitive, inputs, attributes } = x.equation
  if (primitive === (concatPrimitive as Primitive)) return attributes as number
  return primitive === (padPrimitive as Primitive) ? paddedAxis(inputs[0]!.shape, attributes as Window) : undefined
}

export const joinPads: Pass = {
  name: 'joinPads',
  statement:
    'a sum of padded parts that do not overlap = the parts plus 0 side by side, bit for bit; no more equations',
  run: p => {
    const sums = sumsOf(p)
    if (sums.size === 0) return p
    const added = new Map<Tensor, Tensor>()
    const plusZero = (pad: Tensor): Tensor => {
      const known = added.get(pad)
      if (known !== undefined) return known
      const part = isExpression(pad) ? pad.equation.inputs[0]! : pad
      const made = isFloat(part) ? add(part, 0) : part
      added.set(pad, made)
      return made
    }
    return rewrite(p, (e, [x, y]) => {
      if (!sums.has(e)) return undefined
      const axis = axisOf(x!)
      if (axis === undefined || axis !== axisOf(y!)) return undefined
      return [sideBySide([...partsOf(x!, axis, plusZero), ...partsOf(y!, axis, plusZero)], axis, x!)]
    })
  }
}
