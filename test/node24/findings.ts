/** Where the Node that starts Node 24 leaves what it found itself. */
import { fileURLToPath } from 'node:url'
import type { Findings, Name } from '../browser/programs.js'

export interface Before {
  readonly version: string
  readonly findings: Readonly<Record<Name, Findings>>
}

/** Goes away with `node_modules`, and is not the sources' business. */
export const directory = fileURLToPath(new URL('../../node_modules/.cache/cotangent-node24', import.meta.url))
export const findingsFile = `${directory}/findings.json`
