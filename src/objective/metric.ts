/**
 * A metric looks at examples once and adds up what it saw: a monoid of accumulators M, a way to observe examples, and a way to read what was
 * accumulated. `observe` is a homomorphism up to reading, `read (observe (xs ⧺ ys)) ≈ read (observe xs ⊕ observe ys)`, so that batches of any
 * sizes give what all examples at once give; a mean of the batches' means does not.
 *
 * 1. Functor: `map(a => a)(m) = m`, `map(g)(map(f)(m)) = map(g ∘ f)(m)`
 * 2. Contravariant in predictions: `contramap(p => p)(m) = m`, `contramap(g)(contramap(f)(m)) = contramap(f ∘ g)(m)`; in targets likewise
 *
 * Accumulators are plain data: records of numbers, arrays and tensors. Where they hold sums of floating numbers ⊕ is associative up to rounding.
 * Of nothing a mean is NaN, as numpy has it; `map(O.fromPredicate(x => !Number.isNaN(x)))` makes an fp-ts `Option` of any reading.
 */
import type { Functor4 } from 'fp-ts/lib/Functor.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { Profunctor4 } from 'fp-ts/lib/Profunctor.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** Targets T and predictions P, both of any number of examples, are observed as M and read as A. */
export interface Metric<T, P, M, A> {
  /** Of accumulators: nothing observed, and what two parts observed together. */
  readonly Monoid: Monoid<M>
  readonly observe: (target: T) => (prediction: P) => M
  readonly read: (accumulated: M) => A
}

/** A metric of targets and predictions that have one shape. */
export interface Elementwise<M, A> extends Metric<Tensor, Tensor, M, A> {
  readonly observe: <S extends Shape>(target: Tensor<S>) => (prediction: Tensor<S>) => M
}

/** Some examples: their targets, and what was predicted of them. */
export interface Examples<T, P> {
  readonly target: T
  readonly prediction: P
}

/**
 * What a metric says of examples: `read ∘ observe`, target first and prediction last as in a loss.
 *
 * @example
 * import { Metric, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.tensor([1, 4]), Metric.evaluate(Metric.mae())(Tensor.tensor([1, 2]))), 1)
 */
export const evaluate =
  <T, P, M, A>({ observe, read }: Metric<T, P, M, A>) =>
  (target: T) =>
  (prediction: P): A =>
    read(observe(target)(prediction))

/**
 * What a metric says of all batches together, in one pass: `read` of the concatenation of what is observed in each.
 *
 * The batches may be of different sizes, and a generator that predicts as it goes; of no batch it is the reading of nothing.
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const batches = [
 *   { target: Tensor.zeros([3]), prediction: Tensor.zeros([3]) },
 *   { target: Tensor.zeros([1]), prediction: Tensor.ones([1]) }
 * ]
 * strictEqual(Metric.fold(Metric.mae())(batches), 0.25)
 */
export const fold =
  <T, P, M, A>({ Monoid, observe, read }: Metric<T, P, M, A>) =>
  (batches: Iterable<Examples<T, P>>): A => {
    let accumulated = Monoid.empty
    for (const { target, prediction } of batches) accumulated = Monoid.concat(accumulated, observe(target)(prediction))
    return read(accumulated)
  }

/**
 * The same accumulators, read as something else: a Functor in what is read.
 *
 * @example
 * import { Metric, pipe } from 'cotangent'
 * import * as O from 'fp-ts/lib/Option.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // Nothing instead of NaN, where there was nothing to look at.
 * const mae = pipe(Metric.mae(), Metric.map(O.fromPredicate(error => !Number.isNaN(error))))
 * deepStrictEqual(Metric.fold(mae)([]), O.none)
 */
export const map =
  <A, B>(f: (reading: A) => B) =>
  <T, P, M>({ Monoid, observe, read }: Metric<T, P, M, A>): Metric<T, P, M, B> => ({
    Monoid,
    observe,
    read: accumulated => f(read(accumulated))
  })

/**
 * A metric of what a function makes of predictions: of probabilities, say, where the predictions are logits.
 *
 * The function sees as many predictions as a batch has, so it must do the same with each, whatever the others are.
 *
 * @example
 * import { Metric, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // Class numbers that somebody else predicted, as scores.
 * const accuracy = pipe(Metric.accuracy(), Metric.contramap((classes: Tensor.Tensor) => Tensor.oneHot(3)(classes)))
 * const classes = (...xs: readonly number[]) => Tensor.tensor(xs, { dtype: 'int32' })
 * strictEqual(Metric.evaluate(accuracy)(classes(0, 2))(classes(0, 1)), 0.5)
 */
export const contramap =
  <P, Q>(f: (prediction: Q) => P) =>
  <T, M, A>({ Monoid, observe, read }: Metric<T, P, M, A>): Metric<T, Q, M, A> => ({
    Monoid,
    observe: target => {
      const observed = observe(target)
      return prediction => observed(f(prediction))
    },
    read
  })

/**
 * A metric of what a function makes of targets, as `contramap` is of predictions.
 *
 * @example
 * import { Metric, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const ofOnes = pipe(Metric.accuracy(), Metric.contramapTarget((x: Tensor.Tensor) => Tensor.argmax({ axis: 1 })(x)))
 * const target = Tensor.tensor([[0, 1], [1, 0]])
 * strictEqual(Metric.evaluate(ofOnes)(target)(target), 1)
 */
export const contramapTarget =
  <T, U>(f: (target: U) => T) =>
  <P, M, A>({ Monoid, observe, read }: Metric<T, P, M, A>): Metric<U, P, M, A> => ({
    Monoid,
    observe: target => observe(f(target)),
    read
  })

/** By which fp-ts finds the type of metrics; their accumulators are the second parameter, so that predictions come beside what is read. */
export const URI = 'cotangent/Metric'
export type URI = typeof URI

declare module 'fp-ts/HKT.js' {
  interface URItoKind4<S, R, E, A> {
    readonly [URI]: Metric<S, E, R, A>
  }
}

/**
 * Metrics as an fp-ts `Functor` in what is read. There is no `Apply`, because two metrics accumulate different things: `struct` and `tuple` join them.
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const percent = Metric.Functor.map(Metric.accuracy(), part => `${100 * part} %`)
 * const target = Tensor.tensor([1, 0], { dtype: 'int32' })
 * strictEqual(Metric.evaluate(percent)(target)(Tensor.tensor([[0, 1], [0, 1]])), '50 %')
 */
export const Functor: Functor4<URI> = { URI, map: (metric, f) => map(f)(metric) }

/**
 * Metrics as an fp-ts `Profunctor`: from predictions to what is read.
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // An error of logarithms, as a factor.
 * const factor = Metric.Profunctor.promap(Metric.mae(), (x: Tensor.Tensor) => Tensor.log(x), Math.exp)
 * strictEqual(Metric.evaluate(factor)(Tensor.scalar(0))(Tensor.scalar(1)), 1)
 */
export const Profunctor: Profunctor4<URI> = {
  ...Functor,
  promap: (metric, f, g) => map(g)(contramap(f)(metric))
}
