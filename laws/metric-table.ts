/** For every metric that the library exports, cases of it with arbitrary options and examples. One that is missing here is a type error. */
import fc from 'fast-check'
import * as Loss from '../src/Loss.js'
import * as Metric from '../src/Metric.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import { type MetricCase, metricCase } from './metrics.js'
import { float64, listOf, number, orderOf } from './objective-case.js'

/** What `Metric` exports beside metrics: words about them, which the laws themselves are about. */
export const words = [
  'evaluate',
  'fold',
  'map',
  'contramap',
  'contramapTarget',
  'Functor',
  'Profunctor',
  'URI'
] as const
export type MetricName = Exclude<keyof typeof Metric, (typeof words)[number]>

const count = fc.integer({ min: 0, max: 7 })
const rest: fc.Arbitrary<Shape> = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 1 })
/** Numbers many of which are equal: ties are what metrics of order go wrong on. */
const score = fc.oneof(fc.integer({ min: -2, max: 2 }), number())
const arranged = (n: number) =>
  fc.record({
    order: orderOf(n),
    cuts: fc
      .tuple(fc.integer({ min: 0, max: n }), fc.integer({ min: 0, max: n }))
      .map(([a, b]): readonly [number, number] => [Math.min(a, b), Math.max(a, b)])
  })
type Cases = fc.Arbitrary<MetricCase>
type Of<M, A> = Metric.Metric<Tensor, Tensor, M, A>

/** Of numbers in one shape. */
const ofNumbers = <M, A>(
  metrics: fc.Arbitrary<Of<M, A>>,
  bounds: readonly [number, number],
  best: A,
  fewest = 1
): Cases =>
  fc.tuple(metrics, count, rest).chain(([metric, n, more]) => {
    const shape = [n, ...more]
    const numbers = listOf(score, size(shape)).map(values => float64(shape, values))
    return fc.tuple(numbers, numbers, arranged(n)).map(([target, prediction, how]) =>
      metricCase({
        metric,
        target,
        prediction,
        bounds,
        ...how,
        ...(n < fewest ? {} : { best: { prediction: target, reading: best } })
      })
    )
  })

/** Of answers yes and no; a right prediction says no more of a no than the threshold, and more of a yes. */
const ofAnswers = <M>(metrics: fc.Arbitrary<Of<M, number>>, needs: 'any' | 'a yes' | 'both'): Cases =>
  fc.tuple(metrics, count).chain(([metric, n]) =>
    fc.tuple(listOf(fc.constantFrom(0, 1), n), listOf(score, n), arranged(n)).map(([truths, scores, how]) => {
      const [yes, no] = [truths.includes(1), truths.includes(0)]
      const says = { any: n > 0, 'a yes': yes, both: yes && no }[needs]
      return metricCase({
        metric,
        target: float64([n], truths),
        prediction: float64([n], scores),
        bounds: [0, 1],
        ...how,
        ...(says
          ? {
              best: {
                prediction: float64(
                  [n],
                  truths.map(truth => 4 * truth - 2)
                ),
                reading: 1
              }
            }
          : {})
      })
    })
  )

type ClassMetric<M, A> = (options: { readonly axis?: number; readonly ignoreIndex?: number }) => Of<M, A>
const ignored = -100
/** Of classes, along the second axis or the last, some of the examples ignored. */
const ofClasses = <M, A>(
  metrics: fc.Arbitrary<ClassMetric<M, A>>,
  bounds: readonly [number, number],
  best: A | undefined
): Cases =>
  fc
    .tuple(metrics, count, fc.integer({ min: 1, max: 4 }), rest, fc.boolean())
    .chain(([make, n, classes, more, last]) => {
      const axis = last ? more.length + 1 : 1
      const examples: Shape = [n, ...more]
      const shape = [...examples.slice(0, axis), classes, ...examples.slice(axis)]
      const truth = fc.oneof({ weight: 5, arbitrary: fc.nat(classes - 1) }, fc.constant(ignored))
      return fc
        .tuple(listOf(truth, size(examples)), listOf(score, size(shape)), arranged(n))
        .map(([truths, scores, how]) => {
          const after = size(shape.slice(axis + 1))
          // The class that an element of the prediction is about, and the example that it belongs to.
          const isRight = (element: number): boolean => {
            const example = Math.floor(element / (after * classes)) * after + (element % after)
            return Math.floor(element / after) % classes === truths[example]
          }
          const right = float64(
            shape,
            range(size(shape)).map(element => (isRight(element) ? 800 : -800))
          )
          const counts = truths.some(one => one !== ignored)
          return metricCase({
            metric: make({ axis, ignoreIndex: ignored }),
            target: constant(examples, 'int32', Int32Array.from(truths)),
            prediction: float64(shape, scores),
            bounds,
            ...how,
            ...(counts && best !== undefined ? { best: { prediction: right, reading: best } } : {})
          })
        })
    })

const threshold = fc.record({ threshold: fc.constantFrom(0, 0.5, 1) })
const average = fc.constantFrom('macro' as const, 'micro' as const, 'weighted' as const)
const part: readonly [number, number] = [0, 1]
const positive: readonly [number, number] = [0, Number.POSITIVE_INFINITY]

/** Of yes and no, and of classes by each average. */
const agreements = (
  make: <const O extends Metric.BinaryOptions | Metric.AverageOptions>(options: O) => Metric.Agreement<O>
): Cases =>
  fc.oneof(
    ofAnswers(
      threshold.map(options => make(options) as Of<unknown, number>),
      'a yes'
    ),
    ofClasses<Metric.Confusion, number>(
      average.map(how => options => make({ ...options, average: how })),
      part,
      1
    )
  )

const error = fc.constantFrom(Metric.mae(), Metric.mse(), Metric.rmse())

export const table: { readonly [Name in MetricName]: Cases } = {
  mae: ofNumbers(fc.constant(Metric.mae()), positive, 0),
  mse: ofNumbers(fc.constant(Metric.mse()), positive, 0),
  rmse: ofNumbers(fc.constant(Metric.rmse()), positive, 0),
  r2: ofNumbers(fc.constant(Metric.r2()), [Number.NEGATIVE_INFINITY, 1], 1, 2),
  meanOf: ofNumbers(fc.constant(Metric.meanOf(Loss.huber({ reduction: 'none' }))), positive, 0),
  struct: ofNumbers(
    fc.tuple(error, error).map(([one, other]) => Metric.struct({ one, other })),
    positive,
    { one: 0, other: 0 }
  ),
  tuple: ofNumbers(
    fc.tuple(error, error).map(([one, other]) => Metric.tuple(one, other)),
    positive,
    [0, 0]
  ),
  binaryAccuracy: ofAnswers(threshold.map(Metric.binaryAccuracy), 'any'),
  auc: ofAnswers(fc.constant(Metric.auc()), 'both'),
  accuracy: ofClasses(fc.constant(Metric.accuracy), part, 1),
  topKAccuracy: ofClasses(
    fc.integer({ min: 1, max: 5 }).map(k => options => Metric.topKAccuracy(k, options)),
    part,
    1
  ),
  confusionMatrix: ofClasses(fc.constant(Metric.confusionMatrix), part, undefined),
  perplexity: ofClasses(fc.constant(Metric.perplexity), [1, Number.POSITIVE_INFINITY], 1),
  precision: agreements(Metric.precision),
  recall: agreements(Metric.recall),
  f1: agreements(Metric.f1),
  fBeta: fc.constantFrom(0, 0.5, 2).chain(beta => agreements(options => Metric.fBeta(beta, options)))
}
