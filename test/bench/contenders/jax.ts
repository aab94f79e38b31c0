/** jax-js on its WebAssembly backend. Only what is used of it has types here: the bench type-checks without its peers. */
import { zeros } from '../harness/random.js'
import type { Contender, Numbers, Ready, Value } from '../harness/row.js'

type Operand = JaxArray | number
/** Every operation takes its operands away; `ref` keeps one. */
export interface JaxArray {
  readonly ref: JaxArray
  readonly size: number
  readonly dispose: () => void
  readonly dataSync: () => Numbers
  readonly item: () => number
  readonly blockUntilReady: () => Promise<unknown>
  readonly add: (other: Operand) => JaxArray
  readonly sub: (other: Operand) => JaxArray
  readonly mul: (other: Operand) => JaxArray
  readonly div: (other: Operand) => JaxArray
  readonly neg: () => JaxArray
  readonly sum: (axis?: number | readonly number[] | null, options?: { readonly keepdims?: boolean }) => JaxArray
  readonly mean: (axis?: number | readonly number[] | null, options?: { readonly keepdims?: boolean }) => JaxArray
  readonly reshape: (shape: readonly number[]) => JaxArray
  readonly transpose: (axes?: readonly number[]) => JaxArray
  readonly slice: (...index: readonly (number | readonly number[] | JaxArray)[]) => JaxArray
}
type Unary = (x: Operand) => JaxArray
type Params = readonly JaxArray[]
type Scalar = (params: readonly JaxArray[], ...rest: readonly JaxArray[]) => JaxArray

export interface Jax {
  readonly init: (device: 'wasm') => Promise<unknown>
  readonly defaultDevice: (device: 'wasm') => unknown
  readonly jit: <F>(f: F) => F & { readonly dispose: () => void }
  readonly grad: (f: Scalar) => (params: Params, ...rest: Params) => readonly JaxArray[]
  readonly valueAndGrad: (f: Scalar) => (params: Params, ...rest: Params) => readonly [JaxArray, readonly JaxArray[]]
  readonly hessian: (f: (x: JaxArray) => JaxArray) => (x: JaxArray) => JaxArray
  readonly lax: {
    readonly erf: Unary
    /** Images `[n, in, …]` by kernels `[out, in, …]`. */
    readonly conv: (
      images: JaxArray,
      kernels: JaxArray,
      strides: readonly number[],
      padding: 'VALID' | 'SAME'
    ) => JaxArray
  }
  readonly nn: {
    readonly relu: Unary
    readonly sigmoid: Unary
    readonly softmax: (x: JaxArray, axis: number) => JaxArray
    readonly logSoftmax: (x: JaxArray, axis: number) => JaxArray
    readonly logsumexp: (x: JaxArray, axis: number) => JaxArray
    readonly oneHot: (x: JaxArray, classes: number) => JaxArray
  }
  readonly numpy: {
    readonly float32: unknown
    readonly float64: unknown
    readonly int32: unknown
    readonly array: (data: Numbers, options: { readonly shape: readonly number[]; readonly dtype: unknown }) => JaxArray
    readonly matmul: (a: JaxArray, b: JaxArray) => JaxArray
    readonly einsum: (equation: string, ...xs: Params) => JaxArray
    readonly concatenate: (xs: Params, axis: number) => JaxArray
    readonly max: (x: JaxArray, axis: number | readonly number[]) => JaxArray
    readonly tanh: Unary
    readonly exp: Unary
    readonly sqrt: Unary
    readonly square: Unary
    readonly pow: (x: Operand, exponent: Operand) => JaxArray
  }
}

let loaded: Promise<Jax> | undefined
const load = async (): Promise<Jax> => {
  // It asks whether data is an instance of a class that Node 20 does not have yet.
  if (!('Float16Array' in globalThis)) Object.assign(globalThis, { Float16Array: class {} })
  const specifier: string = '@jax-js/jax'
  const jax: Jax = await import(specifier)
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  return jax
}
export const loadJax = (): Promise<Jax> => {
  loaded ??= load()
  return loaded
}

export const toJax =
  ({ numpy }: Jax) =>
  ({ shape, data }: Value): JaxArray =>
    numpy.array(data, {
      shape,
      dtype: data instanceof Float32Array ? numpy.float32 : data instanceof Float64Array ? numpy.float64 : numpy.int32
    })

/** It computes when asked, all that one call of a compiled function gives at once. */
const settle = async (outputs: Params): Promise<void> => {
  await outputs[0]!.blockUntilReady()
  for (const output of outputs) output.dispose()
}

