/**
 * Imports go one way, without cycles, and the linter says so. Here the linter is shown every import that it has to
 * refuse, and every one that it must not, in a throw-away project that has only the configuration of this one.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const project = mkdtempSync(join(tmpdir(), 'cotangent-imports-'))
copyFileSync(join(root, 'biome.json'), join(project, 'biome.json'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** Each folder of `src` may import the ones before it. */
const order = [
  'structure',
  'kernel',
  'tensor',
  'primitive',
  'operation',
  'transform',
  'control',
  'compiler',
  'engine',
  'linear-algebra',
  'random',
  'layer',
  'objective',
  'optimizer',
  'data',
  'training',
  'codec',
  'plot',
  'node'
]
/** ... but these two know nothing of each other. */
const apart = new Set(['tensor→kernel'])

const packages = ['fp-ts/lib/Either.js', 'io-ts', 'node:fs', 'node:fs/promises', 'fast-check', 'vitest', 'cotangent']

const folders = (at: string): readonly string[] =>
  readdirSync(join(root, at), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)

const plant = (path: string, lines: readonly string[]): void => {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), `${lines.join('\n')}\n`)
}

/** What the linter says of a planted path: one `rule:line` for each finding. */
const findings = (path: string): readonly string[] => {
  const run = (): string => {
    try {
      return execFileSync(
        process.execPath,
        [
          join(root, 'node_modules/@biomejs/biome/bin/biome'),
          'lint',
          '--reporter=github',
          '--max-diagnostics=500',
          path
        ],
        { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
      )
    } catch (failure) {
      return (failure as { readonly stdout: string }).stdout
    }
  }
  return [...run().matchAll(/title=lint\/\w+\/(\w+),file=[^,]*,line=(\d+)/g)].map(([, rule, line]) => `${rule}:${line}`)
}

/** The imports, out of many, that the linter refuses in a file. */
const refused = (path: string, imports: readonly string[]): readonly string[] => {
  plant(
    path,
    imports.map(source => `export * from '${source}'`)
  )
  const found = findings(path)
  return imports.filter((_, i) => found.includes(`noRestrictedImports:${i + 1}`))
}

test('every folder of src has its place in the order', () => {
  expect(folders('src').filter(folder => !order.includes(folder))).toEqual([])
})

test.each(order)('src/%s imports only the folders before it', folder => {
  const imports = [
    './beside.js',
    ...order.filter(other => other !== folder).map(other => `../${other}/there.js`),
    '../Tensor.js',
    '../index.js',
    '../../laws/index.js',
    '../../test/setup.js',
    '../../examples/thermometer.js',
    ...packages
  ]
  const allowed = [
    './beside.js',
    ...order
      .slice(0, order.indexOf(folder))
      .filter(other => !apart.has(`${folder}→${other}`))
      .map(other => `../${other}/there.js`),
    'fp-ts/lib/Either.js',
    ...(['data', 'codec', 'node'].includes(folder) ? ['io-ts'] : []),
    ...(folder === 'node' ? ['node:fs', 'node:fs/promises'] : [])
  ]
  expect(refused(`src/${folder}/planted.ts`, imports)).toEqual(imports.filter(source => !allowed.includes(source)))
})

test('a folder inside a folder follows the order too', () => {
  const imports = ['./beside.js', '../../structure/there.js', '../../tensor/there.js', '../../layer/there.js']
  expect(refused('src/primitive/inner/planted.ts', imports)).toEqual(['../../layer/there.js'])
})

test('a public module re-exports from src and nothing else', () => {
  const imports = ['./Tensor.js', './tensor/tensor.js', '../laws/index.js', ...packages]
  expect(refused('src/Planted.ts', imports)).toEqual([
    '../laws/index.js',
    ...packages.filter(name => !name.startsWith('fp-ts'))
  ])
})

test('laws know src and fast-check, and no test runner', () => {
  const imports = ['./beside.js', '../src/index.js', '../src/tensor/tensor.js', '../test/setup.js', ...packages]
  expect(refused('laws/planted.ts', imports)).toEqual([
    '../test/setup.js',
    ...packages.filter(name => !['fp-ts/lib/Either.js', 'fast-check'].includes(name))
  ])
})

test('examples import the package by its name', () => {
  const imports = ['./beside.js', '../src/index.js', '../laws/index.js', 'cotangent/Tensor', 'commander', ...packages]
  expect(refused('examples/planted.ts', imports)).toEqual(['../src/index.js', '../laws/index.js'])
})

test('cycles are refused, of types as well', () => {
  plant('src/layer/one.ts', [`import { two } from './two.js'`, 'export const one = (): number => two()'])
  plant('src/layer/two.ts', [`import { one } from './one.js'`, 'export const two = (): number => one()'])
  expect(findings('src/layer')).toContain('noImportCycles:1')
  plant('src/training/one.ts', [`import type { Two } from './two.js'`, 'export type One = Two | null'])
  plant('src/training/two.ts', [`import type { One } from './one.js'`, 'export type Two = readonly One[]'])
  expect(findings('src/training')).toContain('noImportCycles:1')
})

test('any, and what only Node has, are refused', () => {
  const lines = ['export const f = (x: any): unknown => x', 'console.log(process.env)', `Buffer.from('')`]
  plant('src/tensor/globals.ts', lines)
  plant('src/node/globals.ts', lines)
  expect(findings('src/tensor/globals.ts')).toEqual([
    'noExplicitAny:1',
    'noConsole:2',
    'noRestrictedGlobals:2',
    'noRestrictedGlobals:3'
  ])
  expect(findings('src/node/globals.ts')).toEqual(['noExplicitAny:1'])
})

test('package.json exports every public module, and nothing that is not there', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: object }
  const modules = readdirSync(join(root, 'src'))
    .filter(name => /^[A-Z]\w*\.ts$/.test(name))
    .map(name => `./${name.replace('.ts', '')}`)
  const more = ['.', './laws', './package.json', ...(folders('src').includes('node') ? ['./node'] : [])]
  expect(Object.keys(manifest.exports).sort()).toEqual([...modules, ...more].sort())
})
