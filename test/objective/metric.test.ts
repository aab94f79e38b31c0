/** Metrics: values by their definitions, options, extremes, and what is refused. */
import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { Loss, pipe, Tensor, vmap } from '../../src/index.js'
import * as _ from '../../src/Metric.js'
import { told } from '../told.js'

const classes = (...xs: readonly number[]) => Tensor.tensor(xs, { dtype: 'int32' }) as Tensor.Tensor<[number]>
const numbers = (...xs: readonly number[]) => Tensor.tensor(xs, { dtype: 'float64' }) as Tensor.Tensor<[number]>
const rows = (...xs: readonly (readonly number[])[]) =>
  Tensor.tensor(xs as number[][], { dtype: 'float64' }) as Tensor.Tensor<[number, number]>
/** Scores by which the answers are these classes. */
const answering = (count: number, ...xs: readonly number[]) =>
  rows(...xs.map(x => Array.from({ length: count }, (_unused, i) => Number(i === x))))

describe('classes', () => {
  // Ten examples of three classes; the numbers below are scikit-learn's for these answers.
  const target = classes(0, 0, 0, 0, 1, 1, 1, 2, 2, 2)
  const prediction = answering(3, 0, 0, 1, 2, 1, 1, 0, 2, 2, 1)
  test('are counted by truth and answer', () => {
    const matrix = _.evaluate(_.confusionMatrix())(target)(prediction)
    expect(matrix.dtype).toBe('int32')
    expect(Tensor.toArray(matrix)).toEqual([
      [2, 1, 1],
      [1, 2, 0],
      [0, 1, 2]
    ])
    expect(_.fold(_.confusionMatrix())([]).shape).toEqual([0, 0])
  })
  test.for([
    ['accuracy', _.accuracy(), 6 / 10],
    ['precision, macro', _.precision({ average: 'macro' }), (2 / 3 + 2 / 4 + 2 / 3) / 3],
    ['precision, micro', _.precision({ average: 'micro' }), 6 / 10],
    ['precision, weighted', _.precision({ average: 'weighted' }), (4 * (2 / 3) + 3 * (2 / 4) + 3 * (2 / 3)) / 10],
    ['recall, macro', _.recall({ average: 'macro' }), (2 / 4 + 2 / 3 + 2 / 3) / 3],
    ['recall, weighted', _.recall({ average: 'weighted' }), 6 / 10],
    ['f1, macro', _.f1({ average: 'macro' }), (4 / 7 + 4 / 7 + 4 / 6) / 3],
    ['f1, weighted', _.f1({ average: 'weighted' }), (4 * (4 / 7) + 3 * (4 / 7) + 3 * (4 / 6)) / 10],
    ['fBeta of 2, macro', _.fBeta(2, { average: 'macro' }), (10 / 19 + 10 / 16 + 10 / 15) / 3]
  ] as const)('%s', ([, metric, value]) => {
    expect(
      _.evaluate(metric as _.Metric<Tensor.Tensor, Tensor.Tensor, unknown, number>)(target)(prediction)
    ).toBeCloseTo(value, 14)
  })
  test('that occur nowhere are left out of a mean over classes', () => {
    const wide = answering(5, 0, 0, 1, 2, 1, 1, 0, 2, 2, 1)
    for (const average of ['macro', 'weighted', 'micro'] as const) {
      const f1 = _.f1({ average })
      expect(_.evaluate(f1)(target)(wide)).toBeCloseTo(_.evaluate(f1)(target)(prediction), 14)
    }
  })
  test('among the k largest scores, of equal ones the first', () => {
    const scores = rows([3, 2, 1], [3, 2, 1], [3, 2, 1], [1, 1, 1])
    const truths = classes(0, 1, 2, 1)
    const at = (k: number) => _.evaluate(_.topKAccuracy(k))(truths)(scores)
    expect([1, 2, 3, 9].map(at)).toEqual([1 / 4, 3 / 4, 1, 1])
    expect(at(1)).toBe(_.evaluate(_.accuracy())(truths)(scores))
  })
  test('of sequences, the classes last, padding ignored', () => {
    const logits = Tensor.reshape([1, 3, 2])(rows([5, 0], [0, 5], [0, 5]))
    const truths = Tensor.reshape([1, 3])(classes(0, 0, -100))
    expect(_.evaluate(_.accuracy({ axis: -1, ignoreIndex: -100 }))(truths)(logits)).toBe(1 / 2)
  })
  test('perplexity is exp of the cross-entropy, also of logits far apart', () => {
    const logits = rows([1, 2, 3], [0.5, -1, 0], [900, 0, -900])
    const truths = classes(2, 0, 0)
    const entropy = pipe(logits, Loss.crossEntropy()(truths), Tensor.item)
    expect(_.evaluate(_.perplexity())(truths)(logits)).toBeCloseTo(Math.exp(entropy), 12)
    expect(_.evaluate(_.perplexity())(classes(0, 1, 2))(Tensor.zeros([3, 7]))).toBeCloseTo(7, 12)
  })
})

