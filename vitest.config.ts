import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^cotangent$/, replacement: at('src/index.ts') },
      { find: /^cotangent\/laws$/, replacement: at('laws/index.ts') },
      { find: /^cotangent\/node$/, replacement: at('src/node/index.ts') },
      { find: /^cotangent\/([A-Z]\w*)$/, replacement: `${at('src')}/$1.ts` }
    ]
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/browser/**', 'test/node24/**'], // they need a browser or another Node, and run by scripts of their own
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    isolate: false, // nothing in the library or its tests changes what another file sees, and loading it anew for each took a third of the time
    testTimeout: 60_000,
    hookTimeout: 180_000,
    server: { deps: { inline: [/cotangent-examples/] } },
    typecheck: {
      enabled: true,
      checker: 'tsc',
      include: ['test/types/**/*.test-d.ts'],
      tsconfig: 'tsconfig.json',
      ignoreSourceErrors: true // `npm run types` has looked at the sources already
    }
  }
})
