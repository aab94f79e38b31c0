/** What comes before the first step: tracing, compiling, importing; and what a page has to load. */
import { subject } from '../contenders/cotangent.js'
import { bundleSize, chapterImports } from '../harness/bundle.js'
import { fpTsImports } from '../harness/package.js'
import { bench, cache, printedNumber, root } from '../harness/process.js'
import { atMost, type Column, type Contender, type Family, type Outcome, race, survey } from '../harness/row.js'

/** Every iteration is a process that prints how long it took; there are no results to compare. */
const fresh = (column: Column, run: () => Promise<number>): Contender => ({
  column,
  prepare: async () => {
    // Whether it works at all, and files into the system's cache.
    await run()
    return { results: () => [], time: run }
  }
})
const script = (...args: readonly string[]): (() => Promise<number>) => {
  const file = new URL('../fresh.ts', import.meta.url).pathname
  return () => printedNumber(process.execPath, ['--import', 'tsx', file, ...args])
}

export const compiling: Family = {
  name: 'compile',
  title: 'Before the first step of 784-128-10, in fresh processes',
  rows: () => [
    race({
      name: 'tracing and compiling, cold',
      unit: { _tag: 'Time', per: 'a program' },
      tolerance: 0,
      targets: [atMost(40)],
      fresh: true,
      contenders: [fresh(subject.column, script('compile'))]
    }),
    race({
      name: 'tracing and compiling, warm: after ten times',
      unit: { _tag: 'Time', per: 'a program' },
      tolerance: 0,
      targets: [],
      fresh: true,
      contenders: [fresh(subject.column, script('warm'))]
    }),
    race({
      name: 'the first step, cold, all that it needs but imports',
      unit: { _tag: 'Time', per: 'a step' },
      tolerance: 0,
      targets: [],
      fresh: true,
      contenders: (['interpreter', 'wasm', 'jax-js', 'tfjs wasm', 'tfjs cpu', 'PyTorch'] as const).map(column =>
        fresh(column, script('first', column))
      )
    })
  ]
}

/** How long a fresh process takes to import modules, one after the other. */
const importTime = (specifiers: readonly string[], directory: string): Promise<number> => {
  const lines = specifiers.map(s => `await import(${JSON.stringify(s)})`).join('\n')
  const program = `const start = performance.now()\n${lines}\nconsole.log(performance.now() - start)\nprocess.exit()`
  return printedNumber(process.execPath, ['--input-type=module', '--eval', program], directory)
}
const python = `import time\nstart = time.perf_counter()\nimport torch\nprint(1e3 * (time.perf_counter() - start))`

export const importing: Family = {
  name: 'import',
  title: 'Importing, the built package in plain Node, in fresh processes',
  rows: () => {
    const parts = fpTsImports()
    return [
      survey({
        name: 'cotangent, less its parts of fp-ts',
        unit: { _tag: 'Plain', name: 'ms' },
        targets: [atMost(60)],
        remark: `its parts of fp-ts are ${parts.length} modules`,
        measure: async ({ rounds }): Promise<readonly Outcome[]> => {
          const samples: number[] = []
          const ways = [['cotangent'], parts] as const
          for (const way of ways) await importTime(way, cache)
          for (let round = 0; round < rounds; round++) {
            const times = [0, 0]
            for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) times[i] = await importTime(ways[i]!, cache)
            samples.push(times[0]! - times[1]!)
          }
          return [{ column: subject.column, samples }]
        }
      }),
      race({
        name: 'whole libraries',
        unit: { _tag: 'Time', per: 'an import' },
        tolerance: 0,
        targets: [],
        fresh: true,
        contenders: [
          fresh(subject.column, () => importTime(['cotangent'], cache)),
          fresh('jax-js', () => importTime(['@jax-js/jax'], bench)),
          fresh('tfjs wasm', () => importTime(['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], bench)),
          fresh('brain.js', () => importTime(['brain.js'], bench)),
          fresh('PyTorch', () => printedNumber('/usr/bin/python3', ['-c', python], root))
        ]
      })
    ]
  }
}

export const bundle: Family = {
  name: 'bundle',
  title: 'What a page loads: bundled by Vite, minified, gzipped, without .wasm files',
  rows: () => [
    survey({
      name: 'what the chapter imports, with fp-ts',
      unit: { _tag: 'Plain', name: 'kB' },
      targets: [atMost(70)],
      remark: 'jax-js: init, jit, numpy, valueAndGrad; TensorFlow.js: all of it, which its documentation imports',
      measure: async () => {
        const programs: readonly (readonly [Column, string])[] = [
          [subject.column, chapterImports()],
          [
            'jax-js',
            `import { init, jit, numpy, valueAndGrad } from '@jax-js/jax'\nexport { init, jit, numpy, valueAndGrad }`
          ],
          [
            'tfjs wasm',
            `import * as tf from '@tensorflow/tfjs'\nimport '@tensorflow/tfjs-backend-wasm'\nexport default tf`
          ]
        ]
        const outcomes: Outcome[] = []
        for (const [column, program] of programs) {
          try {
            outcomes.push({ column, samples: [await bundleSize(column, program)] })
          } catch (error) {
            outcomes.push({ column, samples: [], unable: String(error).split('\n')[0]! })
          }
        }
        return outcomes
      }
    })
  ]
}
