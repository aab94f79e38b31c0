/** The tests that run in Node 24: what is here, and the engine's own. Start them with `npm run test:node24`. */
import { configDefaults, defineConfig } from 'vitest/config'
import base from '../../vitest.config.js'

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/node24/**/*.test.ts', 'test/engine/**/*.test.ts', 'test/laws/engines.test.ts'],
    exclude: configDefaults.exclude,
    typecheck: { enabled: false }
  }
})
