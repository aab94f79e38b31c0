/**
 * The compiled engine: a program becomes one WebAssembly module with SIMD, whose kernels work in one memory that is laid out when it is compiled.
 *
 * It gives what the interpreter gives up to rounding, and the same bits on every machine, unless fused multiply-adds are asked for.
 */
import { prepare } from '../../compiler/optimize.js'
import { checkClosed, type Program } from '../../compiler/program.js'
import { mistake } from '../../structure/mistake.js'
import type { ResidentEngine } from '../machine.js'
import { type Arena, arena } from './arena.js'
import type { Settings } from './builder.js'
import { type Image, type Placed, type Prepared, placeImage, prepareImage } from './image.js'
import { vectorMath } from './math/math.js'
import { type CompiledModule, pageBytes, platform } from './platform.js'
import { availableThreads, type Workers, workers } from './product/workers.js'
import { hasRelaxedSimd } from './relaxed.js'
import { resident, residentDraft } from './resident.js'
import { callDraft, runner } from './run.js'

const mostThreads = 8
/** In the memory below the first buffer. */
const teamAddress = 16

export interface WasmOptions {
  /**
   * Products and sums rounded once instead of twice where `WebAssembly.validate` says that the machine can (relaxed SIMD: Node 22 and newer,
   * most browsers); elsewhere, as in Node 20, this changes nothing. Faster, and results then differ between machines in their last bits. Off
   * unless given.
   */
  readonly fusedMultiplyAdd?: boolean
  /**
   * How many threads share large matrix products (of ten million operations and more): as many as the machine runs at once, at most 8, unless
   * given; 1 turns it off. The bits are those of one thread. Threads need Node 20.16 or a page that is isolated from other origins.
   */
  readonly threads?: number
}

/**
 * The compiled engine with options, and a memory of its own.
 *
 * `fusedMultiplyAdd` is false unless given, `threads` as many as the machine runs at once, at most 8.
 *
 * @throws a Mistake for a number of threads that is none; and, when a program is compiled, if it needs more memory than there is
 *
 * @example
 * import { Engine, jit, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const engine = Engine.wasmWith({ fusedMultiplyAdd: false })
 * const f = jit((x: Tensor.Tensor<[2]>) => pipe(x, Tensor.square, Tensor.sum()), { engine })
 * strictEqual(Tensor.item(f(Tensor.tensor([3, 4]))), 25)
 */
export const wasmWith = ({ fusedMultiplyAdd = false, threads }: WasmOptions = {}): ResidentEngine => {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw mistake('InvalidArgument', 'Engine.wasmWith', `threads is ${threads}; it must be a whole number of 1 or more`)
  let memory: Arena | undefined
  const shared = (): Arena => {
    memory ??= arena(pageBytes)
    return memory
  }
  let made: (Settings & { readonly team?: Workers }) | undefined
  const settings = (): Settings & { readonly team?: Workers } => {
    if (made === undefined) {
      const fused = fusedMultiplyAdd && hasRelaxedSimd()
      const team = workers(threads ?? Math.min(mostThreads, availableThreads()), teamAddress)
      made = { fusedMultiplyAdd: fused, math: vectorMath(fused), ...(team ? { team } : {}) }
    }
    return made
  }
  const place = (prepared: Prepared, module: CompiledModule): Placed =>
    placeImage(prepared, module, shared, settings().team)
  const loadNow = (prepared: Prepared): Image => {
    const { Module, Instance } = platform()
    try {
      const { module, imports, image } = place(prepared, new Module(prepared.bytes))
      return image(new Instance(module, imports))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      // Some browsers compile so much on their main thread, and no more.
      throw mistake(
        'InvalidArgument',
        'jit',
        `a module of ${(prepared.bytes.length / 2 ** 20).toFixed(1)} MiB is not compiled at once here (${error.message}); use precompile, or a worker`
      )
    }
  }
  const loadLater = async (prepared: Prepared): Promise<Image> => {
    const { module, imports, image } = place(prepared, await platform().compile(prepared.bytes))
    return image(await platform().instantiate(module, imports))
  }
  const called = (program: Program) => {
    checkClosed(program)
    const prepared = prepare(program)
    const draft = callDraft(prepared)
    return {
      ready: prepareImage(settings(), draft),
      start: (image: Image) => runner(program, prepared, draft.operands, image)
    }
  }
  return {
    name: 'wasm',
    compile: program => {
      const { ready, start } = called(program)
      return start(loadNow(ready))
    },
    compileLater: async program => {
      const { ready, start } = called(program)
      return start(await loadLater(ready))
    },
    machine: (program, options) => {
      checkClosed(program)
      const prepared = prepare(program)
      const draft = residentDraft(prepared, options)
      return resident(program, prepared, options, draft, loadNow(prepareImage(settings(), draft)))
    }
  }
}

/**
 * The compiled engine: what runs `jit` and training unless another is named.
 *
 * @example
 * import { Engine, jit, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = jit((x: Tensor.Tensor<[3]>) => Tensor.mul(2)(x), { engine: Engine.wasm })
 * deepStrictEqual(Tensor.toArray(f(Tensor.tensor([1, 2, 3]))), [2, 4, 6])
 */
export const wasm: ResidentEngine = /* @__PURE__ */ wasmWith()
