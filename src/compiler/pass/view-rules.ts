/**
 * What views of views are: of reshape, permute and broadcast the reshape comes first and the broadcast last, each at most once where that can be.
 *
 * Moved elements are the same elements, so that nothing here touches a bit.
 */

import {
  broadcast,
  broadcastPrimitive,
  permute,
  permutePrimitive,
  reshape,
  reshapePrimitive
} from '../../primitive/movement.js'
import {
  concatPrimitive,
  padPrimitive,
  reverse,
  reversePrimitive,
  slice,
  slicePrimitive,
  type Window
} from '../../primitive/window.js'
import { range, type Shape, sameShape, size } from '../../structure/shape.js'
import { type Equation, isExpression, type Tensor } from '../../tensor/tensor.js'
import { type ReadOnce, type Rule, rule } from './rule.js'

/** The equation of a tensor, if it is one of this primitive. */
export const madeBy = (primitive: { readonly name: string }, x: Tensor): Equation | undefined =>
  isExpression(x) && x.equation.primitive === primitive ? x.equation : undefined

const padded = (shape: Shape, rank: number): Shape => [...new Array<number>(rank - shape.length).fill(1), ...shape]
/** Without axes of size 1 in front. */
export const trimmed = (shape: Shape): Shape => {
  const first = shape.findIndex(extent => extent !== 1)
  return first < 0 ? [] : shape.slice(first)
}
/** Whether shapes are the same but for axes of size 1. */
const sameExtents = (a: Shape, b: Shape): boolean => {
  const [p, q] = [a.filter(extent => extent !== 1), b.filter(extent => extent !== 1)]
  return sameShape(p, q)
}
/** Whether a permute only moves axes of size 1: then it is a reshape. */
const movesOnlyOnes = (axes: readonly number[], from: Shape): boolean => {
  let last = -1
  for (const axis of axes) {
    if (from[axis] === 1) continue
    if (axis < last) return false
    last = axis
  }
  return true
}

const permuted = (axes: readonly number[], x: Tensor, readOnce: ReadOnce): Tensor => {
  const inner = madeBy(permutePrimitive, x)
  if (inner !== undefined) {
    const before = inner.attributes as readonly number[]
    return permuted(
      axes.map(axis => before[axis]!),
      inner.inputs[0]!,
      readOnce
    )
  }
  if (movesOnlyOnes(axes, x.shape))
    return reshaped(
      axes.map(axis => x.shape[axis]!),
      x,
      readOnce
    )
  const wide = madeBy(broadcastPrimitive, x)
  if (wide !== undefined && readOnce(x)) {
    const source = wide.inputs[0]!
    const from = padded(source.shape, x.shape.length)
    // A reshape and a permute for one permute would be one more.
    if (source.shape.length < from.length && !movesOnlyOnes(axes, from)) return permute(axes)(x)
    const whole = reshaped(from, source, readOnce)
    return broadcasted(
      axes.map(axis => x.shape[axis]!),
      permuted(axes, whole, readOnce),
      readOnce
    )
  }
  return permute(axes)(x)
}

const reshaped = (shape: Shape, x: Tensor, readOnce: ReadOnce): Tensor => {
  if (sameShape(shape, x.shape)) return x
  const inner = madeBy(reshapePrimitive, x)
  if (inner !== undefined) return reshaped(shape, inner.inputs[0]!, readOnce)
  const wide = madeBy(broadcastPrimitive, x)
  if (wide === undefined || !readOnce(x)) return reshape(shape)(x)
  const source = wide.inputs[0]!
  if (size(source.shape) === 1 && size(shape) !== 1) return broadcasted(shape, reshaped([], source, readOnce), readOnce)
  if (!sameExtents(shape, x.shape)) return reshape(shape)(x)
  // Axes of more than one element are the same before and after; each keeps what it repeats.
  const from = padded(source.shape, x.shape.length)
  const kept = from.filter((_, axis) => x.shape[axis] !== 1)
  let next = 0
  const narrow = shape.map(extent => (extent === 1 ? 1 : kept[next++]!))
  return broadcasted(shape, reshaped(trimmed(narrow), source, readOnce), readOnce)
}

