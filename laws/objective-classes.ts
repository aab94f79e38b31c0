/** Cases of losses of classes and of distributions over them. */
import fc from 'fast-check'
import * as Loss from '../src/Loss.js'
import { range, type Shape } from '../src/structure/shape.js'
import { type Constant, constant, type Tensor } from '../src/tensor/tensor.js'
import { float64, type LossCase, large, listOf, lossCase, number, orderOf } from './objective-case.js'

const added = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
/** A distribution by its logits, and its logarithms. */
const softmax = (logits: readonly number[]): readonly number[] => {
  const powers = logits.map(Math.exp)
  return powers.map(p => p / added(powers))
}
const logSoftmax = (logits: readonly number[]): readonly number[] => softmax(logits).map(Math.log)
/** Logits of what is given up to a factor; of 0, so low that it counts for nothing. */
const logits = (masses: readonly number[]): readonly number[] => masses.map(m => (m === 0 ? -100 : Math.log(m)))

/** Where the examples of a batch and their classes are: `[n, classes]`, `[n, classes, more]`, or with the classes last. */
interface Layout {
  readonly n: number
  readonly more: number | undefined
  readonly last: boolean
  readonly classes: number
}
const layouts: fc.Arbitrary<Layout> = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  more: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
  last: fc.boolean(),
  classes: fc.integer({ min: 2, max: 3 })
})
const exampleShape = ({ n, more }: Layout): Shape => (more === undefined ? [n] : [n, more])
const exampleCount = ({ n, more = 1 }: Layout): number => n * more

/** A list of numbers for each example, one for each class, as a tensor. */
const arranged = ({ n, more, last, classes }: Layout, examples: readonly (readonly number[])[]): Constant => {
  if (more === undefined) return float64([n, classes], examples.flat())
  if (last) return float64([n, more, classes], examples.flat())
  return float64(
    [n, classes, more],
    range(n).flatMap(i => range(classes).flatMap(c => range(more).map(j => examples[i * more + j]![c]!)))
  )
}

interface Choice {
  readonly weight: readonly number[] | undefined
  readonly smoothing: number
  readonly ignored: number | undefined
}
/** How much of each class an example is, before weights; nothing, if it is ignored. */
const sharesOf = (numbered: number, classes: number, { smoothing, ignored }: Choice): readonly number[] =>
  range(classes).map(c => (numbered === ignored ? 0 : smoothing / classes + (c === numbered ? 1 - smoothing : 0)))
const optionsOf = ({ weight, ignored }: Choice, { last }: Layout) => ({
  ...(weight === undefined ? {} : { weight: float64([weight.length], weight) }),
  ...(ignored === undefined ? {} : { ignoreIndex: ignored }),
  ...(last ? { axis: -1 } : {})
})
const weightedBy = ({ weight }: Choice, shares: readonly number[]): readonly number[] =>
  shares.map((share, c) => share * (weight?.[c] ?? 1))

const choices = ({ classes }: Layout, smooth: boolean): fc.Arbitrary<Choice> =>
  fc.record({
    weight: fc.option(listOf(number(0.3, 2), classes), { nil: undefined }),
    smoothing: smooth ? fc.constantFrom(0, 0.1, 1) : fc.constant(0),
    ignored: fc.option(fc.nat(classes - 1), { nil: undefined })
  })

/** Class numbers, of which the first is not ignored. */
const numbersFor = (layout: Layout, { ignored }: Choice): fc.Arbitrary<readonly number[]> =>
  listOf(fc.nat(layout.classes - 1), exampleCount(layout)).map(([first, ...others]) => [
    first === ignored ? (first! + 1) % layout.classes : first!,
    ...others
  ])
const countedWeights = ({ weight, ignored }: Choice, numbers: readonly number[]): number =>
  added(numbers.map(c => (c === ignored ? 0 : (weight?.[c] ?? 1))))
const numberTensor = (layout: Layout, numbers: readonly number[]): Tensor =>
  constant(exampleShape(layout), 'int32', Int32Array.from(numbers))

/** Far apart, and −∞ where a class has no share and another one has. */
const far = (shares: readonly number[], chosen: readonly number[]): readonly number[] =>
  shares.map((share, c) =>
    share === 0 && added(shares) > 0 && chosen[c] === 0 ? Number.NEGATIVE_INFINITY : chosen[c]!
  )

