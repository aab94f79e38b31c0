/** Every file of `examples` runs, says something, and complains of nothing. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from './command.js'

const root = join(import.meta.dirname, '..')
/** Whatever an example writes goes here. */
const out = mkdtempSync(join(tmpdir(), 'cotangent-examples-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

const examples = existsSync(join(root, 'examples'))
  ? readdirSync(join(root, 'examples')).filter(name => name.endsWith('.ts'))
  : []

/** An example that can be told to be quick is told so. */
const argumentsFor = (name: string): readonly string[] => {
  const text = readFileSync(join(root, 'examples', name), 'utf8')
  return [
    ...(text.includes('--epochs') ? ['--epochs', '20'] : []),
    ...(text.includes('--out') ? ['--out', join(out, name.replace('.ts', '.html'))] : [])
  ]
}

test.each(examples)('examples/%s', async name => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
  const ended = await run(root, process.execPath, [tsx, `examples/${name}`, ...argumentsFor(name)], {
    TMPDIR: out,
    COTANGENT_OUT: out
  })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout.trim()).not.toBe('')
})
