/** What must hold of every metric: its accumulators are a Monoid, and what is observed of examples does not depend on how they come. */
import { contramap, fold, type Metric, map } from '../src/objective/metric.js'
import { mul, neg } from '../src/primitive/arithmetic.js'
import { take } from '../src/primitive/indexing.js'
import { range } from '../src/structure/shape.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { close } from './same.js'

/** A metric and examples; target and prediction have the examples along their first axis. */
export interface MetricCase<M = unknown, A = unknown> {
  readonly metric: Metric<Tensor, Tensor, M, A>
  readonly target: Tensor
  /** Floating numbers. */
  readonly prediction: Tensor
  /** The examples in another order. */
  readonly order: readonly number[]
  /** Where the examples are cut into three parts: two numbers from 0 to how many there are, the smaller first. */
  readonly cuts: readonly [number, number]
  /** A prediction that is right, and what the metric says of it; of no examples it says nothing. */
  readonly best?: { readonly prediction: Tensor; readonly reading: A }
  /** What numbers the metric says: none below the first, and none above the second. */
  readonly bounds?: readonly [number, number]
}
/** The same for laws that look into no accumulator. */
export const metricCase = <M, A>(given: MetricCase<M, A>): MetricCase => given as unknown as MetricCase

const isClose = close(1e-9)

/** The examples with these numbers, none of them as well. */
export const select =
  (numbers: readonly number[]) =>
  (x: Tensor): Tensor =>
    take(constant([numbers.length], 'int32', Int32Array.from(numbers)))(x)

/** The examples in three parts. */
export const parts = ({ target, prediction, cuts: [from, to], order }: MetricCase) =>
  [range(from), range(to).slice(from), range(order.length).slice(to)].map(numbers => ({
    target: select(numbers)(target),
    prediction: select(numbers)(prediction)
  }))
/** What is observed of each part. */
const observed = (subject: MetricCase): readonly [unknown, unknown, unknown] => {
  const [a, b, c] = parts(subject).map(part => subject.metric.observe(part.target)(part.prediction))
  return [a, b, c]
}
/** What the metric says of all examples at once. */
export const reading = ({ metric, target, prediction }: MetricCase): unknown =>
  metric.read(metric.observe(target)(prediction))

export const metrics = {
  identity: law<MetricCase>('identity', 'empty ⊕ m = m = m ⊕ empty', subject => {
    const { empty, concat } = subject.metric.Monoid
    return observed(subject).every(m => isClose(concat(empty, m), m) && isClose(concat(m, empty), m))
  }),
  associativity: law<MetricCase>('associativity', '(a ⊕ b) ⊕ c ≈ a ⊕ (b ⊕ c)', subject => {
    const { concat } = subject.metric.Monoid
    const [a, b, c] = observed(subject)
    return isClose(concat(concat(a, b), c), concat(a, concat(b, c)))
  }),
  commutativity: law<MetricCase>('commutativity', 'read(a ⊕ b) ≈ read(b ⊕ a)', subject => {
    const { read, Monoid } = subject.metric
    const [a, b] = observed(subject)
    return isClose(read(Monoid.concat(a, b)), read(Monoid.concat(b, a)))
  }),
  homomorphism: law<MetricCase>(
    'homomorphism',
    'read(observe(xs ⧺ ys ⧺ zs)) ≈ read(observe xs ⊕ observe ys ⊕ observe zs) = fold [xs, ys, zs]',
    subject => {
      const { read, Monoid } = subject.metric
      const [a, b, c] = observed(subject)
      const joined = read(Monoid.concat(Monoid.concat(a, b), c))
      return isClose(joined, reading(subject)) && isClose(fold(subject.metric)(parts(subject)), joined)
    }
  ),
  order: law<MetricCase>('order', 'read(observe(xs in any order)) ≈ read(observe xs)', subject => {
    const { target, prediction, order } = subject
    const other = { ...subject, target: select(order)(target), prediction: select(order)(prediction) }
    return isClose(reading(other), reading(subject))
  }),
  bounds: law<MetricCase>('bounds', 'low ≤ read(observe xs) ≤ high, or it says nothing', subject => {
    const { bounds } = subject
    const value = reading(subject)
    if (bounds === undefined || typeof value !== 'number' || Number.isNaN(value)) return true
    return value >= bounds[0] - 1e-9 && value <= bounds[1] + 1e-9
  }),
  best: law<MetricCase>(
    'best',
    'a right prediction is read as the best there is',
    subject => subject.best === undefined || isClose(reading({ ...subject, ...subject.best }), subject.best.reading)
  ),
  functor: law<MetricCase>('functor', 'map(a => a)(m) = m, map(g)(map(f)(m)) = map(g ∘ f)(m)', subject => {
    const { metric } = subject
    const [f, g] = [(a: unknown) => [a], (a: readonly unknown[]) => ({ first: a[0] })]
    const of = (other: Metric<Tensor, Tensor, unknown, unknown>): unknown => reading({ ...subject, metric: other })
    return (
      isClose(of(map((a: unknown) => a)(metric)), of(metric)) &&
      isClose(of(map(g)(map(f)(metric))), of(map((a: unknown) => g(f(a)))(metric)))
    )
  }),
  contravariant: law<MetricCase>(
    'contravariant',
    'contramap(p => p)(m) = m, contramap(g)(contramap(f)(m)) = contramap(f ∘ g)(m)',
    subject => {
      const { metric } = subject
      const double = (x: Tensor): Tensor => mul(x, 2)
      const of = (other: Metric<Tensor, Tensor, unknown, unknown>): unknown => reading({ ...subject, metric: other })
      return (
        isClose(of(contramap((p: Tensor) => p)(metric)), of(metric)) &&
        isClose(of(contramap(double)(contramap(neg)(metric))), of(contramap((p: Tensor) => neg(double(p)))(metric)))
      )
    }
  )
} as const satisfies Readonly<Record<string, Law<MetricCase>>>

export const metricLaws: readonly Law<MetricCase>[] = Object.values(metrics)
