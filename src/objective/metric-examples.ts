/** Examples as numbers that metrics count: classes beside scores of all classes, and answers yes or no beside one score. */
import { mistake } from '../structure/mistake.js'
import { sameShape, size } from '../structure/shape.js'
import { elements, known, type Tensor } from '../tensor/tensor.js'
import { checkNumbers, classesOf, isNumbered, unfit } from './classes.js'
import { alike } from './reduction.js'

export interface ClassOptions {
  /** The axis of the classes; 1, or 0 where there is no other, unless given. */
  readonly axis?: number
  /** Examples of this number count nothing, such as padding. All count unless it is given. */
  readonly ignoreIndex?: number
}

/** Examples that count. */
export interface ClassExamples {
  /** How many classes there are. */
  readonly classes: number
  /** Which class each example is of. */
  readonly truths: readonly number[]
  readonly score: (example: number, of: number) => number
}

/** What is not a number comes neither before nor after another: to count it as either would hide that something went wrong. */
const checkScores = (operation: string, prediction: Tensor, scores: ArrayLike<number>): void => {
  if (!prediction.dtype.startsWith('float')) return
  for (let i = 0; i < scores.length; i++)
    if (Number.isNaN(scores[i]))
      throw mistake(
        'InvalidArgument',
        operation,
        `element ${i} of the prediction is NaN, which is neither above nor below any number`
      )
}

export const classExamples = (
  operation: string,
  target: Tensor,
  prediction: Tensor,
  { axis, ignoreIndex }: ClassOptions
): ClassExamples => {
  const classes = classesOf(operation, prediction, axis)
  if (!isNumbered(target) || !sameShape(target.shape, classes.examples))
    throw unfit.target(operation, prediction, target, [unfit.numbers(classes.examples)])
  const numbers = elements(known(operation)(target))
  const scores = elements(known(operation)(prediction))
  checkNumbers(classes, 'target', target, ignoreIndex)
  checkScores(operation, prediction, scores)
  // An example is a place before the axis of the classes, and one after it.
  const after = size(prediction.shape.slice(classes.axis + 1))
  const starts: number[] = []
  const truths: number[] = []
  numbers.forEach((number, example) => {
    if (number === ignoreIndex) return
    truths.push(number)
    starts.push(Math.floor(example / after) * classes.count * after + (example % after))
  })
  return { classes: classes.count, truths, score: (example, of) => scores[starts[example]! + of * after]! }
}

/** The class of the largest score, the first of several, as `Tensor.argmax`. */
export const answer = ({ classes, score }: ClassExamples, example: number): number => {
  let best = 0
  for (let other = 1; other < classes; other++) if (score(example, other) > score(example, best)) best = other
  return best
}

/** Answers that are yes or no, and how much a prediction says yes to each. */
export interface BinaryExamples {
  readonly truths: ArrayLike<number>
  readonly scores: ArrayLike<number>
}

export const binaryExamples = (operation: string, target: Tensor, prediction: Tensor): BinaryExamples => {
  alike(operation, target, prediction)
  const truths = elements(known(operation)(target))
  const scores = elements(known(operation)(prediction))
  const wrong = truths.find(truth => truth !== 0 && truth !== 1)
  if (wrong !== undefined) throw mistake('InvalidArgument', operation, `a target is 1 or 0, not ${wrong}`)
  checkScores(operation, prediction, scores)
  return { truths, scores }
}

/** Target and prediction element by element. */
export const elementPairs = (
  operation: string,
  target: Tensor,
  prediction: Tensor
): readonly [ArrayLike<number>, ArrayLike<number>] => {
  alike(operation, target, prediction)
  return [elements(known(operation)(target)), elements(known(operation)(prediction))]
}
