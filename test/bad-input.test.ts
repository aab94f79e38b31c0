/** What is told for bad input: the whole message, through the public interface. */

import {
  Csv,
  Dataset,
  DecodeError,
  grad,
  Layer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training,
  valueAndGrad
} from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { told } from './told.js'

type Cases = readonly (readonly [string, () => unknown, string])[]
const check = (cases: Cases): void => {
  test.each(cases)('%s', (_name, run, message) => expect(told(run)).toBe(message))
}
/** Of a shape that the compiler does not know: what it sees it refuses, with the same sentence. */
const zeros = (...shape: readonly number[]): Tensor.Tensor => Tensor.zeros(shape)
const total = (x: Tensor.Tensor): Tensor.Tensor<[]> => Tensor.sum()(x)

describe('mismatched matmul', () => {
  const inner = 'ShapeMismatch: matmul: [9, 12] × [13, 1]: inner dimensions 12 and 13 differ'
  check([
    ['matrices', () => Tensor.matmul(zeros(13, 1))(zeros(9, 12)), inner],
    ['in a gradient', () => grad((w: Tensor.Tensor) => total(Tensor.matmul(w)(zeros(9, 12))))(zeros(13, 1)), inner],
    [
      'a vector',
      () => Tensor.matmul(zeros(3))(zeros(2, 4)),
      'ShapeMismatch: matmul: [2, 4] × [3]: inner dimensions 4 and 3 differ'
    ],
    [
      'a scalar',
      () => Tensor.matmul(zeros())(zeros(2, 4)),
      'ShapeMismatch: matmul: [2, 4] × []: a scalar has no axis to sum over; use mul'
    ],
    [
      'batches',
      () => Tensor.matmul(zeros(3, 4, 5))(zeros(2, 5, 4)),
      'ShapeMismatch: matmul: [2, 5, 4] × [3, 4, 5]: leading axes [2] and [3] do not broadcast'
    ]
  ])
  test('in a layer, by the name of the layer', () => {
    const layer = Layer.sequential(Layer.named('hidden', Layer.linear(3, 2)), Layer.tanh)
    const params = Layer.initialize(layer)(Random.key(0))
    expect(
      told(() => Layer.predict(layer)({ params, buffers: layer.buffers })(zeros(9, 4) as Tensor.Tensor<[9, 3]>))
    ).toBe('ShapeMismatch: matmul at hidden: [9, 4] × [3, 2]: inner dimensions 4 and 3 differ')
  })
})

describe('mismatched broadcast', () => {
  check([
    [
      'of a sum',
      () => Tensor.add(zeros(3))(zeros(2)),
      'ShapeMismatch: add: shapes [2] and [3] do not broadcast: sizes 2 and 3 at axis -1 differ and neither is 1'
    ],
    [
      'of more axes',
      () => Tensor.mul(zeros(2, 5, 3))(zeros(4, 3)),
      'ShapeMismatch: mul: shapes [4, 3] and [2, 5, 3] do not broadcast: sizes 4 and 5 at axis -2 differ and neither is 1'
    ],
    [
      'to a shape',
      () => Tensor.expand([3])(zeros(2)),
      'ShapeMismatch: expand: [2] does not fit [3]: size 2 at axis -1 is neither 1 nor 3'
    ]
  ])
})

describe('mismatched concat', () => {
  check([
    [
      'sizes',
      () => Tensor.concat(0)([zeros(2, 3), zeros(2, 4)]),
      'ShapeMismatch: concat: shapes [2, 3] and [2, 4] (operand 1) differ apart from axis 0'
    ],
    [
      'ranks',
      () => Tensor.concat(0)([zeros(2, 3), zeros(2)]),
      'ShapeMismatch: concat: shapes [2, 3] and [2] (operand 1) differ apart from axis 0'
    ],
    [
      'nothing',
      () => Tensor.concat(0)(JSON.parse('[]') as readonly Tensor.Tensor[]),
      'InvalidArgument: concat: nothing to put together'
    ],
    [
      'stacked',
      () => Tensor.stack(0)([zeros(2), zeros(3)]),
      'ShapeMismatch: stack: shapes [2] and [3] (operand 1) differ'
    ]
  ])
})

