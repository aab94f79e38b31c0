/** What bundles of programs weigh. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as cotangent from 'cotangent'
import { build, type Rollup } from 'vite'
import { bench, cache, root } from './process.js'

const exported: Readonly<Record<string, unknown>> = cotangent

/** The files of the chapter's program that import the package or fp-ts. */
const chapterFiles = ['thermometer.ts', 'shared/thermometer-report.ts', 'shared/report.ts']
const members = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`(?<![.\\w])${name}\\.(\\w+)`, 'g'))].map(match => match[1]!)

/** A program that imports what the chapter's program imports and keeps all that it uses, without the program itself. */
export const chapterImports = (): string => {
  const text = chapterFiles.map(file => readFileSync(resolve(root, 'examples', file), 'utf8')).join('\n')
  const imported = [...text.matchAll(/import \{([^}]*)\} from 'cotangent'/g)].flatMap(match =>
    match[1]!.split(',').map(name => name.trim())
  )
  const names = [...new Set(imported)].filter(name => name in exported)
  // Of a namespace what is used of it; types are no members.
  const used = names.flatMap(name => {
    const value = exported[name]
    return typeof value === 'object' && value !== null
      ? members(text, name).flatMap(member => (member in value ? [`${name}.${member}`] : []))
      : [name]
  })
  const fpTs = [...new Set([...text.matchAll(/import \* as (\w+) from '(fp-ts\/lib\/\w+\.js)'/g)].map(m => m[0]))]
  const ofFpTs = fpTs.flatMap(line => {
    const [, name] = /as (\w+)/.exec(line) ?? []
    return name === undefined ? [] : members(text, name).map(member => `${name}.${member}`)
  })
  return [
    `import { ${names.join(', ')} } from 'cotangent'`,
    ...fpTs,
    `export default [${[...new Set([...used, ...ofFpTs])].join(', ')}]`
  ].join('\n')
}

/** Thousands of bytes of a program, bundled, minified and compressed. */
export const bundleSize = async (name: string, program: string): Promise<number> => {
  const directory = program.includes("'cotangent'") ? cache : bench
  const entry = resolve(directory, `node_modules/.bench-entry-${name.replace(/\W/g, '-')}.js`)
  writeFileSync(entry, program)
  const built = (await build({
    root: directory,
    configFile: false,
    mode: 'production',
    logLevel: 'silent',
    // As for a page. Vite leaves the white space in what it builds as a library.
    build: { rollupOptions: { input: entry, preserveEntrySignatures: 'strict' }, modulePreload: false, write: false }
  })) as Rollup.RollupOutput
  rmSync(entry)
  const chunks = built.output.flatMap(chunk => (chunk.type === 'chunk' ? [chunk.code] : []))
  return gzipSync(chunks.join('\n'), { level: 9 }).length / 1000
}