const broadcasted = (shape: Shape, x: Tensor, readOnce: ReadOnce): Tensor => {
  if (sameShape(shape, x.shape)) return x
  const inner = madeBy(broadcastPrimitive, x)
  if (inner !== undefined) return broadcasted(shape, inner.inputs[0]!, readOnce)
  if (size(shape) === size(x.shape)) return reshaped(shape, x, readOnce)
  // Axes of size 1 in front come by themselves.
  const narrow = madeBy(reshapePrimitive, x)?.inputs[0]
  const alike =
    narrow !== undefined &&
    narrow.shape.length <= shape.length &&
    sameShape(padded(narrow.shape, shape.length), padded(x.shape, shape.length))
  return broadcast(shape)(alike ? narrow : x)
}

const sliced = (window: Window, x: Tensor, readOnce: ReadOnce): Tensor | undefined => {
  const { start, step, shape } = window
  // As many elements along each axis as there are: all of them.
  if (sameShape(shape, x.shape)) return x
  const inner = madeBy(slicePrimitive, x)
  if (inner !== undefined) {
    const before = inner.attributes as Window
    return slice({
      start: start.map((first, axis) => before.start[axis]! + first * before.step[axis]!),
      step: step.map((by, axis) => by * before.step[axis]!),
      shape
    })(inner.inputs[0]!)
  }
  const filled = madeBy(padPrimitive, x)
  if (filled !== undefined && sameShape(filled.inputs[0]!.shape, shape)) {
    const into = filled.attributes as Window
    if (sameShape(into.start, start) && sameShape(into.step, step)) return filled.inputs[0]!
  }
  const joined = madeBy(concatPrimitive, x)
  if (joined !== undefined && size(shape) > 0) {
    const axis = joined.attributes as number
    const [first, last] = [start[axis]!, start[axis]! + (shape[axis]! - 1) * step[axis]!]
    let before = 0
    for (const part of joined.inputs) {
      const after = before + part.shape[axis]!
      if (first >= before && last < after) {
        const inside = { start: start.map((at, a) => (a === axis ? at - before : at)), step, shape }
        return sliced(inside, part, readOnce) ?? slice(inside)(part)
      }
      before = after
    }
  }
  return undefined
}

/** A rule from what makes a view anew: where that is the same view of the same tensor, nothing has happened. */
const anew = <A>(
  primitive: { readonly name: string },
  make: (attributes: A, x: Tensor, readOnce: ReadOnce) => Tensor
): Rule =>
  rule(primitive, ([x], attributes: A, readOnce) => {
    const made = make(attributes, x!, readOnce)
    return madeBy(primitive, made)?.inputs[0] === x ? undefined : made
  })

export const viewRules: readonly Rule[] = [
  anew(permutePrimitive, permuted),
  anew(reshapePrimitive, reshaped),
  anew(broadcastPrimitive, broadcasted),
  rule(slicePrimitive, ([x], window: Window, readOnce) => sliced(window, x!, readOnce)),
  rule(padPrimitive, ([x], { shape }: Window) => (sameShape(shape, x!.shape) ? x : undefined)),
  rule(reversePrimitive, ([x], axes: readonly number[]) => {
    const inner = madeBy(reversePrimitive, x!)
    const moved = (all: readonly number[]): readonly number[] => all.filter(axis => x!.shape[axis]! > 1)
    const before = inner === undefined ? [] : (inner.attributes as readonly number[])
    const once = moved(range(x!.shape.length).filter(axis => axes.includes(axis) !== before.includes(axis)))
    return inner !== undefined || once.length < axes.length ? reverse(once)(inner?.inputs[0] ?? x!) : undefined
  })
]