describe('a loss that is no scalar', () => {
  const message = (operation: string, given: string): string =>
    `NotScalar: ${operation}: the function must give one number, not ${given}; take a sum or a mean, or use jacrev`
  const identity = (x: Tensor.Tensor): Tensor.Tensor<[]> => x as Tensor.Tensor<[]>
  check([
    ['a vector', () => grad(identity)(zeros(2)), message('grad', 'a tensor of shape [2]')],
    [
      'one element, with axes',
      () => valueAndGrad(identity)(zeros(1, 1)),
      message('valueAndGrad', 'a tensor of shape [1, 1]')
    ],
    [
      'a loss without its mean',
      () => grad((x: Tensor.Tensor) => identity(Loss.mse({ reduction: 'none' })(zeros(2))(x)))(zeros(2)),
      message('grad', 'a tensor of shape [2]')
    ]
  ])
})

describe('target and prediction of different shapes', () => {
  const hint = 'they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)'
  check([
    [
      'mse',
      () => Loss.mse()(zeros(9))(zeros(9, 1)),
      `ShapeMismatch: mse: target [9] and prediction [9, 1] differ; ${hint}`
    ],
    ['l1', () => Loss.l1()(zeros(2))(zeros()), `ShapeMismatch: l1: target [2] and prediction [] differ; ${hint}`],
    [
      'crossEntropy',
      () => Loss.crossEntropy()(zeros(4))(zeros(5, 3)),
      'ShapeMismatch: crossEntropy: prediction [5, 3] needs a target of class numbers [5] (int32) or probabilities [5, 3], not float32 [4]'
    ]
  ])
})

describe('an integer tensor differentiated', () => {
  const rest = 'a tensor of int32; cast it to float32 or float64, or pass it as a further argument'
  check([
    [
      'alone',
      () => grad(total)(Tensor.arange(3)),
      `NotDifferentiable: grad: cannot differentiate with respect to ${rest}`
    ],
    [
      'in a tree',
      () =>
        grad((p: { w: Tensor.Tensor; at: readonly Tensor.Tensor[] }) => total(p.w))({
          w: zeros(2),
          at: [zeros(), Tensor.arange(2)]
        }),
      `NotDifferentiable: grad: cannot differentiate with respect to 'at.1', ${rest}`
    ],
    [
      'as the result',
      () => grad((x: Tensor.Tensor) => total(Tensor.cast('int32')(x)))(zeros(3)),
      'NotDifferentiable: grad: the function gives int32, which has no derivative; cast it to float32 or float64'
    ]
  ])
})

describe('a ragged nested array', () => {
  check([
    [
      'rows',
      () => Tensor.tensor([[1, 2], [3]]),
      'InvalidArgument: tensor: ragged array: row 1 has 1 element where row 0 has 2'
    ],
    [
      'a number among rows',
      () => Tensor.tensor([[1, 2], 3]),
      'InvalidArgument: tensor: ragged array: row 1 is a number where row 0 has 2'
    ],
    [
      'a row among numbers',
      () => Tensor.tensor([1, [2]]),
      'InvalidArgument: tensor: ragged array: row 1 has 1 element where row 0 is a number'
    ],
    [
      'a word',
      () => Tensor.tensor(JSON.parse('[1, "two"]')),
      'InvalidArgument: tensor: an element is "two", neither number nor boolean'
    ],
    [
      'nothing',
      () => Tensor.tensor(JSON.parse('[1, null]')),
      'InvalidArgument: tensor: an element is null, neither number nor boolean'
    ]
  ])
})

