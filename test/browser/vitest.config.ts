/** The tests that need Chromium: `npm run test:browser`. */
import { configDefaults, defineConfig } from 'vitest/config'
import base from '../../vitest.config.js'

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/browser/**/*.test.ts'],
    exclude: configDefaults.exclude,
    typecheck: { enabled: false }
  }
})
