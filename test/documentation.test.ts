/**
 * Every `@example` in a doc comment of `src` and `laws` type-checks and runs. An example is written to a file of its
 * own, as far down as it stands in its source, so that whatever fails is reported at the line to look at.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from './command.js'

interface Example {
  readonly source: string
  readonly line: number
  readonly code: string
}

const root = join(import.meta.dirname, '..')
const cache = join(root, 'node_modules/.cache/cotangent-examples')

const sources = ['src', 'laws']
  .filter(folder => existsSync(join(root, folder)))
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      name => `${folder}/${name.replaceAll('\\', '/')}`
    )
  )
  .filter(name => name.endsWith('.ts'))
  .sort()

/** The examples of one source: from a line `@example` to the next tag, or to the end of the comment. */
const examplesOf = (source: string, text: string): readonly Example[] => {
  const lines = text.split('\n')
  return lines.flatMap((line, start) => {
    if (!/^\s*(\/\*\*|\*)\s*@example\s*$/.test(line)) return []
    const length = lines.slice(start + 1).findIndex(next => /\*\/|^\s*\*\s*@[a-z]/.test(next))
    const body = lines.slice(start + 1, start + 1 + length).map(next => next.replace(/^\s*\*? ?/, ''))
    return [{ source, line: start + 2, code: body.join('\n') }]
  })
}

const examples = sources.flatMap(source => examplesOf(source, readFileSync(join(root, source), 'utf8')))
const fileOf = ({ source, line }: Example): string => join(cache, source, `${line}.ts`)

rmSync(cache, { recursive: true, force: true })
for (const example of examples) {
  mkdirSync(dirname(fileOf(example)), { recursive: true })
  writeFileSync(fileOf(example), `${'\n'.repeat(example.line - 1)}${example.code}\n`)
}

test('an example reaches from its tag to the next tag or the end of the comment', () => {
  const text = ['/**', ' * One.', ' *', ' * @example', ' * const a = 1', ' *', ' *   a', ' * @see b', ' */'].join('\n')
  expect(examplesOf('x.ts', text)).toEqual([{ source: 'x.ts', line: 5, code: 'const a = 1\n\n  a' }])
})

test(`all ${examples.length} examples type-check`, async () => {
  writeFileSync(join(cache, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(cache, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.json', include: ['**/*.ts'], exclude: [] })
  )
  const { stdout } = await run(cache, process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '--pretty',
    'false'
  ])
  // `src/tensor/tensor.ts/12.ts(14,5): error …` happened in line 14 of src/tensor/tensor.ts
  const errors = stdout.split('\n').map(line => line.replace(/^(\S+?\.ts)\/\d+\.ts\((\d+),\d+\)/, '$1:$2'))
  expect(errors.filter(line => line !== '')).toEqual([])
})

describe('an example runs', () => {
  test.each(examples.map(example => [`${example.source}:${example.line}`, fileOf(example)] as const))(
    '%s',
    async (_, file) => {
      await import(/* @vite-ignore */ file)
    }
  )
})
