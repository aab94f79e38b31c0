/** What is computed in Node, on pages and in workers, each as text in which every bit shows. */
import {
  Dataset,
  Diverged,
  Engine,
  grad,
  jit,
  Layer,
  Loss,
  Optimizer,
  pipe,
  precompile,
  Random,
  Tensor,
  Training,
  Tree
} from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { watched } from './watch.js'

/** What a program found, under names: two places agree when they found the same. */
export type Findings = Readonly<Record<string, string>>

/** The bits of a tensor's numbers; NaN has many and is one. */
export const bits = (x: Tensor.Tensor): string => {
  const data = Tensor.toData(x)
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const each = data.BYTES_PER_ELEMENT
  return Array.from(data, (number, i) =>
    Number.isNaN(number)
      ? 'NaN'
      : Array.from(bytes.subarray(i * each, (i + 1) * each).reverse(), byte => byte.toString(16).padStart(2, '0')).join(
          ''
        )
  ).join(' ')
}
const findings = (entries: readonly (readonly [name: string, found: string])[]): Findings => Object.fromEntries(entries)

type Column = Tensor.Tensor<[number, 1]>
const column = (numbers: readonly number[]): Column => Tensor.tensor(numbers.map(x => [x] as const))
const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
const learn = <P, B>(trainer: Training.Trainer<P, B, Column, Column>, epochs: number): string => {
  const data = pipe(
    { x: column(unknown.map(x => x * 0.1)), y: column(celsius) },
    Dataset.split({ fraction: 0.2, key: Random.key(3) })
  )
  return pipe(
    trainer.initialize(Random.key(4)),
    trainer.history(epochs)(data),
    Training.last,
    E.match(Diverged.show, ({ state, trainLoss, validationLoss }) =>
      [...Tree.leaves(state.params).map(bits), trainLoss, validationLoss].join('\n')
    )
  )
}
const line = Layer.linear(1, 1)
const network = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
const loss = Loss.mse()
/** The trainings of the chapter, with validation: every parameter and both losses at the end. */
const chapter = (): Findings =>
  findings([
    ['line', learn(Training.make({ model: line, loss, optimizer: Optimizer.sgd({ learningRate: 1e-2 }) }), 3000)],
    ['network', learn(Training.make({ model: network, loss, optimizer: Optimizer.sgd({ learningRate: 1e-3 }) }), 5000)]
  ])

/** Numbers between −1 and 1 that look random and are the same everywhere. */
export const scattered = <const S extends readonly number[]>(
  shape: S,
  dtype: 'float32' | 'float64' = 'float32'
): Tensor.Tensor<[...S]> => {
  const length = shape.reduce((a, b) => a * b, 1)
  const numbers = Float64Array.from({ length }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >> 8) / 2 ** 23)
  return Tensor.fromData(shape, dtype === 'float32' ? Float32Array.from(numbers) : numbers)
}
const product = (engine: Engine.Engine) => jit((a: Tensor.Tensor, b: Tensor.Tensor) => Tensor.matmul(b)(a), { engine })
const products = (): Findings => {
  const multiply = product(Engine.wasm)
  const shapes = [
    [64, 64, 64],
    [9, 1, 13],
    [17, 785, 33]
  ] as const
  return findings(
    (['float32', 'float64'] as const).flatMap(dtype =>
      shapes.map(
        ([m, k, n]) =>
          [
            `${dtype} ${m}×${k}×${n}`,
            bits(multiply(scattered([m, k], dtype), pipe(scattered([n, k], dtype), Tensor.transpose)))
          ] as const
      )
    )
  )
}

const pointwise: Readonly<Record<string, (x: Tensor.Tensor) => Tensor.Tensor>> = {
  ...{ exp: Tensor.exp, expm1: Tensor.expm1, log: Tensor.log, log1p: Tensor.log1p, sqrt: Tensor.sqrt },
  ...{ sin: Tensor.sin, cos: Tensor.cos, tan: Tensor.tan, asin: Tensor.asin, acos: Tensor.acos, atan: Tensor.atan },
  ...{ sinh: Tensor.sinh, cosh: Tensor.cosh, tanh: Tensor.tanh, sigmoid: Tensor.sigmoid },
  ...{ asinh: Tensor.asinh, acosh: Tensor.acosh, atanh: Tensor.atanh },
  ...{ erf: Tensor.erf, erfc: Tensor.erfc, erfinv: Tensor.erfinv },
  ...{ lgamma: Tensor.lgamma, digamma: Tensor.digamma, polygamma: Tensor.polygamma({ order: 1 }) },
  atan2: x => Tensor.atan2(0.7)(x),
  hypot: x => Tensor.hypot(0.7)(x),
  'to a power': x => Tensor.pow(1.7)(x),
  softmax: x => Tensor.softmax()(x)
}
const special = [
  0,
  -0,
  1,
  -1,
  1e-40,
  -1e-310,
  1e10,
  -1e300,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN
]
/** Pointwise functions on numbers near 0, on large ones, and on special ones. */
const functions = (): Findings => {
  const points = Array.from({ length: 300 }, (_, i) => (i - 150) ** 3 / 40_000)
  return findings(
    (['float32', 'float64'] as const).flatMap(dtype => {
      const x = Tensor.tensor([...points, ...special], { dtype })
      return Object.entries(pointwise).map(([name, f]) => [`${dtype} ${name}`, bits(jit(f)(x))] as const)
    })
  )
}

