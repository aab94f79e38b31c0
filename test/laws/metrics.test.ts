/** The laws of metrics, run on every metric of the library; and metrics that break them, which the laws must catch. */
import type * as Monoid from 'fp-ts/lib/Monoid.js'
import { describe, expect, test } from 'vitest'
import { type MetricWords, metricWordLaws, words } from '../../laws/metric-functors.js'
import { words as others, table } from '../../laws/metric-table.js'
import { type MetricCase, metricCase, metricLaws, metrics } from '../../laws/metrics.js'
import { Metric, Tensor } from '../../src/index.js'
import { but, fails, holds, named } from './verdict.js'

type Of<M, A> = Metric.Metric<Tensor.Tensor, Tensor.Tensor, M, A>

describe('every metric', () => {
  test('is in the table of metrics, or is a word about them', () => {
    expect([...Object.keys(table), ...others].sort()).toEqual(Object.keys(Metric).sort())
  })
  for (const [name, cases] of Object.entries(table))
    test(`${name} obeys ${metricLaws.length} laws`, () => {
      for (const law of metricLaws) holds(law, cases, 60)
    })
})

describe('words about metrics', () => {
  for (const law of metricWordLaws())
    test(`${law.name}: ${law.statement}`, () => {
      for (const cases of Object.values(table)) holds(law, cases, 20)
    })
})

describe('a broken metric is caught', () => {
  const withMetric = <M, A>(metric: Of<M, A>) =>
    table.mae.map(one => metricCase({ ...(one as MetricCase<M, A>), metric }))
  const errors: Of<Metric.Mean, number> = Metric.mae()

  test('that takes a mean of the batches’ means', () => {
    const readings: Monoid.Monoid<readonly number[]> = { empty: [], concat: (a, b) => [...a, ...b] }
    const naive: Of<readonly number[], number> = {
      Monoid: readings,
      observe: target => prediction => [Metric.evaluate(errors)(target)(prediction)].filter(x => !Number.isNaN(x)),
      read: means => means.reduce((a, b) => a + b, 0) / means.length
    }
    fails(metrics.homomorphism, withMetric(naive))
  })
  test('whose empty is not nothing', () => {
    fails(metrics.identity, withMetric(but(errors, { Monoid: but(errors.Monoid, { empty: { count: 1, sum: 0 } }) })))
  })
  test('that weighs the batches before less', () => {
    const concat = (a: Metric.Mean, b: Metric.Mean): Metric.Mean => ({
      count: a.count / 2 + b.count,
      sum: a.sum / 2 + b.sum
    })
    fails(metrics.associativity, withMetric(but(errors, { Monoid: but(errors.Monoid, { concat }) })))
  })
  test('that keeps the batch that came last', () => {
    const last = but(errors.Monoid, { concat: (a: Metric.Mean, b: Metric.Mean) => (b.count === 0 ? a : b) })
    fails(metrics.commutativity, withMetric(but(errors, { Monoid: last })))
  })
  test('that looks at the first example alone', () => {
    const first: Of<Metric.Mean, number>['observe'] = target => prediction =>
      target.shape[0] === 0
        ? errors.Monoid.empty
        : errors.observe(Tensor.slice({ axis: 0, stop: 1 })(target))(Tensor.slice({ axis: 0, stop: 1 })(prediction))
    fails(metrics.order, withMetric(but(errors, { observe: first })))
  })
  test('that takes what is far off for what is near', () => {
    const inverted = but(errors, { read: mean => -errors.read(mean) })
    fails(metrics.bounds, withMetric(inverted))
    fails(metrics.best, withMetric(but(errors, { read: mean => 1 + errors.read(mean) })))
  })
  test('that reads another number each time', () => {
    let times = 0
    fails(metrics.functor, withMetric(but(errors, { read: () => times++ })))
  })
  test('that does not see what a function made of its predictions', () => {
    let seen = 0
    const observe: Of<Metric.Mean, number>['observe'] = target => prediction => ({
      ...errors.observe(target)(prediction),
      sum: seen++
    })
    fails(metrics.contravariant, withMetric(but(errors, { observe })))
  })
  test('an area under the curve that does not see ties', () => {
    // A yes before a no of the same score, as sorting happened to leave them.
    const careless = table.auc.map(one => {
      const metric = one.metric as Of<Metric.Ranking, number>
      const observe: Of<Metric.Ranking, number>['observe'] = target => prediction => {
        const ranks = metric.observe(target)(prediction)
        const first = Tensor.toArray(target) as readonly number[]
        return ranks.flatMap(({ score, yes, no }) => {
          const [a, b] = [
            { score, yes, no: 0 },
            { score, yes: 0, no }
          ]
          return first[0] === 1 ? [a, b] : [b, a]
        })
      }
      return metricCase({ ...(one as MetricCase<Metric.Ranking, number>), metric: but(metric, { observe }) })
    })
    fails(metrics.order, careless)
  })
})

