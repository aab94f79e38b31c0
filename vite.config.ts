/**
 * The JavaScript of the package, twice: file by file for bundlers, which leave out what a page does not use, and in a few files for Node, which
 * takes longer to open two hundred files than to read them.
 *
 * A bundler gets fp-ts as ES modules, of which little is left; plain Node finds CommonJS modules only. Every entry is in the same build, so that
 * all of them share one copy of everything.
 */
import { readdirSync } from 'node:fs'
import { basename, relative, resolve, sep } from 'node:path'
import { defineConfig, type Rollup } from 'vite'

const root = import.meta.dirname
const source = resolve(root, 'src')

/** The public modules, by the paths that they are exported under. */
const entries = {
  ...Object.fromEntries(
    readdirSync(source)
      .filter(name => name.endsWith('.ts'))
      .map(name => [basename(name, '.ts'), resolve(source, name)])
  ),
  laws: resolve(root, 'laws/index.ts'),
  node: resolve(source, 'node/index.ts')
}

/** Folders in the order in which they import each other, a file for Node each group: few files, and `cotangent/Tensor` alone needs the first. */
const groups: readonly (readonly [string, readonly string[]])[] = [
  ['tensors', ['structure', 'tensor', 'kernel', 'primitive', 'operation']],
  ['engines', ['transform', 'control', 'compiler', 'engine', 'linear-algebra', 'random']],
  ['learning', ['layer', 'objective', 'optimizer', 'data', 'training', 'codec', 'plot']]
]
const groupOf: Rollup.GetManualChunk = (id, graph) => {
  const [folder, inside] = relative(source, id).split(sep)
  if (inside !== undefined) return groups.find(([, folders]) => folders.includes(folder ?? ''))?.[0]
  if (folder === 'index.ts') return undefined
  // A public module goes with the last of what it brings together.
  const names = (graph.getModuleInfo(id)?.importedIds ?? []).map(imported => groupOf(imported, graph))
  return groups.findLast(([name]) => names.includes(name))?.[0]
}

export default defineConfig({
  build: {
    target: 'es2022',
    minify: false,
    emptyOutDir: false,
    lib: { entry: entries },
    rollupOptions: {
      external: /^(fp-ts\/lib\/|io-ts$|fast-check$|node:)/,
      output: [
        {
          format: 'es',
          preserveModules: true,
          preserveModulesRoot: root,
          entryFileNames: ({ facadeModuleId }) => relative(root, facadeModuleId ?? '').replace(/\.ts$/, '.js'),
          paths: id => id.replace('fp-ts/lib/', 'fp-ts/es6/')
        },
        {
          format: 'es',
          manualChunks: groupOf,
          minifyInternalExports: false,
          entryFileNames: 'node/[name].js',
          chunkFileNames: 'node/chunks/[name].js'
        }
      ]
    }
  }
})
