/** TensorFlow.js on its WebAssembly and its plain JavaScript backends. Only what is used of it has types here. */
import { createRequire } from 'node:module'
import { loop } from '../harness/measure.js'
import type { Column, Contender, Numbers, Ready, Value } from '../harness/row.js'

export interface TfTensor {
  readonly shape: readonly number[]
  readonly dataSync: () => Numbers
  readonly dispose: () => void
  readonly add: (other: TfTensor | number) => TfTensor
  readonly sub: (other: TfTensor | number) => TfTensor
  readonly mul: (other: TfTensor | number) => TfTensor
  readonly div: (other: TfTensor | number) => TfTensor
  readonly neg: () => TfTensor
  readonly square: () => TfTensor
  readonly sqrt: () => TfTensor
  readonly exp: () => TfTensor
  readonly tanh: () => TfTensor
  readonly sigmoid: () => TfTensor
  readonly relu: () => TfTensor
  readonly erf: () => TfTensor
  readonly sum: (axis?: number | readonly number[], keepDimensions?: boolean) => TfTensor
  readonly mean: (axis?: number | readonly number[], keepDimensions?: boolean) => TfTensor
  readonly reshape: (shape: readonly number[]) => TfTensor
  readonly transpose: (axes?: readonly number[]) => TfTensor
  readonly slice: (start: readonly number[], size: readonly number[]) => TfTensor
}
export interface TfVariable extends TfTensor {
  readonly assign: (value: TfTensor) => void
}
type Tensors = readonly TfTensor[]
export interface TfOptimizer {
  readonly minimize: (f: () => TfTensor, returnCost: boolean, variables?: readonly TfVariable[]) => TfTensor | null
  readonly applyGradients: (gradients: Readonly<Record<string, TfTensor>>) => void
  readonly dispose: () => void
}
export interface Tf {
  readonly enableProdMode: () => void
  readonly setBackend: (name: 'wasm' | 'cpu') => Promise<boolean>
  readonly ready: () => Promise<void>
  readonly tidy: <T>(f: () => T) => T
  readonly dispose: (x: unknown) => void
  readonly tensor: (data: Numbers, shape: readonly number[], dtype: 'float32' | 'int32') => TfTensor
  readonly variable: (initial: TfTensor, trainable?: boolean, name?: string) => TfVariable
  readonly matMul: (a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean) => TfTensor
  /** Images `[n, height, width, in]` by kernels `[height, width, in, out]`. */
  readonly conv2d: (images: TfTensor, kernels: TfTensor, stride: number, padding: 'same' | 'valid') => TfTensor
  readonly maxPool: (images: TfTensor, size: number, stride: number, padding: 'same' | 'valid') => TfTensor
  readonly oneHot: (x: TfTensor, depth: number) => TfTensor
  readonly concat: (xs: Tensors, axis: number) => TfTensor
  readonly stack: (xs: Tensors, axis: number) => TfTensor
  readonly softmax: (x: TfTensor, axis: number) => TfTensor
  readonly logSoftmax: (x: TfTensor, axis: number) => TfTensor
  readonly logSumExp: (x: TfTensor, axis: number) => TfTensor
  readonly scalar: (x: number) => TfTensor
  readonly grad: (f: (x: TfTensor) => TfTensor) => (x: TfTensor) => TfTensor
  readonly valueAndGrads: (f: (...xs: Tensors) => TfTensor) => (xs: Tensors) => {
    readonly value: TfTensor
    readonly grads: Tensors
  }
  readonly grads: (f: (...xs: Tensors) => TfTensor) => (xs: Tensors) => Tensors
  readonly losses: {
    readonly softmaxCrossEntropy: (labels: TfTensor, logits: TfTensor) => TfTensor
  }
  readonly train: {
    readonly sgd: (learningRate: number) => TfOptimizer
    readonly adam: (learningRate: number, beta1: number, beta2: number, epsilon: number) => TfOptimizer
  }
}
type Backend = 'wasm' | 'cpu'
const backends: readonly Backend[] = ['wasm', 'cpu']
const columnOf = (backend: Backend): Column => `tfjs ${backend}`