describe('yes and no', () => {
  const target = numbers(1, 0, 1, 1, 0, 0, 1, 0)
  const scores = numbers(0.9, 0.8, 0.7, 0.4, 0.3, 0.6, 0.2, 0.1)
  test('are counted above a threshold', () => {
    const all = _.struct({
      accuracy: _.binaryAccuracy(),
      precision: _.precision(),
      recall: _.recall(),
      f1: _.f1(),
      auc: _.auc()
    })
    const reading = _.evaluate(all)(target)(scores)
    expectTypeOf(reading.f1).toEqualTypeOf<number>()
    // Said yes: 4, of which 2 are; are yes: 4. Of 16 pairs a yes comes before a no in 4 + 3 + 2 + 1.
    expect(reading).toEqual({ accuracy: 4 / 8, precision: 2 / 4, recall: 2 / 4, f1: 1 / 2, auc: 10 / 16 })
    expect(_.evaluate(_.recall({ threshold: 0.05 }))(target)(scores)).toBe(1)
  })
  test('nothing said or nothing there is 0, as scikit-learn has it; the area is NaN', () => {
    const none = numbers(0, 0)
    for (const metric of [_.precision(), _.recall(), _.f1()]) expect(_.evaluate(metric)(none)(none)).toBe(0)
    expect(_.evaluate(_.auc())(none)(numbers(1, 2))).toBeNaN()
  })
  test('the area under the curve is the share of pairs in order, ties one half', () => {
    const pairs = (truths: readonly number[], given: readonly number[]): number => {
      const of = (kind: 0 | 1) => given.filter((_unused, i) => truths[i] === kind)
      const all = of(1).flatMap(yes => of(0).map((no): number => (yes > no ? 1 : yes === no ? 0.5 : 0)))
      return all.reduce((a, b) => a + b, 0) / all.length
    }
    const score = fc.constantFrom(-Infinity, -1, -0, 0, 0.5, 1, Infinity)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(0, 1), score), { maxLength: 12 }), examples => {
        const [truths, given] = [examples.map(([truth]) => truth), examples.map(([, one]) => one)]
        const [area, share] = [_.evaluate(_.auc())(numbers(...truths))(numbers(...given)), pairs(truths, given)]
        expect(Number.isNaN(share) ? Number.isNaN(area) : Math.abs(area - share) < 1e-12).toBe(true)
      })
    )
  })
})

describe('numbers', () => {
  test('errors are those of the losses', () => {
    const [target, prediction] = [numbers(1, -2, 3, 0.5), numbers(1.5, 2, 3, -1)]
    expect(_.evaluate(_.mae())(target)(prediction)).toBeCloseTo(Tensor.item(Loss.l1()(target)(prediction)), 14)
    expect(_.evaluate(_.mse())(target)(prediction)).toBeCloseTo(Tensor.item(Loss.mse()(target)(prediction)), 14)
    expect(_.evaluate(_.rmse())(target)(prediction)).toBeCloseTo(
      Math.sqrt(Tensor.item(Loss.mse()(target)(prediction))),
      14
    )
  })
  test('R² keeps its digits where the targets are far from 0, in whatever batches', () => {
    const target = [1, 2, 3, 4, 5, 6]
    const prediction = [1.5, 2, 2.5, 4, 5, 6.5]
    const expected = 1 - 0.75 / 17.5
    const far = (xs: readonly number[]) => numbers(...xs.map(x => x + 1e8))
    const batches = [0, 2, 4].map(i => ({
      target: far(target.slice(i, i + 2)),
      prediction: far(prediction.slice(i, i + 2))
    }))
    expect(_.fold(_.r2())(batches)).toBeCloseTo(expected, 12)
    expect(_.evaluate(_.r2())(far(target))(far(prediction))).toBeCloseTo(expected, 12)
  })
  test('R² of several outputs is their mean; of equal targets 1 or 0; of one example NaN', () => {
    const target = rows([1, 7], [2, 7], [3, 7])
    expect(_.evaluate(_.r2())(target)(target)).toBe(1)
    expect(_.evaluate(_.r2())(target)(rows([1, 7], [2, 7], [3, 8]))).toBe(1 / 2)
    expect(_.evaluate(_.r2())(numbers(1))(numbers(1))).toBeNaN()
  })
  test('of nothing is NaN', () => {
    for (const metric of [_.mae(), _.mse(), _.rmse(), _.binaryAccuracy()]) expect(_.fold(metric)([])).toBeNaN()
  })
})

