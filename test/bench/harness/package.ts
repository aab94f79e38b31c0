/** The package as somebody else gets it: built, among the modules of a project of its own. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { cache, output, root } from './process.js'

const library = resolve(cache, 'node_modules/cotangent')

/** Builds the package, without its types, into a directory of its own, and installs it there. */
export const buildPackage = async (): Promise<void> => {
  rmSync(library, { recursive: true, force: true })
  mkdirSync(library, { recursive: true })
  writeFileSync(resolve(cache, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(resolve(library, 'package.json'), readFileSync(resolve(root, 'package.json')))
  const vite = resolve(root, 'node_modules/vite/bin/vite.js')
  await output(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', resolve(library, 'dist')])
}

/** The modules of fp-ts that importing the package in Node imports. */
export const fpTsImports = (): readonly string[] => {
  const built = resolve(library, 'dist/node')
  const files = ['index.js', ...readdirSync(resolve(built, 'chunks')).map(name => `chunks/${name}`)]
  const found = files.flatMap(file =>
    [...readFileSync(resolve(built, file), 'utf8').matchAll(/from ['"](fp-ts\/[^'"]+)/g)].map(match => match[1]!)
  )
  return [...new Set(found)].sort()
}