describe('a broken word about metrics is caught', () => {
  type Any = Metric.Metric<Tensor.Tensor, Tensor.Tensor, unknown, unknown>
  type Endomorphism = (x: Tensor.Tensor) => Tensor.Tensor
  const { map, contramap, contramapTarget, Functor, Profunctor } = words
  const errors = Metric.mae() as unknown as Any
  const promap = (wrong: (metric: Any, h: Endomorphism, f: (a: unknown) => unknown) => Any): Partial<MetricWords> => ({
    Profunctor: { ...Profunctor, promap: wrong as MetricWords['Profunctor']['promap'] }
  })
  const functor = (wrong: (metric: Any, f: (a: unknown) => unknown) => Any): Partial<MetricWords> => ({
    Functor: { ...Functor, map: wrong as MetricWords['Functor']['map'] }
  })
  const ofTargets = (wrong: (h: Endomorphism) => (metric: Any) => Any): Partial<MetricWords> => ({
    contramapTarget: wrong as MetricWords['contramapTarget']
  })
  const broken: readonly (readonly [string, string, Partial<MetricWords>])[] = [
    ['an evaluation that looks at nothing', 'evaluation', { evaluate: m => () => () => m.read(m.Monoid.empty) }],
    [
      'a fold that starts anew with each batch',
      'evaluation in batches',
      { fold: m => batches => m.read([...batches].map(b => m.observe(b.target)(b.prediction)).at(-1)!) }
    ],
    [
      'a contramap that is one of targets',
      'evaluation is natural',
      { contramap: contramapTarget as unknown as MetricWords['contramap'] }
    ],
    [
      'targets that are not looked at',
      'targets: identity',
      ofTargets(() => contramapTarget((t: Tensor.Tensor) => Tensor.neg(t)))
    ],
    ['targets changed twice', 'targets: composition', ofTargets(h => contramapTarget(t => h(h(t))))],
    [
      'targets changed in predictions',
      'targets: meaning',
      { contramapTarget: contramap as unknown as MetricWords['contramapTarget'] }
    ],
    ['targets of the metric before', 'targets beside predictions', ofTargets(h => () => contramapTarget(h)(errors))],
    ['targets left as they are', 'targets with predictions', ofTargets(() => m => m)],
    [
      'targets of the first batch for all',
      'targets in batches',
      ofTargets(h => m => {
        const seen: Tensor.Tensor[] = []
        return {
          ...m,
          observe: t => {
            seen.push(h(t))
            return m.observe(seen[0]!)
          }
        }
      })
    ],
    ['a functor that maps twice', 'Functor', functor((m, f) => map(f)(map(f)(m)))],
    ['a functor that does not map', 'Functor of fp-ts', functor(m => m)],
    [
      'a promap that changes predictions a little',
      'Profunctor: identity',
      promap((m, h, f) => Profunctor.promap(m, (p: Tensor.Tensor) => Tensor.mul(1.001)(h(p)), f))
    ],
    ['a promap of the metric before', 'Profunctor: composition', promap((_m, h, f) => Profunctor.promap(errors, h, f))],
    ['a promap that reads what there was', 'Profunctor: one side and the other', promap((m, h) => contramap(h)(m))],
    ['a tag of something else', 'one tag', { Functor: { ...Functor, URI: 'cotangent/Layer' as MetricWords['URI'] } }]
  ]
  test.each(broken)('%s (%s)', (_, name, wrong) =>
    fails(named(metricWordLaws({ ...words, ...wrong }), name), table.mae)
  )
})
