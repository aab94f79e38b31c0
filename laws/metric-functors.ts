/** What must hold of the words about metrics: ways to read one, to look at other examples with it, and the fp-ts instances of these. */
import { flap } from 'fp-ts/lib/Functor.js'
import { URI as LayerURI } from '../src/layer/category.js'
import * as Library from '../src/objective/metric.js'
import { mul, sub } from '../src/primitive/arithmetic.js'
import { range } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { type MetricCase, parts, reading, select } from './metrics.js'
import { close } from './same.js'

/** What the laws are about: this library's words, or an instance that may be wrong. */
export type MetricWords = Pick<
  typeof Library,
  'evaluate' | 'fold' | 'map' | 'contramap' | 'contramapTarget' | 'Functor' | 'Profunctor' | 'URI'
>
const { evaluate, fold, map, contramap, contramapTarget, Functor, Profunctor, URI } = Library
export const words: MetricWords = { evaluate, fold, map, contramap, contramapTarget, Functor, Profunctor, URI }

const isClose = close(1e-9)
type Any = Library.Metric<Tensor, Tensor, unknown, unknown>

/** Whether two metrics say the same of all examples at once, and of those of each part. */
const agree = (a: Any, b: Any, subject: MetricCase): boolean =>
  [subject, ...parts(subject)].every(examples =>
    isClose(reading({ ...subject, ...examples, metric: a }), reading({ ...subject, ...examples, metric: b }))
  )

const same = <A>(a: A): A => a
/** Two functions of readings. */
const f = (a: unknown): readonly unknown[] => [a]
const g = (a: readonly unknown[]): unknown => ({ first: a[0] })
/** Two functions of predictions that do not commute. */
const double = (x: Tensor): Tensor => mul(x, 2)
const opposite = (x: Tensor): Tensor => sub(1, x)
/** Two functions of any number of targets, of any kind, that do not commute: in the opposite order, and moved on by one. */
const reversed = (x: Tensor): Tensor => select(range(x.shape[0]!).toReversed())(x)
const moved = (x: Tensor): Tensor => {
  const [first, ...others] = range(x.shape[0]!)
  return first === undefined ? x : select([...others, first])(x)
}

/** A metric read: of examples at once, or of batches of them. */
export const evaluationLaws = ({ evaluate, fold, map, contramap }: MetricWords): readonly Law<MetricCase>[] => [
  law('evaluation', 'evaluate m t p = read (observe t p)', subject =>
    isClose(evaluate(subject.metric)(subject.target)(subject.prediction), reading(subject))
  ),
  law(
    'evaluation in batches',
    'evaluate m (xs ⧺ ys ⧺ zs) ≈ fold m [xs, ys, zs], evaluate m xs ≈ fold m [xs]',
    subject => {
      const { metric, target, prediction } = subject
      const whole = evaluate(metric)(target)(prediction)
      return (
        isClose(fold(metric)(parts(subject)), whole) &&
        [subject, ...parts(subject)].every(batch =>
          isClose(fold(metric)([batch]), evaluate(metric)(batch.target)(batch.prediction))
        )
      )
    }
  ),
  law(
    'evaluation is natural',
    'evaluate (map f m) t = f ∘ evaluate m t, evaluate (contramap h m) t = evaluate m t ∘ h',
    ({ metric, target, prediction }) => {
      const plain = evaluate(metric)(target)
      return (
        isClose(evaluate(map(f)(metric))(target)(prediction), f(plain(prediction))) &&
        isClose(evaluate(contramap(double)(metric))(target)(prediction), plain(double(prediction)))
      )
    }
  )
]

