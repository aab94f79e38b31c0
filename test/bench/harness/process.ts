/** Fresh processes. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Where the repository is, the benchmark, and what it makes. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const bench = fileURLToPath(new URL('../', import.meta.url))
export const cache = resolve(root, 'node_modules/.cache/bench')

/** What a program prints, without line ends. */
export const output = async (program: string, args: readonly string[], directory = root): Promise<string> => {
  try {
    const { stdout } = await execute(program, [...args], { cwd: directory, maxBuffer: 2 ** 26 })
    return stdout.trim()
  } catch (error) {
    const told = (error as { readonly stderr?: string }).stderr ?? String(error)
    const reason = told.split('\n').find(line => /^\w*Error|npm error/.test(line))
    throw new Error(reason ?? `${program} ended badly: ${told.slice(0, 200)}`)
  }
}

/** The last line that a program prints, as a number. */
export const printedNumber = async (program: string, args: readonly string[], directory = root): Promise<number> => {
  const lines = (await output(program, args, directory)).split('\n')
  const value = Number(lines[lines.length - 1])
  if (!Number.isFinite(value)) throw new Error(`${program} printed ${lines[lines.length - 1]}, not a number`)
  return value
}
