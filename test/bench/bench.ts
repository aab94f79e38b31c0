/**
 * `npm run bench`: installs the peers, builds the package, and compares.
 *
 * The package is measured as it is installed, not as its sources: what loads those adds a call to every function that is made.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildPackage } from './harness/package.js'
import { bench, output, root } from './harness/process.js'

if (!existsSync(resolve(bench, 'node_modules/.package-lock.json'))) {
  console.error('Installing the peers …')
  try {
    await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], bench)
  } catch (error) {
    console.error(`The peers could not be installed: ${error instanceof Error ? error.message : error}`)
  }
}
console.error('Building the package …')
await buildPackage()

const program = resolve(bench, 'compare.ts')
spawn(process.execPath, ['--import', 'tsx', program, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // Where the name of the package means the built one.
  env: { ...process.env, TSX_TSCONFIG_PATH: resolve(bench, 'tsconfig.json') }
}).on('close', code => {
  process.exitCode = code ?? 1
})
