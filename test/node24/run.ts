/**
 * Runs tests of the engine in Node 24, in whatever Node this is: `npm run test:node24`, followed after `--` by what Vitest understands.
 *
 * Node 24 comes from the package registry. What this Node finds is written down first, for the tests there to compare with.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { everything, type Findings } from '../browser/programs.js'
import { output } from '../command.js'
import { directory, findingsFile } from './findings.js'

const root = join(import.meta.dirname, '../..')
const name = `node-${process.platform}-${process.arch}`
const node = join(directory, 'node_modules', name, 'bin/node')

mkdirSync(directory, { recursive: true })
if (!existsSync(node)) {
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'node24', private: true }))
  await output(directory, 'npm', [
    'install',
    ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'],
    `${name}@24`
  ])
}

const findings: Record<string, Findings> = {}
for (const [program, f] of Object.entries(everything)) findings[program] = await f()
writeFileSync(findingsFile, JSON.stringify({ version: process.version, findings }))

const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(
  node,
  [vitest, 'run', '--config', 'test/node24/vitest.config.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' }
)
process.exitCode = status ?? 1
