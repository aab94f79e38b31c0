/** This library, once for each of its engines. */
import { Engine, jit, Tensor, type Training, Tree } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { loop } from '../harness/measure.js'
import type { Column, Contender, Ready, Results, Value } from '../harness/row.js'

export interface Named {
  readonly column: Column
  readonly engine: Engine.ResidentEngine
}

/** The part of the platform that is used here, which no library of types for both Node and pages has alone. */
const { WebAssembly: platform } = globalThis as {
  readonly WebAssembly?: { readonly validate: (code: Uint8Array) => boolean }
}
/** Whether this machine's WebAssembly has relaxed SIMD: a module of one function that multiplies and adds. */
const hasFusedMultiplyAdd = platform?.validate(
  // biome-ignore format: one line a section
  new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 8, 1, 96, 3, 123, 123, 123, 1, 123,
    3, 2, 1, 0,
    10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11
  ])
)

const interpreter: Named = { column: 'interpreter', engine: Engine.interpreter }
const wasm: Named = { column: 'wasm', engine: Engine.wasmWith({ threads: 1 }) }
const fused: readonly Named[] = hasFusedMultiplyAdd
  ? [{ column: 'wasm fma', engine: Engine.wasmWith({ fusedMultiplyAdd: true, threads: 1 }) }]
  : []

/** The engines, the interpreter first: it defines the results. All with one thread. */
export const engines: readonly Named[] = [interpreter, wasm, ...fused]
/** The engine that the library's figures are about. */
export const subject = wasm
/** What only defines the results. */
export const definition: readonly Named[] = [interpreter]
/** The compiled engine with so many threads. */
export const threaded = (threads: number): Named => ({ column: 'wasm', engine: Engine.wasmWith({ threads }) })

/** A value as a tensor of the shape that the caller knows it to have. */
export const toTensor = <S extends Tensor.Shape = Tensor.Shape>({ shape, data }: Value): Tensor.Tensor<S> =>
  Tensor.fromData(shape as S, data) as Tensor.Tensor as Tensor.Tensor<S>
export const toResults = (tree: unknown): Results => Tree.leaves(tree).map(Tensor.toData)

/** A function of tensors through `jit`, inputs going in and results coming out in every iteration. */
export const functions = (
  inputs: readonly Value[],
  f: (...xs: readonly Tensor.Tensor[]) => unknown,
  among: readonly Named[] = engines
): readonly Contender[] =>
  among.map(({ column, engine }) => ({
    column,
    prepare: (): Ready => {
      const g = jit((...xs: readonly Tensor.Tensor[]) => f(...xs), { engine })
      const xs = inputs.map(toTensor)
      return { results: () => toResults(g(...xs)), time: loop(() => g(...xs)) }
    }
  }))

export const each = (
  prepare: (engine: Engine.Engine) => Ready,
  among: readonly Named[] = engines
): readonly Contender[] => among.map(({ column, engine }) => ({ column, prepare: () => prepare(engine) }))

/** A training about to begin, and the one batch that every step of it is on. */
export interface Steps<P, B, X, T> {
  readonly trainer: Training.Trainer<P, B, X, T>
  readonly start: Training.Snapshot<P, B>
  readonly batch: Training.Batch<X, T>
}
/** Step after step: each loss read and each snapshot taken out, or none looked at. So many steps are compared. */
export const steps = <P, B, X, T>(
  { trainer, start, batch }: Steps<P, B, X, T>,
  { look, checked }: { readonly look: boolean; readonly checked: number }
): Ready => {
  const step = trainer.step(batch)
  const watch = (count: number, seen: (loss: number) => void): typeof start => {
    let state = start
    for (let i = 0; i < count; i++) {
      const [{ loss }, next] = step(state)
      seen(loss)
      state = next
    }
    return state
  }
  const blind = (count: number): typeof start => {
    const end = trainer.epochs(count)(batch)(start)
    if (E.isLeft(end)) throw new Error('diverged')
    return end.right
  }
  return {
    results: () => {
      const losses: number[] = []
      const end = look ? watch(checked, loss => losses.push(loss)) : blind(checked)
      return [losses, ...toResults(end.params)]
    },
    time: count => {
      const begin = performance.now()
      if (look) watch(count, () => {})
      else blind(count)
      return performance.now() - begin
    }
  }
}
