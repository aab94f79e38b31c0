/** The chapter's models trained for thousands of epochs from PyTorch's initial parameters. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  Diverged,
  Engine,
  grad,
  Layer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training,
  Tree
} from '../../../src/index.js'
import { type Case, differences, type Named, optionsOf, type Tolerance } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

const settings = t.strict({
  model: t.keyof({ linear: null, sequential: null, sequential_named: null }),
  hidden: t.number,
  optimizer: t.literal('SGD'),
  lr: t.number,
  n_epochs: t.number,
  train_indices: t.readonlyArray(t.number),
  val_indices: t.readonlyArray(t.number),
  record_epochs: t.readonlyArray(t.number),
  dtype: t.keyof({ float32: null, float64: null }),
  loss: t.literal('mse, mean')
})
type Settings = t.TypeOf<typeof settings>

/** A training from the case's parameters, at the epochs that are recorded. */
interface Trained {
  readonly lossesAt: (epoch: number) => { readonly train: number; readonly validation: number }
  /** Parameters after an epoch, by name; before the first, the initial ones. */
  readonly paramsAfter: (epoch: number) => Named
  /** The gradient of the training loss at the parameters after an epoch. */
  readonly gradientAfter: (epoch: number) => Named
  readonly validationPrediction: Tensor.Tensor
}
type Column = Tensor.Tensor<[number, 1]>

const train =
  (c: Case, { lr: learningRate, dtype, n_epochs: epochs, ...options }: Settings, { engine, run }: Way) =>
  <P>(model: Layer.Layer<P, [1], [1]>): Trained => {
    const rowsOf = (indices: readonly number[]): Training.Batch<Column, Column> => {
      const take = Tensor.take(Tensor.tensor(indices, { dtype: 'int32' }))
      const column = (name: string): Column => pipe(take(c.inputs[name]!), Tensor.reshape([indices.length, 1]))
      return { x: column('t_un'), y: column('t_c') }
    }
    const data = { train: rowsOf(options.train_indices), validation: rowsOf(options.val_indices) }
    const [key, loss] = [Random.key(0), Loss.mse()]
    const drawn = Layer.initialize(model, { dtype })(key) as P
    const start = pipe(drawn, Tree.fill(Tree.entries(drawn).map(([name]) => c.params[name]!))) as P
    const trainer = Training.make({
      model,
      loss,
      optimizer: Optimizer.sgd({ learningRate }),
      dtype,
      engine: engine ?? Engine.interpreter
    })
    const seen = (epoch: number): boolean => epoch === epochs || options.record_epochs.includes(epoch)
    const history = pipe(
      trainer.from(start, key),
      trainer.history(epochs)(data),
      Training.filter(({ epoch }) => seen(epoch) || seen(epoch + 1)),
      Training.toArray,
      E.getOrElseW(diverged => {
        throw new Error(Diverged.show(diverged))
      })
    )
    const at = (epoch: number) => history.find(element => element.epoch === epoch)!
    const paramsAfter = (epoch: number): P => (epoch === 0 ? start : at(epoch).state.params)
    const gradient = run(grad((params: P) => pipe(data.train.x, model.apply(params), loss(data.train.y))))
    return {
      lossesAt: epoch => ({ train: at(epoch).trainLoss, validation: at(epoch).validationLoss! }),
      paramsAfter: epoch => Object.fromEntries(Tree.entries(paramsAfter(epoch))),
      gradientAfter: epoch => Object.fromEntries(Tree.entries(gradient(paramsAfter(epoch)))),
      validationPrediction: Layer.predict(model)(at(epochs).state)(data.validation.x)
    }
  }

const table: Readonly<Record<string, (c: Case, options: Settings, way: Way) => Trained>> = {
  thermometer: (c, options, way) => {
    const { model, hidden } = options
    switch (model) {
      case 'linear':
        return train(c, options, way)(Layer.linear(1, 1))
      case 'sequential':
        return train(c, options, way)(Layer.sequential(Layer.linear(1, hidden), Layer.tanh, Layer.linear(hidden, 1)))
      case 'sequential_named':
        return train(
          c,
          options,
          way
        )(
          Layer.sequential(
            Layer.named('hidden_linear', Layer.linear(1, hidden)),
            Layer.named('hidden_activation', Layer.tanh),
            Layer.named('output_linear', Layer.linear(hidden, 1))
          )
        )
    }
  }
}

const losses = (rtol: number): Tolerance => ({ absolute: 1e-12, relative: rtol })
/** Tensors are compared relative to 0.01 and their largest entry. */
const whole = (rtol: number, expected: Tensor.Tensor): Tolerance => ({
  absolute: rtol * (0.01 + pipe(expected, Tensor.abs, Tensor.max(), Tensor.item)),
  relative: 0
})

/** A recorded tensor: what it is, which epoch it belongs to, and whose it is. */
const recorded = /^(?:epoch(?<epoch>\d+)|final)\.(?<gradient>grad\.)?(?<name>.+)$/

const check = (run: (c: Case, options: Settings, way: Way) => Trained, c: Case, way: Way): readonly string[] => {
  const options = optionsOf(settings, c)
  const { record_epochs: epochs, n_epochs: last, dtype } = options
  const { lossesAt, paramsAfter, gradientAfter, validationPrediction } = run(c, options, way)
  const [rtols, gradientRtols] = [c.rtol_by_epoch!, c.grad_rtol!]
  const compare = (
    what: string,
    rtol: number | null | undefined,
    expected: Tensor.Tensor | undefined,
    actual: Tensor.Tensor | undefined
  ) => {
    if (rtol === undefined) return [`${what}: no tolerance`]
    return rtol === null || expected === undefined ? [] : differences(what, whole(rtol, expected))(expected)(actual)
  }
  const lossesOf = (which: 'train' | 'validation', expected: Tensor.Tensor): readonly string[] => {
    const wanted = Tensor.toData(expected)
    return epochs.flatMap((epoch, i) => {
      const [number, rtol] = [(value: number) => Tensor.scalar(value, { dtype }), rtols[i]!]
      return rtol === null
        ? []
        : differences(`${which} loss at ${epoch}`, losses(rtol))(number(wanted[i]!))(number(lossesAt(epoch)[which]))
    })
  }
  const { epoch, train_loss, val_loss, final_val_prediction, ...tensors } = c.outputs
  return [
    ...differences('epoch', losses(0))(epoch)(Tensor.tensor(epochs, { dtype: 'int32' })),
    ...lossesOf('train', train_loss!),
    ...lossesOf('validation', val_loss!),
    ...compare('final_val_prediction', rtols[epochs.length - 1], final_val_prediction, validationPrediction),
    ...Object.entries(tensors).flatMap(([what, expected]) => {
      const { epoch, gradient, name } = recorded.exec(what)!.groups!
      const at = Number(epoch ?? last)
      return gradient === undefined
        ? compare(what, rtols[epochs.indexOf(at)], expected, paramsAfter(at)[name!])
        : compare(what, gradientRtols[`epoch${at}`], expected, gradientAfter(at - 1)[name!])
    }),
    ...Object.entries(c.grads).flatMap(([name, expected]) =>
      compare(`final gradient of ${name}`, gradientRtols['final'], expected, gradientAfter(last - 1)[name])
    )
  ]
}

export const trajectories = suite('trajectories', table, check)
