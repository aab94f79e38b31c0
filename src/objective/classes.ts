/** Class numbers beside the predictions that they are about: which axis the classes are on, which examples count, and what does not fit. */
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { bitAnd, bitOr, equal, less, lessEqual, not } from '../primitive/selection.js'
import type { Reduce } from '../structure/axis-types.js'
import { type Mistake, mistake } from '../structure/mistake.js'
import {
  normalizeAxis,
  range,
  type Shape,
  sameShape,
  showShape,
  size,
  withExtent,
  without
} from '../structure/shape.js'
import { constant, isConstant, type Tensor } from '../tensor/tensor.js'

/** The axis of the classes where none is given. */
type ClassAxis<S extends Shape, Axis> = Axis extends number ? Axis : S extends readonly [number] ? 0 : 1
/** The shape without the classes: that of the examples. */
export type Examples<S extends Shape, Axis> =
  Reduce<S, ClassAxis<S, Axis>> extends infer Rest extends Shape ? Rest : Shape

/** The classes of a prediction. */
export interface Classes {
  readonly operation: string
  /** The shape of the prediction, which of its axes holds the classes, and how many there are. */
  readonly shape: Shape
  readonly axis: number
  readonly count: number
  /** The shape of the examples: all other axes. */
  readonly examples: Shape
  /** A number for each class, or for each example, in the shape of the prediction. */
  readonly alongClasses: (x: Tensor) => Tensor
  readonly alongExamples: (x: Tensor) => Tensor
}

/** The second axis holds the classes, or the only one, unless told otherwise. */
export const classesOf = (operation: string, { shape }: Tensor, given: number | undefined): Classes => {
  const rank = shape.length
  if (rank === 0) throw mistake('ShapeMismatch', operation, 'a scalar prediction has no axis of classes')
  const axis = given === undefined ? Math.min(1, rank - 1) : normalizeAxis(operation, rank, given)
  const alone = shape.map((extent, i) => (i === axis ? extent : 1))
  return {
    operation,
    shape,
    axis,
    count: shape[axis]!,
    examples: without(shape, [axis]),
    alongClasses: x => broadcast(shape)(reshape(alone)(x)),
    alongExamples: x => broadcast(shape)(reshape(withExtent(shape, axis, 1))(x))
  }
}

/** Whether a target holds class numbers, not probabilities. */
export const isNumbered = ({ dtype }: Tensor): boolean => dtype === 'int32' || dtype === 'bool'

/** What would fit, and the mistake where something else was given. */
export const unfit = {
  numbers: (examples: Shape): string => `class numbers ${showShape(examples)} (int32)`,
  probabilities: (shape: Shape): string => `probabilities ${showShape(shape)}`,
  target: (
    operation: string,
    prediction: { readonly shape: Shape },
    target: Tensor,
    fitting: readonly string[]
  ): Mistake =>
    mistake(
      'ShapeMismatch',
      operation,
      `prediction ${showShape(prediction.shape)} needs a target of ${fitting.join(' or ')}, not ${target.dtype} ${showShape(target.shape)}`
    )
}

/** Class numbers that are known and not ignored are numbers of classes. */
export const checkNumbers = (
  { operation, count }: Pick<Classes, 'operation' | 'count'>,
  what: string,
  numbers: Tensor,
  ignored: number | undefined
): void => {
  if (!isConstant(numbers) || size(numbers.shape) === 0) return
  const wrong = numbers.data.find(number => (number < 0 || number >= count) && number !== ignored)
  if (wrong === undefined) return
  const classes = count === 0 ? 'there is none' : `there are ${count}, numbered 0 to ${count - 1}`
  throw mistake(
    'InvalidArgument',
    operation,
    `class ${wrong} in the ${what} does not exist: ${classes}${ignored === undefined ? ' (ignoreIndex says which number counts nothing)' : `, and ${ignored} is ignored`}`
  )
}

/** Which class each example is of. */
export interface Ones {
  /** True at the class of each example that counts, false at all others; in the shape of the prediction. */
  readonly hot: Tensor
  /** Which examples count; nothing, if all do. */
  readonly kept: Tensor | undefined
  /** Which numbers are those of classes, or ignored; nothing, if all are known to be. */
  readonly valid: Tensor | undefined
}

export const oneOf = (
  classes: Classes,
  target: Tensor,
  ignored: number | undefined,
  fitting: readonly string[]
): Ones => {
  const { operation, count, examples, alongClasses, alongExamples } = classes
  if (!isNumbered(target) || !sameShape(target.shape, examples)) throw unfit.target(operation, classes, target, fitting)
  const numbers = cast('int32')(target)
  checkNumbers(classes, 'target', numbers, ignored)
  const own = equal(alongExamples(numbers), alongClasses(constant([count], 'int32', Int32Array.from(range(count)))))
  const isClass = bitAnd(lessEqual(0, numbers), less(numbers, count))
  const known = isConstant(numbers)
  if (ignored === undefined) return { hot: own, kept: undefined, valid: known ? undefined : isClass }
  const left = equal(numbers, ignored)
  const kept = not(left)
  return {
    hot: ignored >= 0 && ignored < count ? bitAnd(own, alongExamples(kept)) : own,
    kept,
    valid: known ? undefined : bitOr(isClass, left)
  }
}
