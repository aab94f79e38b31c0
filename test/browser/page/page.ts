/** The page: runs a program on its main thread or in a worker when the test asks for it. */
import { everything, type Findings, type Name } from '../programs.js'

interface MessageTo {
  readonly data: Answer
}
/** What a worker says about one program. */
export type Answer = { readonly findings: Findings } | { readonly error: string }
interface PageWorker {
  readonly postMessage: (name: Name) => void
  readonly terminate: () => void
  onmessage: (message: MessageTo) => void
  onerror: (error: { readonly message: string }) => void
}
declare const Worker: new (url: URL, options: { readonly type: 'module' }) => PageWorker

const inWorker = (name: Name): Promise<Findings> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }) => {
      worker.terminate()
      if ('findings' in data) resolve(data.findings)
      else reject(new Error(data.error))
    }
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(name)
  })

/** What the test finds on `globalThis`. */
export interface Page {
  readonly onMainThread: (name: Name) => Promise<Findings>
  readonly inWorker: (name: Name) => Promise<Findings>
}
export const page: Page = { onMainThread: async name => everything[name](), inWorker }
Object.assign(globalThis, { page })
