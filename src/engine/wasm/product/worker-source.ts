/**
 * The program of a worker, as text: it has to run without a file of its own, in Node and in pages.
 *
 * It sleeps until the bell (a count of rings, and the number of a product) changes, helps with that product, and sleeps again. While it sleeps it
 * hears no messages: when there is news, or a product that it does not know, it listens for a moment. A product that it learns about too late
 * is computed without it.
 */
import { help } from './team.js'

/** The first message; after it come programs. */
export interface Hired {
  readonly words: Int32Array<SharedArrayBuffer>
  readonly thread: number
}
/** A program to know, or, without a module, to forget. */
export interface News {
  readonly id: number
  readonly module?: object
  readonly memory?: object
}
/** The bell: how often it was rung, for what, and how much news there is. */
export const rings = 0
export const product = 1
export const news = 2
export const bellBytes = 12
/** Rung for no product, and for the end. */
export const nothing = 0
export const end = -1

/** How often to look at the bell before sleeping; one product often follows another. */
const looks = 2000

/**
 * A worker throws hardly anything away, so that its collector of garbage would hardly run, and hold on to the memory of forgotten programs. Blocks that
 * are never written to cost nothing and make it run.
 */
const blocks = 4
const blockBytes = 2 ** 26

export const workerSource = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self
const routines = new Map()
const programs = new Map()
const learn = ({ id, module, memory }) => {
  for (const number of programs.get(id) ?? []) routines.delete(number)
  programs.delete(id)
  if (module === undefined) {
    for (let left = ${blocks}; left > 0; left--) new ArrayBuffer(${blockBytes})
    return
  }
  const engine = { memory }
  for (const { kind, name } of WebAssembly.Module.imports(module)) if (kind === 'function') engine[name] = () => {}
  const { exports } = new WebAssembly.Instance(module, { engine })
  const names = Object.keys(exports).filter(name => name.startsWith('${help}'))
  programs.set(id, names.map(name => Number(name.slice(${help.length}))))
  for (const name of names) routines.set(Number(name.slice(${help.length})), exports[name])
}
const listen = () => new Promise(resolve => setTimeout(resolve, 0))
const work = async (words, thread) => {
  let seen = 0
  let heard = 0
  for (;;) {
    heard = Atomics.load(words, ${news})
    await listen()
    for (;;) {
      for (let left = ${looks}; left > 0 && Atomics.load(words, ${rings}) === seen; left--);
      Atomics.wait(words, ${rings}, seen)
      seen = Atomics.load(words, ${rings})
      const number = Atomics.load(words, ${product})
      if (number === ${end}) return port.close()
      const routine = routines.get(number)
      routine?.(thread)
      if (routine === undefined || Atomics.load(words, ${news}) !== heard) break
    }
  }
}
port.onmessage = ({ data }) => {
  if (data.words === undefined) learn(data)
  else work(data.words, data.thread)
}
`
