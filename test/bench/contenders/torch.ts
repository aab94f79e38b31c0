/** PyTorch of the system's Python: one long-lived process a number of threads, asked over its standard input. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Contender, Numbers, Ready, Value } from '../harness/row.js'

const python = '/usr/bin/python3'
const script = new URL('pytorch_server.py', import.meta.url).pathname

interface Answer {
  readonly error?: string
  readonly results?: readonly string[]
  readonly milliseconds?: number
  readonly description?: string
}
interface Server {
  readonly ask: (request: object) => Promise<Answer>
  readonly process: ChildProcess
}

/** As fast as it goes: glibc gives freed pages back to the system otherwise, and fresh ones cost up to half of an operation. */
const keepingPages = {
  MALLOC_MMAP_THRESHOLD_: '1073741824',
  MALLOC_TRIM_THRESHOLD_: '1073741824',
  MALLOC_TOP_PAD_: '67108864'
}

const start = async (threads: number): Promise<Server> => {
  const count = String(threads)
  const child = spawn(python, [script, count], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...keepingPages, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count }
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const failed = new Promise<never>((_, reject) => child.once('error', reject))
  failed.catch(() => {})
  const ask = async (request: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await Promise.race([lines.next(), failed])
    if (done) throw new Error(`${python} has no PyTorch, or ended early`)
    const answer = JSON.parse(value) as Answer
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
  child.stdin.on('error', () => {})
  return { ask, process: child }
}

const servers = new Map<number, Promise<Server>>()
const server = (threads: number): Promise<Server> => {
  const running = servers.get(threads) ?? start(threads)
  servers.set(threads, running)
  return running
}
/** Ends the processes. */
export const stopTorch = async (): Promise<void> => {
  for (const running of servers.values()) (await running).process.kill()
  servers.clear()
}

/** Its version, and what multiplies its matrices, which decides what a comparison of products means. */
export const describeTorch = async (): Promise<string> => {
  try {
    return (await (await server(1)).ask({ operation: 'describe' })).description ?? ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const encode = ({ shape, data }: Value): object => ({
  shape,
  dtype: data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : 'int32',
  base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
})
/** Results come as float64, whatever they were. */
const decode = (base64: string): Numbers => {
  const bytes = Buffer.from(base64, 'base64')
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

let next = 0
/** A workload of `pytorch_server.py`, timed over there. */
export const torch = (
  workload: string,
  inputs: readonly Value[],
  options: Readonly<Record<string, number | boolean>> = {},
  threads = 1
): Contender => ({
  column: 'PyTorch',
  prepare: async (): Promise<Ready> => {
    const { ask } = await server(threads)
    const id = String(next++)
    await ask({ operation: 'prepare', id, workload, inputs: inputs.map(encode), options })
    return {
      results: async () => ((await ask({ operation: 'results', id })).results ?? []).map(decode),
      time: async iterations => (await ask({ operation: 'time', id, iterations })).milliseconds ?? Number.NaN,
      dispose: async () => {
        await ask({ operation: 'drop', id })
      }
    }
  }
})