describe('types', () => {
  test('shapes that differ do not compile', () => {
    const [two, three] = [Tensor.zeros([2]), Tensor.zeros([3])]
    // @ts-expect-error: [2] is not [3]
    expect(told(() => _.mae().observe(two)(three))).toContain('ShapeMismatch')
    // @ts-expect-error: no such average
    expect(told(() => _.f1({ average: 'mean' }))).toBe(
      "InvalidArgument: f1: average is mean, and not 'binary', 'macro', 'micro' or 'weighted'"
    )
  })
  test('what several metrics are read as is known', () => {
    const both = _.tuple(_.accuracy(), _.perplexity())
    const [accuracy, perplexity] = _.evaluate(both)(classes(0))(rows([9, 0]))
    expectTypeOf(accuracy).toEqualTypeOf<number>()
    expectTypeOf(perplexity).toEqualTypeOf<number>()
    expect([accuracy, perplexity < 1.001]).toEqual([1, true])
  })
})

describe('told', () => {
  const observing =
    (metric: { readonly observe: (t: Tensor.Tensor) => (p: Tensor.Tensor) => unknown }) =>
    (target: Tensor.Tensor, prediction: Tensor.Tensor) =>
      told(() => metric.observe(target)(prediction))
  test.for([
    [
      'ShapeMismatch: mae: target [2] and prediction [1] differ; they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)',
      observing(_.mae())(numbers(1, 2), numbers(1))
    ],
    [
      'ShapeMismatch: r2: target and prediction [] are scalars; their first axis would be the examples',
      observing(_.r2())(Tensor.scalar(1), Tensor.scalar(1))
    ],
    [
      'ShapeMismatch: r2: batches of 2 and of 1 outputs for each example are not about the same',
      told(() => _.fold(_.r2())([rows([1, 2]), numbers(1)].map(x => ({ target: x, prediction: x }))))
    ],
    [
      'InvalidArgument: accuracy: class 3 in the target does not exist: there are 2, numbered 0 to 1 (ignoreIndex says which number counts nothing)',
      observing(_.accuracy())(classes(0, 3), rows([1, 2], [1, 2]))
    ],
    [
      'ShapeMismatch: accuracy: prediction [2, 2] needs a target of class numbers [2] (int32), not int32 [1]',
      observing(_.accuracy())(classes(0), rows([1, 2], [1, 2]))
    ],
    [
      'ShapeMismatch: recall: prediction [1, 2] needs a target of class numbers [1] (int32), not float64 [1]',
      observing(_.recall({ average: 'micro' }))(numbers(0), rows([1, 2]))
    ],
    [
      'InvalidArgument: accuracy: element 1 of the prediction is NaN, which is neither above nor below any number',
      observing(_.accuracy())(classes(0), rows([1, Number.NaN]))
    ],
    ['InvalidArgument: auc: a target is 1 or 0, not 2', observing(_.auc())(numbers(0, 2), numbers(0, 1))],
    [
      'InvalidArgument: f1: element 0 of the prediction is NaN, which is neither above nor below any number',
      observing(_.f1())(numbers(0), numbers(Number.NaN))
    ],
    ['InvalidArgument: topKAccuracy: k is 0, and not a whole number of 1 or more', told(() => _.topKAccuracy(0))],
    [
      'InvalidArgument: precision: threshold is NaN, and not a number',
      told(() => _.precision({ threshold: Number.NaN }))
    ],
    ['InvalidArgument: fBeta: beta is -1, and not a finite number of 0 or more', told(() => _.fBeta(-1))],
    [
      'ShapeMismatch: f1: batches with 2 and with 3 classes are not about the same: [2, 2] and [3, 3]',
      told(() =>
        _.fold(_.f1({ average: 'macro' }))([2, 3].map(n => ({ target: classes(0), prediction: answering(n, 0) })))
      )
    ],
    [
      "ShapeMismatch: meanOf: the loss gives one number, not one for each example; tell it { reduction: 'none' }",
      told(() => _.evaluate(_.meanOf(Loss.mse()))(numbers(1))(numbers(1)))
    ],
    [
      'UnknownValue: mae: an argument, float64 [], is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold',
      told(() => vmap((x: Tensor.Tensor<[]>) => Tensor.scalar(_.evaluate(_.mae())(x)(x)))(numbers(1, 2)))
    ]
  ] as const)('%s', ([expected, actual]) => expect(actual).toBe(expected))
})
