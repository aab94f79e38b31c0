/** The worker: runs a program and answers with what it found. */
import { everything, type Name } from '../programs.js'
import type { Answer } from './page.js'

interface WorkerScope {
  readonly postMessage: (answer: Answer) => void
  onmessage: (message: { readonly data: Name }) => void
}
const scope = globalThis as unknown as WorkerScope
scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage({ findings: await everything[data]() })
  } catch (error) {
    scope.postMessage({ error: String(error) })
  }
}
