/** Counts what is asked of `WebAssembly` from now on. */
interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer
}
interface Namespace {
  Memory: new (...limits: readonly unknown[]) => Memory
  Module: new (...bytes: readonly unknown[]) => object
  compile: (bytes: Uint8Array) => Promise<object>
}

/** The memories that were made, how many modules were compiled at once and how many later, and the bytes of the largest of these. */
export interface Watch {
  readonly memories: Memory[]
  compiled: number
  compiledLater: number
  largest: number
}

const told = <A extends object>(original: new (...args: readonly unknown[]) => A, tell: (made: A) => void) =>
  new Proxy(original, {
    construct: (of, args) => {
      const made: A = Reflect.construct(of, args)
      tell(made)
      return made
    }
  })

/** What `f` gives, told what is asked for while it runs. */
export const watched = async <A>(f: (seen: Readonly<Watch>) => A | Promise<A>): Promise<A> => {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Namespace }
  const { Memory, Module, compile } = WebAssembly
  const seen: Watch = { memories: [], compiled: 0, compiledLater: 0, largest: 0 }
  WebAssembly.Memory = told(Memory, memory => seen.memories.push(memory))
  WebAssembly.Module = told(Module, () => seen.compiled++)
  WebAssembly.compile = bytes => {
    seen.compiledLater++
    seen.largest = Math.max(seen.largest, bytes.length)
    return compile.call(WebAssembly, bytes)
  }
  try {
    return await f(seen)
  } finally {
    Object.assign(WebAssembly, { Memory, Module, compile })
  }
}