describe('settings out of range', () => {
  check([
    [
      'NaN learning rate',
      () => Optimizer.sgd({ learningRate: Number.NaN }),
      'InvalidArgument: sgd: learningRate is NaN; it must be a finite number of 0 or more'
    ],
    [
      'of adam',
      () => Optimizer.adam({ learningRate: Number.NaN }),
      'InvalidArgument: adam: learningRate is NaN; it must be a finite number of 0 or more'
    ],
    [
      'negative',
      () => Optimizer.sgd({ learningRate: -1 }),
      'InvalidArgument: sgd: learningRate is -1; it must be a finite number of 0 or more'
    ],
    [
      'negative batch size',
      () => Dataset.batches({ size: -3 }),
      'InvalidArgument: Dataset.batches: size is -3; it must be a whole number of 1 or more'
    ]
  ])
})

describe('an empty data set', () => {
  const empty = { x: zeros(0, 1) as Tensor.Tensor<[0, 1]>, y: zeros(0, 1) as Tensor.Tensor<[0, 1]> }
  const trainer = Training.make({
    model: Layer.linear(1, 1),
    loss: Loss.mse(),
    optimizer: Optimizer.sgd({ learningRate: 0.1 })
  })
  const start = trainer.initialize(Random.key(0))
  const message = "InvalidArgument: Dataset: there are no examples: 'x' is [0, 1]"
  check([
    ['its size', () => Dataset.size(empty), message],
    ['in batches', () => Dataset.batches({ size: 2 })(empty), message],
    ['split', () => Dataset.split({ fraction: 0.2, key: Random.key(0) })(empty), message],
    ['trained on', () => trainer.epochs(1)(empty)(start), message],
    ['evaluated on', () => trainer.evaluate(empty)(start), message],
    ['without any tensor', () => Dataset.size({}), 'InvalidArgument: Dataset: a data set holds at least one tensor']
  ])
})

describe('layer names', () => {
  const line = Layer.linear(1, 1)
  const rest =
    'cannot be a layer name: names have no dots, are not numbers and not empty or __proto__, so that paths stay readable both ways'
  const name = (given: string) => Layer.named<string, typeof line>(given, line)
  check([
    [
      'twice',
      () => Layer.sequential(name('hidden'), Layer.tanh, name('hidden')),
      "DuplicateName: Layer.sequential: layer name 'hidden' is used twice; Layer.named gives another"
    ],
    ['with a dot', () => name('hidden.linear'), `InvalidArgument: Layer.named: 'hidden.linear' ${rest}`],
    ['a number', () => name('0'), `InvalidArgument: Layer.named: '0' ${rest}`],
    ['empty', () => name(''), `InvalidArgument: Layer.named: '' ${rest}`]
  ])
})

describe('CSV', () => {
  const row = Csv.row({ celsius: Csv.number, unknown: Csv.number })
  const reported = (text: string): string =>
    pipe(
      Csv.decode(row)(text),
      E.match(DecodeError.show, rows => `${rows.length} rows`)
    )
  test.each([
    [
      'a missing column',
      'celsius,kelvin\n1,2\n',
      'line 1, column 1 (unknown): expected a column named "unknown", found only the columns "celsius", "kelvin"'
    ],
    [
      'another separator',
      'celsius;unknown\n1;2\n',
      'line 1, column 1 (celsius): expected a column named "celsius", found only "celsius;unknown" (is the separator ";", not ","?)\nline 1, column 1 (unknown): expected a column named "unknown", found only "celsius;unknown" (is the separator ";", not ","?)'
    ],
    [
      'a word for a number',
      'celsius,unknown\n0.5,35.7\n14.0,warm\n',
      'line 3, column 6 (unknown): expected a finite number, found "warm"'
    ],
    [
      'no number',
      'celsius,unknown\n,35.7\n',
      'line 2, column 1 (celsius): expected a finite number, found an empty field'
    ],
    [
      'two wrong rows',
      'celsius,unknown\nx,1\n1,2\n3\n',
      'line 2, column 1 (celsius): expected a finite number, found "x"\nline 4, column 2: expected 2 fields, found 1'
    ],
    ['an empty file', '', 'line 1, column 1: expected a header and at least one row, found an empty text'],
    [
      'a header alone',
      'celsius,unknown\n',
      'line 1, column 16: expected at least one row below the header, found only a header'
    ]
  ])('%s', (_name, text, message) => expect(reported(text)).toBe(message))
})
