/** Commands that tests run: what they printed, and how they ended. */
import { spawn } from 'node:child_process'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The environment without what `npm test` adds to it, which an npm in another directory would take for its own. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(package|lifecycle|config_local_prefix|command)/.test(name) && !/^(NODE_ENV|VITEST.*|TEST)$/.test(name)
    )
  ),
  NO_COLOR: '1',
  ...more
})

export const run = (
  directory: string,
  command: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {}
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment(more),
      shell: process.platform === 'win32' && !command.includes('\\')
    })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, ...printed }))
    child.stdin.end()
  })

/** What a command prints; it is an error if it does not end well. */
export const output = async (directory: string, command: string, args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(directory, command, args)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}