const ofNumbers: fc.Arbitrary<LossCase> = layouts
  .chain(layout => fc.tuple(fc.constant(layout), choices(layout, true)))
  .chain(([layout, choice]) => {
    const [n, { classes }] = [exampleCount(layout), layout]
    return fc
      .tuple(
        listOf(listOf(number(), classes), n),
        numbersFor(layout, choice),
        listOf(listOf(large, classes), n),
        orderOf(layout.n)
      )
      .map(([scores, numbers, extremes, order]) => {
        const shares = numbers.map(c => sharesOf(c, classes, choice))
        return lossCase({
          loss: options =>
            Loss.crossEntropy({ ...options, ...optionsOf(choice, layout), labelSmoothing: choice.smoothing }),
          target: numberTensor(layout, numbers),
          prediction: arranged(layout, scores),
          optimum: arranged(
            layout,
            shares.map(each => logits(weightedBy(choice, each)))
          ),
          extreme: arranged(
            layout,
            shares.map((each, i) => far(each, extremes[i]!))
          ),
          order,
          divisor: countedWeights(choice, numbers)
        })
      })
  })

const ofProbabilities: fc.Arbitrary<LossCase> = layouts
  .chain(layout => fc.tuple(fc.constant(layout), choices(layout, true)))
  .chain(([layout, given]) => {
    const [n, { classes }] = [exampleCount(layout), layout]
    const choice = { ...given, ignored: undefined }
    return fc
      .tuple(
        listOf(listOf(number(), classes), n),
        listOf(listOf(number(), classes), n),
        listOf(listOf(large, classes), n),
        orderOf(layout.n)
      )
      .map(([scores, masses, extremes, order]) => {
        const targets = masses.map(softmax)
        const shares = targets.map(each => each.map(p => p * (1 - choice.smoothing) + choice.smoothing / classes))
        return lossCase({
          loss: options =>
            Loss.crossEntropy({ ...options, ...optionsOf(choice, layout), labelSmoothing: choice.smoothing }),
          target: arranged(layout, targets),
          prediction: arranged(layout, scores),
          optimum: arranged(
            layout,
            shares.map(each => logits(weightedBy(choice, each)))
          ),
          extreme: arranged(layout, extremes),
          order,
          divisor: n,
          throughTarget: true
        })
      })
  })

const ofLogProbabilities: fc.Arbitrary<LossCase> = layouts
  .chain(layout => fc.tuple(fc.constant(layout), choices(layout, false)))
  .chain(([layout, choice]) => {
    const [n, { classes }] = [exampleCount(layout), layout]
    return fc
      .tuple(listOf(listOf(number(), classes), n), numbersFor(layout, choice), orderOf(layout.n))
      .map(([scores, numbers, order]) => {
        const certain = numbers.map(c => range(classes).map(k => (k === c ? 0 : -700)))
        return lossCase({
          loss: options => Loss.nll({ ...options, ...optionsOf(choice, layout) }),
          target: numberTensor(layout, numbers),
          prediction: arranged(layout, scores.map(logSoftmax)),
          optimum: arranged(layout, certain),
          extreme: arranged(
            layout,
            certain.map(each => [...each].reverse())
          ),
          order,
          divisor: countedWeights(choice, numbers)
        })
      })
  })

/** Distributions in rows, of which some hold a 0. */
const ofDivergence: fc.Arbitrary<LossCase> = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 2, max: 3 }),
    fc.constantFrom<'zeros' | 'positive' | 'logarithms'>('zeros', 'positive', 'logarithms'),
    fc.boolean()
  )
  .chain(([n, classes, kind, ofBatch]) => {
    const rows = (most: number) => listOf(listOf(number(-most, most), classes), n)
    // Near 0 the logarithm of a target bends too much for differences.
    return fc.tuple(rows(2), rows(0.6), orderOf(n)).map(([scores, masses, order]) => {
      const targets = masses.map(row =>
        softmax(row.map((x, c) => (kind === 'zeros' && c === 0 ? Number.NEGATIVE_INFINITY : x)))
      )
      const tensorOf = (of: readonly (readonly number[])[]): Tensor => float64([n, classes], of.flat())
      const logarithms = tensorOf(targets.map(row => row.map(Math.log)))
      return lossCase({
        loss: ({ reduction }) =>
          Loss.klDivergence({
            reduction: ofBatch && reduction === 'mean' ? 'batchmean' : reduction,
            logTarget: kind === 'logarithms'
          }),
        target: kind === 'logarithms' ? logarithms : tensorOf(targets),
        prediction: tensorOf(scores.map(logSoftmax)),
        optimum: logarithms,
        extreme: tensorOf(scores.map(row => row.map(x => (x < 0 ? 0 : -700)))),
        order,
        divisor: ofBatch ? n : n * classes,
        throughTarget: kind !== 'zeros'
      })
    })
  })

export const classTable = {
  crossEntropy: fc.oneof(ofNumbers, ofProbabilities),
  nll: ofLogProbabilities,
  klDivergence: ofDivergence
}
