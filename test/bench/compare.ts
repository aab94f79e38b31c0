/**
 * This library against others, each checked to compute the same numbers before it is timed.
 *
 * PyTorch is the system's (Debian: python3-torch, with libopenblas0-openmp for its products); the other peers are installed here.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { dirname, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { describeTorch, stopTorch } from './contenders/torch.js'
import { measure } from './harness/measure.js'
import { cache } from './harness/process.js'
import { records } from './harness/record.js'
import type { Finished, Settings } from './harness/row.js'
import { table } from './harness/table.js'
import { families } from './rows/index.js'

interface Options {
  readonly rows?: readonly string[]
  readonly rounds?: number
  readonly quick: boolean
  readonly json: string
}

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 on.')
  return Number(text)
}
const names = (text: string): readonly string[] => {
  const wanted = text.split(',')
  const unknown = wanted.filter(name => !families.some(f => f.name === name))
  if (unknown.length > 0)
    throw new InvalidArgumentError(`No rows ${unknown.join(', ')}; there are ${families.map(f => f.name).join(', ')}.`)
  return wanted
}
const parse = (): Options =>
  new Command('bench')
    .description('This library against others: interleaved rounds, medians and ranges.')
    .option('--rows <names>', `of ${families.map(f => f.name).join(', ')}; all unless given`, names)
    .option('--rounds <count>', 'how many rounds; 9 unless given, 3 with --quick', wholeNumber)
    .option('--quick', 'short samples, few rounds, small sizes: to see that it works', false)
    .option('--json <file>', 'where the figures go', resolve(cache, 'results.json'))
    .parse()
    .opts<Options>()

const options = parse()
const settings: Settings = {
  quick: options.quick,
  rounds: options.rounds ?? (options.quick ? 3 : 9),
  sample: options.quick ? 5 : 25,
  warmUp: options.quick ? 60 : 300
}
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  pytorch: await describeTorch(),
  load: [loadavg()[0] ?? 0],
  date: new Date().toISOString()
}
const finished: Finished[] = []
for (const family of families.filter(f => options.rows?.includes(f.name) ?? true)) {
  for (const row of await family.rows(settings)) {
    console.error(`${family.name}: ${row.name} …`)
    finished.push(await measure(family, row, settings, finished))
  }
}
await stopTorch()
machine.load.push(loadavg()[0] ?? 0)

mkdirSync(dirname(options.json), { recursive: true })
writeFileSync(options.json, `${JSON.stringify({ machine, settings, rows: records(finished) }, undefined, 2)}\n`)
console.log(
  [
    `${machine.processor}, ${machine.cores} cores (load ${machine.load.map(l => l.toFixed(1)).join(' at the start, ')} at the end), Node ${machine.node}, ${machine.pytorch}`,
    `Medians of ${settings.rounds} interleaved rounds, ranges beneath, one thread unless said; × is how many times faster this library is.`,
    '',
    table(finished),
    `All samples: ${options.json}`
  ].join('\n')
)
