/**
 * Several metrics as one, which looks at the examples once: products of their accumulators and of what is read.
 *
 * `evaluate(struct(ms))(t)(p)[name] = evaluate(ms[name])(t)(p)`, and `tuple` likewise; the Monoids are fp-ts's own products.
 */
import * as Monoid from 'fp-ts/lib/Monoid.js'
import type { Metric } from './metric.js'

/** A metric of whatever targets and predictions, whatever it accumulates. */
export interface AnyMetric {
  readonly Monoid: { readonly concat: (a: never, b: never) => unknown; readonly empty: unknown }
  readonly observe: (target: never) => (prediction: never) => unknown
  readonly read: (accumulated: never) => unknown
}
type Members<R> = R extends readonly (infer U)[] ? U : R[keyof R]
/** What all of some metrics take: where they differ, what is both. */
type TargetOf<U> = [U] extends [{ readonly observe: (target: infer T) => unknown }] ? T : never
type PredictionOf<U> = [U] extends [{ readonly observe: (target: never) => (prediction: infer P) => unknown }]
  ? P
  : never
type Accumulated<U extends AnyMetric> = U['Monoid']['empty']
type Reading<U extends AnyMetric> = ReturnType<U['read']>

/** Metrics by name or by place as one metric. */
export type Product<R extends Readonly<Record<string, AnyMetric>> | readonly AnyMetric[]> = Metric<
  TargetOf<Members<R>>,
  PredictionOf<Members<R>>,
  { readonly [K in keyof R]: R[K] extends AnyMetric ? Accumulated<R[K]> : never },
  { readonly [K in keyof R]: R[K] extends AnyMetric ? Reading<R[K]> : never }
>
/** The same where what belongs to which name or place is known to the types alone. */
type Plain = Metric<unknown, unknown, unknown, unknown>

/**
 * A record of metrics as a metric that is read as a record.
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const errors = Metric.struct({ mean: Metric.mae(), rootMeanSquare: Metric.rmse() })
 * const reading: { readonly mean: number; readonly rootMeanSquare: number } = Metric.evaluate(errors)(Tensor.zeros([2]))(Tensor.ones([2]))
 * deepStrictEqual(reading, { mean: 1, rootMeanSquare: 1 })
 */
export const struct = <const R extends Readonly<Record<string, AnyMetric>>>(metrics: R): Product<R> => {
  const named = Object.entries(metrics as unknown as Readonly<Record<string, Plain>>)
  const each = <B>(f: (metric: Plain, name: string) => B): Readonly<Record<string, B>> =>
    Object.fromEntries(named.map(([name, metric]) => [name, f(metric, name)]))
  const general: Metric<unknown, unknown, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>> = {
    Monoid: Monoid.struct(each(metric => metric.Monoid)),
    observe: target => {
      const observed = each(metric => metric.observe(target))
      return prediction => each((_, name) => observed[name]?.(prediction))
    },
    read: accumulated => each((metric, name) => metric.read(accumulated[name]))
  }
  return general as unknown as Product<R>
}

/**
 * Metrics as a metric that is read as a list of what they are read as.
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const errors = Metric.tuple(Metric.mae(), Metric.rmse())
 * const reading: readonly [number, number] = Metric.evaluate(errors)(Tensor.zeros([2]))(Tensor.ones([2]))
 * deepStrictEqual(reading, [1, 1])
 */
export const tuple = <const R extends readonly AnyMetric[]>(...metrics: R): Product<R> => {
  const listed = metrics as unknown as readonly Plain[]
  const general: Metric<unknown, unknown, readonly unknown[], readonly unknown[]> = {
    Monoid: Monoid.tuple(...listed.map(metric => metric.Monoid)),
    observe: target => {
      const observed = listed.map(metric => metric.observe(target))
      return prediction => observed.map(observe => observe(prediction))
    },
    read: accumulated => listed.map((metric, i) => metric.read(accumulated[i]))
  }
  return general as unknown as Product<R>
}