/** A function of arrays, compiled. */
export const jaxFunction = (
  inputs: readonly Value[],
  make: (jax: Jax) => (...xs: Params) => Params,
  tolerance?: Contender['tolerance']
): Contender => ({
  column: 'jax-js',
  ...(tolerance === undefined ? {} : { tolerance }),
  prepare: async (): Promise<Ready> => {
    const jax = await loadJax()
    const f = jax.jit(make(jax))
    const xs = inputs.map(toJax(jax))
    const call = (): Params => f(...xs.map(x => x.ref))
    return {
      results: () => call().map(x => x.dataSync()),
      time: async iterations => {
        const start = performance.now()
        for (let i = 0; i < iterations; i++) await settle(call())
        return performance.now() - start
      },
      dispose: () => {
        for (const x of xs) x.dispose()
        f.dispose()
      }
    }
  }
})

/**
 * Training from given parameters: a step takes the state and the data to losses, as many as are told, and the next state. The
 * losses are read in every step: what is not read is not computed.
 */
export const jaxTraining = ({
  initial,
  data,
  losses,
  checked,
  make
}: {
  readonly initial: readonly Value[]
  readonly data: readonly Value[]
  readonly losses: number
  /** After how many steps the state is compared, how much of it, and whether losses are. */
  readonly checked: { readonly steps: number; readonly losses: boolean; readonly states?: number }
  readonly make: (jax: Jax) => (state: Params, ...data: Params) => Params
}): Contender => ({
  column: 'jax-js',
  prepare: async (): Promise<Ready> => {
    const jax = await loadJax()
    const step = jax.jit(make(jax))
    const [start, xs] = [initial.map(toJax(jax)), data.map(toJax(jax))]
    const train = (steps: number, look: (losses: readonly number[]) => void): Params => {
      let state: Params = start.map(x => x.ref)
      for (let i = 0; i < steps; i++) {
        const outputs = step(state, ...xs.map(x => x.ref))
        look(outputs.slice(0, losses).map(x => x.item()))
        state = outputs.slice(losses)
      }
      return state
    }
    return {
      results: () => {
        const seen: number[] = []
        const end = train(checked.steps, values => seen.push(...values))
        const compared = checked.states ?? end.length
        const found = end.slice(0, compared).map(x => x.dataSync())
        for (const x of end.slice(compared)) x.dispose()
        return [checked.losses ? seen : [], ...found]
      },
      time: iterations => {
        const begin = performance.now()
        const end = train(iterations, () => {})
        const spent = performance.now() - begin
        for (const x of end) x.dispose()
        return spent
      },
      dispose: () => {
        for (const x of [...start, ...xs]) x.dispose()
        step.dispose()
      }
    }
  }
})

const one = (): Value => ({ shape: [], data: new Float32Array([1]) })
/** Training by Adam with what it has been given everywhere: a rate of 1e-3, means that decay by 0.9 and 0.999. */
export const jaxAdam = ({
  initial,
  data,
  look,
  checked,
  loss
}: {
  readonly initial: readonly Value[]
  readonly data: readonly Value[]
  readonly look: boolean
  readonly checked: number
  readonly loss: (jax: Jax) => Scalar
}): Contender => {
  const n = initial.length
  return jaxTraining({
    // Parameters, first and second moments, and the powers of the two decay rates.
    initial: [...initial, ...initial.map(v => zeros(v.shape)), ...initial.map(v => zeros(v.shape)), one(), one()],
    data,
    losses: 1,
    checked: { steps: checked, losses: look, states: n },
    make: jax => {
      const { numpy: np, valueAndGrad } = jax
      const derived = valueAndGrad(loss(jax))
      return (state, ...xs) => {
        const [params, first, second] = [state.slice(0, n), state.slice(n, 2 * n), state.slice(2 * n, 3 * n)]
        const [power1, power2] = [state[3 * n]!.mul(0.9), state[3 * n + 1]!.mul(0.999)]
        const [value, gradients] = derived(
          params.map(p => p.ref),
          ...xs
        )
        const means = first.map((m, i) => m.mul(0.9).add(gradients[i]!.ref.mul(0.1)))
        const sizes = second.map((v, i) => v.mul(0.999).add(np.square(gradients[i]!).mul(0.001)))
        const rate = np.pow(power1.ref.mul(-1).add(1), -1).mul(1e-3)
        const root = np.sqrt(power2.ref.mul(-1).add(1))
        const next = params.map((p, i) => {
          const divisor = np.sqrt(sizes[i]!.ref).div(root.ref).add(1e-8)
          return p.sub(means[i]!.ref.mul(rate.ref).div(divisor))
        })
        rate.dispose()
        root.dispose()
        return [value, ...next, ...means, ...sizes, power1, power2]
      }
    }
  })
}