/** A metric of other targets. */
export const targetLaws = ({ fold, map, contramap, contramapTarget }: MetricWords): readonly Law<MetricCase>[] => [
  law('targets: identity', 'contramapTarget (t ↦ t) m = m', subject =>
    agree(contramapTarget((t: Tensor) => t)(subject.metric), subject.metric, subject)
  ),
  law(
    'targets: composition',
    'contramapTarget k (contramapTarget h m) = contramapTarget (h ∘ k) m, for two that do not commute',
    subject => {
      const { metric } = subject
      const one = contramapTarget(moved)(contramapTarget(reversed)(metric))
      return agree(one, contramapTarget((t: Tensor) => reversed(moved(t)))(metric), subject)
    }
  ),
  law('targets: meaning', 'evaluate (contramapTarget h m) t = evaluate m (h t), of targets of any type', subject => {
    const { metric, target } = subject
    const named = contramapTarget(({ answers }: { readonly answers: Tensor }) => reversed(answers))(metric)
    return isClose(
      named.read(named.observe({ answers: target })(subject.prediction)),
      reading({ ...subject, target: reversed(target) })
    )
  }),
  law('targets beside predictions', 'contramapTarget h, contramap k and map f commute', subject => {
    const { metric } = subject
    const of = contramapTarget(reversed)
    return (
      agree(of(contramap(opposite)(metric)), contramap(opposite)(of(metric)), subject) &&
      agree(of(map(f)(metric)), map(f)(of(metric)), subject)
    )
  }),
  law('targets with predictions', 'contramapTarget π ∘ contramap π leaves a metric as it is, for an order π', subject =>
    agree(contramapTarget(moved)(contramap(moved)(subject.metric)), subject.metric, subject)
  ),
  law('targets in batches', 'fold (contramapTarget h m) xs = fold m (xs with h of the targets)', subject => {
    const batches = parts(subject)
    return isClose(
      fold(contramapTarget(reversed)(subject.metric))(batches),
      fold(subject.metric)(batches.map(({ target, prediction }) => ({ target: reversed(target), prediction })))
    )
  })
]

/** The fp-ts instances. */
export const instances = ({ map, contramap, Functor, Profunctor, URI }: MetricWords) =>
  ({
    functor: law<MetricCase>('Functor', 'Functor.map(m, f) = map f m; identity and composition', subject => {
      const { metric } = subject
      return (
        agree(Functor.map(metric, f), map(f)(metric), subject) &&
        agree(Functor.map(metric, same), metric, subject) &&
        agree(
          Functor.map(Functor.map(metric, f), g),
          Functor.map(metric, a => g(f(a))),
          subject
        )
      )
    }),
    generic: law<MetricCase>(
      'Functor of fp-ts',
      'flap Functor b (map (a ↦ b ↦ [a, b]) m) = map (a ↦ [a, b]) m',
      subject => {
        const paired = (a: unknown) => (b: string) => [a, b] as const
        const { metric } = subject
        return agree(flap(Functor)('b')(Functor.map(metric, paired)), map(a => paired(a)('b'))(metric), subject)
      }
    ),
    identity: law<MetricCase>('Profunctor: identity', 'promap(m, p ↦ p, a ↦ a) = m', subject =>
      agree(
        Profunctor.promap(subject.metric, (p: Tensor) => p, same),
        subject.metric,
        subject
      )
    ),
    composition: law<MetricCase>(
      'Profunctor: composition',
      'promap(promap(m, h, f), k, g) = promap(m, h ∘ k, g ∘ f)',
      subject => {
        const { metric } = subject
        return agree(
          Profunctor.promap(Profunctor.promap(metric, double, f), opposite, g),
          Profunctor.promap(
            metric,
            (p: Tensor) => double(opposite(p)),
            a => g(f(a))
          ),
          subject
        )
      }
    ),
    parts: law<MetricCase>(
      'Profunctor: one side and the other',
      'promap(m, h, f) = map f (contramap h m) = contramap h (map f m), and Profunctor.map = Functor.map',
      subject => {
        const { metric } = subject
        const both = Profunctor.promap(metric, opposite, f)
        return (
          agree(both, map(f)(contramap(opposite)(metric)), subject) &&
          agree(both, contramap(opposite)(map(f)(metric)), subject) &&
          agree(Profunctor.map(metric, f), Functor.map(metric, f), subject)
        )
      }
    ),
    tag: law<MetricCase>('one tag', 'Functor.URI = URI = Profunctor.URI, which is not that of layers', () => {
      const others: readonly string[] = [LayerURI]
      return Functor.URI === URI && Profunctor.URI === URI && !others.includes(URI)
    })
  }) as const

/** Every law of the words about metrics. */
export const metricWordLaws = (w: MetricWords = words): readonly Law<MetricCase>[] => [
  ...evaluationLaws(w),
  ...targetLaws(w),
  ...Object.values(instances(w))
]