let loaded: Tf | undefined
const load = (): Tf => {
  const require = createRequire(import.meta.url)
  const tf = require('@tensorflow/tfjs') as Tf
  require('@tensorflow/tfjs-backend-wasm')
  // Without checks of its own, and without advice on the console.
  tf.enableProdMode()
  return tf
}
export const loadTf = async (backend: Backend): Promise<Tf> => {
  loaded ??= load()
  await loaded.setBackend(backend)
  await loaded.ready()
  return loaded
}

/** float64 goes in as float32, the only floating type that it has. */
export const toTf =
  (tf: Tf) =>
  ({ shape, data }: Value): TfTensor =>
    data instanceof Int32Array ? tf.tensor(data, shape, 'int32') : tf.tensor(Float32Array.from(data), shape, 'float32')

/** Work on both backends; the backend is one for the whole process, so it is set before each use. */
export const onBackends = (
  prepare: (tf: Tf) => {
    readonly results: Ready['results']
    readonly time: Ready['time']
    readonly dispose: () => void
  },
  tolerance?: Contender['tolerance']
): readonly Contender[] =>
  backends.map(backend => ({
    column: columnOf(backend),
    ...(tolerance === undefined ? {} : { tolerance }),
    prepare: async (): Promise<Ready> => {
      const ready = prepare(await loadTf(backend))
      return {
        results: async () => {
          await loadTf(backend)
          return ready.results()
        },
        time: async iterations => {
          await loadTf(backend)
          return ready.time(iterations)
        },
        dispose: ready.dispose
      }
    }
  }))

/** A function of tensors, eager: there is no compiler. */
export const tfFunctions = (
  inputs: readonly Value[],
  make: (tf: Tf) => (...xs: Tensors) => Tensors,
  tolerance?: Contender['tolerance']
): readonly Contender[] =>
  onBackends(tf => {
    const f = make(tf)
    const xs = inputs.map(toTf(tf))
    const call = (): Tensors => tf.tidy(() => f(...xs))
    return {
      results: () => call().map(x => x.dataSync()),
      time: loop(() => tf.dispose(call())),
      dispose: () => tf.dispose(xs)
    }
  }, tolerance)

/** Training by variables and an optimizer, as its users write it. */
export const tfTraining = ({
  initial,
  data,
  optimizer,
  loss,
  validation,
  look,
  checkedSteps,
  compared = (_, params) => params
}: {
  readonly initial: readonly Value[]
  readonly data: readonly Value[]
  readonly optimizer: (tf: Tf) => TfOptimizer
  readonly loss: (tf: Tf) => (params: Tensors, ...data: Tensors) => TfTensor
  /** Another loss that is computed before each step, if losses are looked at. */
  readonly validation?: (tf: Tf) => (params: Tensors, ...data: Tensors) => TfTensor
  /** Whether losses are read in every step. */
  readonly look: boolean
  readonly checkedSteps: number
  /** The parameters as the others have them, where they have to lie in another order here. */
  readonly compared?: (tf: Tf, params: Tensors) => Tensors
}): readonly Contender[] =>
  onBackends(tf => {
    const starts = initial.map(toTf(tf))
    const params = starts.map(start => tf.variable(start))
    const xs = data.map(toTf(tf))
    const [objective, watched] = [loss(tf), look ? validation?.(tf) : undefined]
    const train = (steps: number, seen: (losses: readonly number[]) => void): void => {
      for (const [i, param] of params.entries()) param.assign(starts[i]!)
      const trainer = optimizer(tf)
      for (let i = 0; i < steps; i++) {
        const other = watched && tf.tidy(() => watched(params, ...xs))
        const cost = trainer.minimize(() => objective(params, ...xs), look, params)
        const losses = [cost, other].flatMap(x => (x ? [x] : []))
        seen(losses.map(x => x.dataSync()[0]!))
        tf.dispose(losses)
      }
      trainer.dispose()
    }
    return {
      results: () => {
        const seen: number[] = []
        train(checkedSteps, losses => seen.push(...losses))
        return [seen, ...compared(tf, params).map(p => p.dataSync())]
      },
      time: iterations => {
        const start = performance.now()
        train(iterations, () => {})
        return performance.now() - start
      },
      dispose: () => tf.dispose([starts, params, xs])
    }
  })
