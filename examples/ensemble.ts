/**
 * A hundred networks at once, and what they do not know. `vmap` over a hundred keys trains a hundred networks on the thermometer's eleven readings, each from
 * its own draw; where there are readings they agree, and away from them they part: a band of uncertainty.
 *
 * One training is a function from a key to parameters, a fold over epochs. `jit(vmap(train))` is one program for all.
 */
import { Control, jit, Layer, Loss, Optimizer, Plot, pipe, Random, Tensor, valueAndGrad, vmap } from 'cotangent'
import { picture } from './shared/picture.js'

const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
const column = (values: readonly number[]) => Tensor.tensor(values.map(v => [v] as const)) as Tensor.Tensor<[number, 1]>
const scaled = (readings: readonly number[]) => column(readings.map(u => (u - 50) / 20))
const [x, y] = [scaled(unknown), column(celsius.map(c => c / 10))]

const model = Layer.sequential(Layer.linear(1, 16), Layer.tanh, Layer.linear(16, 1))
const optimizer = Optimizer.adam({ learningRate: 0.01 })
const epochs = 1000
const members = 100

type Params = ReturnType<ReturnType<typeof Layer.initialize<typeof model>>>
const loss = (params: Params) => pipe(x, model.apply(params), Loss.mse()(y))
const train = (key: Random.Key): Params => {
  const start = Layer.initialize(model)(key)
  const epoch = (
    { params, state }: { readonly params: Params; readonly state: Optimizer.OptimizerState },
    step: Tensor.Tensor<[]>
  ) => {
    const [value, gradients] = valueAndGrad(loss)(params)
    const context = { loss: value, step, valueAndGrad: valueAndGrad(loss) }
    const [updates, next] = optimizer.update(gradients, state, params, context)
    return { params: Optimizer.applyUpdates(updates)(params), state: next }
  }
  const steps = Tensor.arange(epochs, { dtype: 'int32' })
  return Control.fold(epoch)({ params: start, state: optimizer.init(start) }, steps).params
}

const keys = Random.keys(members)(Random.key(7))
const [one, all] = [jit(train), jit(vmap(train))]
const trained = all(keys)

// All together against one after the other, in turns.
const milliseconds = (run: () => unknown): number => {
  const start = performance.now()
  run()
  return performance.now() - start
}
const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
const each = Array.from({ length: members }, (_, i) => pipe(keys, Tensor.select(0, i)) as Random.Key)
for (const key of each.slice(0, 2)) one(key)
const rounds = Array.from(
  { length: 5 },
  () => [milliseconds(() => all(keys)), milliseconds(() => each.map(key => one(key)))] as const
)
const [together, apart] = [median(rounds.map(([t]) => t)), median(rounds.map(([, t]) => t))]
console.log(`${members} networks, ${epochs} epochs each, compiled`)
console.log(`  all at once        ${together.toFixed(0).padStart(5)} ms`)
console.log(`  one after another  ${apart.toFixed(0).padStart(5)} ms, ${(apart / together).toFixed(2)} times as long\n`)

const readings = Array.from({ length: 61 }, (_, i) => 5 + 2 * i)
const outputs = vmap((params: Params) => model.apply(params)(scaled(readings)))(trained) as Tensor.Tensor
const row = (f: (x: Tensor.Tensor) => Tensor.Tensor): readonly number[] =>
  (Tensor.toArray(pipe(outputs, f, Tensor.mul(10))) as readonly (readonly number[])[]).map(([c]) => c ?? Number.NaN)
const mean = row(Tensor.mean({ axis: 0 }) as (x: Tensor.Tensor) => Tensor.Tensor)
const spread = row(Tensor.standardDeviation({ axis: 0 }) as (x: Tensor.Tensor) => Tensor.Tensor)
console.log('reading     mean (°C)    standard deviation of the networks')
for (const reading of [5, 21, 35, 57, 81, 105, 125]) {
  const i = readings.indexOf(reading)
  console.log(
    `${String(reading).padStart(7)}${(mean[i] ?? 0).toFixed(1).padStart(14)}${(spread[i] ?? 0).toFixed(1).padStart(12)}`
  )
}

const heights = (by: number): readonly number[] => readings.map((_, i) => (mean[i] ?? 0) + by * (spread[i] ?? 0))
const [low, high] = [heights(-2), heights(2)]
await picture('ensemble', 'What a hundred networks do not know', [
  Plot.fit({
    title: 'A hundred networks, 1-16-1',
    x: { label: 'unknown thermometer', domain: [0, 130] },
    y: { label: 'temperature (°C)' },
    points: { name: 'readings', points: unknown.map((u, i) => [u, celsius[i] ?? 0] as const) },
    curves: [{ name: 'mean of the networks', points: readings.map((u, i) => [u, mean[i] ?? 0] as const) }],
    bands: [{ name: '2 deviations around', points: readings.map((u, i) => [u, low[i] ?? 0, high[i] ?? 0] as const) }]
  })
])