/** The gradient of so many layers, each of a size of its own, so that no two share code: a module of hundreds of kilobytes. */
const deep = (layers: number) => {
  const widths = Array.from({ length: layers + 1 }, (_, i) => 5 + ((i * 7) % 29))
  const weights = widths.slice(1).map((to, i) => Tensor.div(4)(scattered([widths[i]!, to])))
  const size = (ws: readonly Tensor.Tensor[]): Tensor.Tensor<[]> =>
    pipe(
      ws.reduce<Tensor.Tensor>(
        (x, w, i) => Tensor.tanh(Tensor.add(i / layers)(Tensor.matmul(w)(x))),
        scattered([3, 5])
      ),
      Tensor.square,
      Tensor.sum()
    ) as Tensor.Tensor<[]>
  return { f: grad(size), weights }
}
/** Compiled ahead, without ever blocking for it. */
const large = (): Promise<Findings> =>
  watched(async seen => {
    const { f, weights } = deep(60)
    const compiled = await precompile(f)(weights)()
    const gradients = findings(compiled(weights).map((g, i) => [`gradient ${i}`, bits(g)] as const))
    const { compiled: atOnce, compiledLater, largest } = seen
    return { ...gradients, modules: `${atOnce} at once, ${compiledLater} later, large: ${largest > 100_000}` }
  })

/** 300 programs, compiled one after the other, then all of them run again. */
const many = (): Promise<Findings> =>
  watched(seen => {
    const engine = Engine.wasmWith()
    const all = Array.from({ length: 300 }, (_, i) => ({
      f: jit((x: Tensor.Tensor) => pipe(x, Tensor.mul(x), Tensor.add(i), Tensor.sum()), { engine }),
      x: scattered([1 + (i % 40)])
    }))
    const round = (): string => all.map(({ f, x }) => bits(f(x))).join(' ')
    const first = round()
    const again = round()
    return { first, again, modules: `${seen.compiled} in ${seen.memories.length} memory` }
  })

/** Fused multiply-adds: whether they change last bits of a long product, and how far it is from the interpreter's at most. */
const fused = (): Findings => {
  const [a, b] = [scattered([8, 4096]), pipe(scattered([8, 4096]), Tensor.transpose)]
  const once = product(Engine.wasmWith({ fusedMultiplyAdd: true }))(a, b)
  const distance = (x: Tensor.Tensor): number => Tensor.item(pipe(x, Tensor.sub(once), Tensor.abs, Tensor.max()))
  const exact = Tensor.matmul(b)(a)
  return {
    'differs from the default': String(bits(once) !== bits(product(Engine.wasm)(a, b))),
    'is near the interpreter': String(distance(exact) < 1e-6 * Tensor.item(pipe(exact, Tensor.abs, Tensor.max())))
  }
}

/** Threads: whether they may share memory here, what a product that they share gives, and whether another thread took a part of it. */
const threads = (): Promise<Findings> =>
  watched(async seen => {
    const [a, b] = [scattered([512, 300]), scattered([512, 300])]
    const multiply = (engine: Engine.Engine) =>
      jit((x: typeof a, y: typeof b) => pipe(x, Tensor.matmul(Tensor.transpose(y))), { engine })
    const alone = multiply(Engine.wasmWith({ threads: 1 }))(a, b)
    const together = multiply(Engine.wasmWith({ threads: 2 }))
    let same = Tensor.equals(alone)(together(a, b))
    const { buffer } = seen.memories.at(-1)!
    const shared = !(buffer instanceof ArrayBuffer)
    // No other was ready at first: it starts while this one waits. The first product left its traces in memory; who packs a part later leaves others.
    const [now, then] = [new Uint8Array(buffer, 64), new Uint8Array(buffer, 64).slice()]
    let helped = false
    for (let left = 100; shared && left > 0 && !helped; left--) {
      await new Promise(later => setTimeout(later, 20))
      same &&= Tensor.equals(alone)(together(a, b))
      helped = now.some((byte, i) => byte !== then[i])
    }
    return { product: bits(alone), same: String(same), shared: String(shared), helped: String(helped) }
  })

/** What gives the same bits in every place. */
export const programs = { chapter, products, functions, large, many }
export const everything = { ...programs, fused, threads }
export type Name = keyof typeof everything
