/** Losses of classes: combinations of options that PyTorch's file lacks, classes elsewhere, infinities, and what is refused. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, Loss, Optimizer, Random, Tensor, Training, vmap } from '../../src/index.js'
import * as _ from '../../src/objective/classification.js'

const float64 = { dtype: 'float64' } as const
const rows = (x: readonly (readonly number[])[]): Tensor.Tensor =>
  Tensor.tensor(x as number[][], float64) as Tensor.Tensor
const classes = (...xs: readonly number[]): Tensor.Tensor => Tensor.tensor(xs, { dtype: 'int32' }) as Tensor.Tensor
const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)
const data = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))

describe('cross-entropy', () => {
  test('survives logits that are far apart', () => {
    const logits = rows([
      [700, -700],
      [-700, 700]
    ])
    expect(Tensor.item(_.crossEntropy()(classes(0, 1))(logits))).toBe(0)
    expect(Tensor.item(_.crossEntropy()(classes(1, 0))(logits))).toBe(1400)
  })
  test('with weights, smoothing and an ignored number at once, as PyTorch has it', () => {
    const options = { weight: Tensor.tensor([1, 2, 4]), labelSmoothing: 0.3, ignoreIndex: -100 } as const
    const loss = _.crossEntropy(options)(classes(0, 1, -100))
    const logits = rows([
      [1, 2, 3],
      [0, 0, 1],
      [5, 4, 3]
    ])
    expect(Tensor.item(loss(logits))).toBeCloseTo(1.7428940831598132, 12)
    const expected = [-0.2246523991871558, 0.04753995315890557, 0.1771124460282502]
    const gradient = data(grad(loss)(logits))
    expected.forEach((slope, i) => expect(gradient[i]).toBeCloseTo(slope, 12))
    expect(gradient.slice(6)).toEqual([0, 0, 0])
  })
  test('of classes along another axis: those of a layer are the last', () => {
    const logits = Tensor.tensor(
      [
        [
          [1, 2, 3],
          [0, 0, 1]
        ]
      ],
      float64
    )
    const target = Tensor.tensor([[0, 2]], { dtype: 'int32' })
    const last = _.crossEntropy({ axis: -1, reduction: 'none' })(target)(logits)
    const second = _.crossEntropy({ reduction: 'none' })(target)(Tensor.swapAxes(1, 2)(logits))
    expect(Tensor.shape(last)).toEqual([1, 2])
    expect(data(last)).toEqual(data(second))
    expect(data(_.nll({ axis: -1, reduction: 'none' })(target)(Tensor.logSoftmax()(logits)))).toEqual(data(last))
  })
  test('of a class with logit −∞ is finite where that class is not meant, and ∞ where it is', () => {
    const logits = rows([[0, Number.NEGATIVE_INFINITY]])
    expect(Tensor.item(_.crossEntropy()(classes(0))(logits))).toBe(0)
    expect(Tensor.item(_.crossEntropy()(rows([[1, 0]]))(logits))).toBe(0)
    expect(data(grad(_.crossEntropy()(classes(0)))(logits))).toEqual([0, 0])
    expect(Tensor.item(_.crossEntropy()(classes(1))(logits))).toBe(Number.POSITIVE_INFINITY)
    expect(data(grad(_.crossEntropy()(classes(1)))(logits))).toEqual([1, -1])
  })
  test('has a slope in probabilities', () => {
    const slope = grad((t: Tensor.Tensor) => _.crossEntropy({ reduction: 'sum' })(t)(rows([[0, 0]])))(
      rows([[0.5, 0.5]])
    )
    expect(data(slope)).toEqual([Math.log(2), Math.log(2)])
  })
  test('is NaN if all are ignored, whose gradient is 0 where it is a sum', () => {
    const [target, logits] = [
      classes(1, 1),
      rows([
        [1, 2],
        [3, 4]
      ])
    ]
    expect(Tensor.item(_.crossEntropy({ ignoreIndex: 1 })(target)(logits))).toBeNaN()
    expect(data(grad(_.crossEntropy({ ignoreIndex: 1, reduction: 'sum' })(target))(logits))).toEqual([0, 0, 0, 0])
  })
  test('has the dtype of the prediction, whatever that of weights and probabilities', () => {
    const loss = _.crossEntropy({ weight: Tensor.tensor([1, 2], float64) })(rows([[1, 0]]))(Tensor.zeros([1, 2]))
    expect(Tensor.dtype(loss)).toBe('float32')
  })
  test('over a batch of targets by vmap', () => {
    const [targets, logits] = [
      Tensor.tensor([[0], [1]], { dtype: 'int32' }),
      Tensor.tensor([[[0, 1]], [[0, 1]]], float64)
    ]
    const each = vmap(([t, x]: readonly [Tensor.Tensor, Tensor.Tensor]) => _.crossEntropy()(t)(x))([
      targets,
      logits
    ] as const)
    expect(data(each)).toEqual([0, 1].map(c => Tensor.item(_.crossEntropy()(classes(c))(rows([[0, 1]])))))
  })
})

describe('a class that does not exist', () => {
  test('is a mistake where it is known', () => {
    expect(() => _.crossEntropy()(classes(0, 3))(unknown(2, 3))).toThrow(
      'crossEntropy: class 3 in the target does not exist: there are 3, numbered 0 to 2 (ignoreIndex says which number counts nothing)'
    )
    expect(() => _.nll({ ignoreIndex: -100 })(classes(0, -1))(unknown(2, 3))).toThrow(
      'nll: class -1 in the target does not exist: there are 3, numbered 0 to 2, and -100 is ignored'
    )
    expect(() => _.crossEntropy()(classes(0))(unknown(1, 0))).toThrow(
      'class 0 in the target does not exist: there is none'
    )
  })
  test('makes the loss NaN where it is not, so that training stops', () => {
    const f = jit((target: Tensor.Tensor) => _.crossEntropy({ reduction: 'none' })(target)(unknown(3, 3)))
    const losses = data(f(classes(0, 3, -1)))
    expect(losses[0]).toBeCloseTo(Math.log(3), 6)
    expect(losses.slice(1)).toEqual([Number.NaN, Number.NaN])
    const trainer = Training.make({
      model: Layer.linear(2, 3),
      loss: Loss.crossEntropy(),
      optimizer: Optimizer.sgd({ learningRate: 0.1 })
    })
    const end = trainer.epoch({ x: Tensor.ones([2, 2]), y: classes(1, 3) })(trainer.initialize(Random.key(1)))
    expect(E.isLeft(end) && end.left.path).toBe('loss')
  })
})

describe('refusals', () => {
  test('classes that do not fit the logits', () => {
    expect(() => _.crossEntropy()(Tensor.zeros([3], { dtype: 'int32' }))(unknown(2, 4))).toThrow(
      'crossEntropy: prediction [2, 4] needs a target of class numbers [2] (int32) or probabilities [2, 4], not int32 [3]'
    )
    expect(() => _.crossEntropy()(unknown(2))(unknown(2, 4))).toThrow('probabilities [2, 4], not float32 [2]')
    expect(() => _.nll()(unknown(2, 4))(unknown(2, 4))).toThrow(
      'nll: prediction [2, 4] needs a target of class numbers [2] (int32), not float32 [2, 4]'
    )
    expect(() => _.crossEntropy()(unknown())(unknown())).toThrow(
      'crossEntropy: a scalar prediction has no axis of classes'
    )
    expect(() => _.nll({ axis: 2 })(classes(1))(unknown(1, 2))).toThrow('nll: axis 2 is out of range for rank 2')
  })
  test('options that do not fit', () => {
    expect(() => _.crossEntropy({ weight: unknown(2) })(classes(1))(unknown(1, 3))).toThrow(
      'crossEntropy: weight [2] is not one number for each of 3 classes, [3]'
    )
    expect(() => _.nll({ weight: unknown(3, 1) })(classes(1))(unknown(1, 3))).toThrow(
      'nll: weight [3, 1] is not one number for each of 3 classes, [3]'
    )
    expect(() => _.crossEntropy({ labelSmoothing: 1.5 })(classes(1))(unknown(1, 3))).toThrow(
      'crossEntropy: labelSmoothing is 1.5, and not a number from 0 to 1'
    )
    expect(() => _.crossEntropy({ ignoreIndex: 0 })(unknown(1, 3))(unknown(1, 3))).toThrow(
      'crossEntropy: ignoreIndex 0 needs class numbers, not probabilities'
    )
  })
})
