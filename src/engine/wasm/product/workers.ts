/**
 * Worker threads that help with products, in Node and in pages that are isolated from other origins.
 *
 * They are started when the first program joins and are ready some 30 ms later; until then, and wherever there are none, everything is computed by
 * one thread, with the same bits. They sleep when there is nothing to do, and never hold a process open.
 */
import type { CompiledModule, Memory } from '../platform.js'
import { mostProducts, type Team } from './team.js'
import { bellBytes, end, type Hired, type News, news, nothing, product, rings, workerSource } from './worker-source.js'

export interface Workers extends Team {
  /**
   * Makes a program known whose products are divided. What comes back is the program's import `ring`; when nobody holds it any more, the
   * workers forget the program.
   */
  readonly join: (module: CompiledModule, memory: Memory) => Ring
  /** Ends the workers; what is computed afterwards is computed without them. */
  readonly stop: () => void
}

export type Ring = (product: number) => void

/** A thread as seen from outside. */
interface Port {
  readonly postMessage: (message: Hired | News) => void
}
/** Nothing, if a thread is refused. */
type Start = () => Port | undefined

interface Process {
  readonly getBuiltinModule?: (name: string) => unknown
}
interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: { readonly eval: true; readonly execArgv: readonly string[]; readonly name: string }
  ) => Port & { readonly unref: () => void; readonly on: (event: 'error', listener: () => void) => void }
}
interface Computer {
  readonly availableParallelism: () => number
}
interface Page {
  readonly crossOriginIsolated?: boolean
  readonly Worker?: new (address: string) => Port
  readonly navigator?: { readonly hardwareConcurrency?: number }
}

/** A module of Node's, if this is Node (20.16 or newer): an import would be one more thing to explain to every bundler. */
const builtin = <M>(name: string): M | undefined =>
  (globalThis as { readonly process?: Process }).process?.getBuiltinModule?.(name) as M | undefined
const page = globalThis as Page

/** How to start a thread here, if there is a way. */
const starter = (): Start | undefined => {
  const node = builtin<NodeThreads>('node:worker_threads')
  if (node)
    return () => {
      const worker = new node.Worker(workerSource, { eval: true, execArgv: [], name: 'cotangent' })
      worker.unref()
      // One that fails does not help: no more than that.
      worker.on('error', () => undefined)
      return worker
    }
  const { crossOriginIsolated, Worker } = page
  if (!crossOriginIsolated || !Worker) return undefined
  const address = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  return () => {
    try {
      return new Worker(address)
    } catch {
      return undefined
    }
  }
}

/** How many threads this machine runs at the same time. */
export const availableThreads = (): number =>
  builtin<Computer>('node:os')?.availableParallelism() ?? page.navigator?.hardwareConcurrency ?? 1

const maySleep = (): boolean => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}

/** Workers to make `threads` with this one, or nothing where there cannot be any. `control` is an address in every memory, see `Team`. */
export const workers = (threads: number, control: number): Workers | undefined => {
  const start = threads > 1 && typeof SharedArrayBuffer === 'function' ? starter() : undefined
  if (!start) return undefined
  const words = new Int32Array(new SharedArrayBuffer(bellBytes))
  const ports: Port[] = []
  let products = 0
  let programs = 0
  let stopped = false
  const ring = (number: number): void => {
    Atomics.store(words, product, number)
    Atomics.add(words, rings, 1)
    Atomics.notify(words, rings)
  }
  const tell = (message: News): void => {
    for (const port of ports) port.postMessage(message)
    Atomics.add(words, news, 1)
    ring(nothing)
  }
  const hire = (): void => {
    for (let thread = 1; thread < threads; thread++) {
      const port = start()
      if (!port) return
      port.postMessage({ words, thread })
      ports.push(port)
    }
  }
  const forgotten = new FinalizationRegistry<number>(id => {
    if (!stopped) tell({ id })
  })
  return {
    threads,
    control,
    maySleep: maySleep(),
    enlist: () => {
      products = (products % mostProducts) + 1
      return products
    },
    join: (module, memory) => {
      if (stopped) return () => undefined
      if (programs === 0) hire()
      const id = programs++
      tell({ id, module, memory })
      const ringing = (number: number): void => {
        if (!stopped) ring(number)
      }
      forgotten.register(ringing, id)
      return ringing
    },
    stop: () => {
      stopped = true
      ring(end)
    }
  }
}
