/** A small program with a command line, for the test beside it. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { run } from '../../examples/shared/command-line.js'
import { progress } from '../../examples/shared/progress.js'

await run({
  name: 'program',
  description: 'Prints what it was given.',
  epochs: 'epochs to train (2 if not given)',
  defaults: { seed: 42, csv: 'readings.csv', out: 'report.html' }
})(({ csv, ...rest }) => {
  if (csv === 'thrown.csv') throw new Error('two lines\nof an error')
  if (csv === 'missing.csv') return TE.left(`${csv}: no such file or folder`)
  const watched = progress(2)('program')
  watched.tick(1)
  watched.print(JSON.stringify({ csv, ...rest }))
  watched.stop()
  return TE.right(undefined)
})
