/**
 * Interleaved rounds: in every round each contender runs one batch of iterations, in an order that is rotated from round to
 * round, so that what else the machine does meets all of them alike and ratios can be taken within a round.
 */
import { difference } from './agreement.js'
import {
  type Column,
  type Contender,
  columns,
  type Finished,
  type Outcome,
  type Quotient,
  type Race,
  type Ready,
  type Results,
  type Row,
  type Settings
} from './row.js'
import { summary } from './statistics.js'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!

interface Runner {
  readonly contender: Contender
  readonly ready: Ready
  readonly difference: number
}
type Entry = Runner | Outcome
const isRunner = (entry: Entry): entry is Runner => 'ready' in entry

/** One contender made ready and checked against what is expected; the first one says what that is. */
const enter = async (
  { tolerance }: Race,
  contender: Contender,
  expected: Results | undefined
): Promise<readonly [Entry, Results | undefined]> => {
  const unable = (reason: string): Outcome => ({ column: contender.column, samples: [], unable: reason })
  try {
    const ready = await contender.prepare()
    const results = await ready.results()
    if (expected === undefined) return [{ contender, ready, difference: 0 }, results]
    const apart = difference(expected, results)
    if (apart <= (contender.tolerance?.of ?? tolerance)) return [{ contender, ready, difference: apart }, expected]
    await ready.dispose?.()
    return [unable(`computes other numbers: ${apart.toExponential(1)} apart, relative to the largest`), expected]
  } catch (error) {
    return [unable(reasonOf(error)), expected]
  }
}

interface Calibrated extends Runner {
  readonly iterations: number
  /** Iterations that take long are run in some of the rounds only. */
  readonly rounds: number
}
/** An iteration that takes more milliseconds than this makes a contender sit out most rounds. */
const long = 800
const roundsOfLong = 3

/** Iterations are doubled until they take as long as a sample should, which also lets engines optimise what they run. */
const calibrate = async (runner: Runner, { fresh = false }: Race, settings: Settings): Promise<Calibrated> => {
  if (fresh) return { ...runner, iterations: 1, rounds: settings.rounds }
  const { ready } = runner
  let [iterations, last, spent] = [1, 0, 0]
  for (;;) {
    last = await ready.time(iterations)
    spent += last
    if (last >= settings.sample && spent >= settings.warmUp) break
    if (last < settings.sample) {
      const wanted = (1.2 * settings.sample * iterations) / Math.max(last, 1e-3)
      iterations = Math.ceil(Math.min(wanted, 8 * iterations))
    }
  }
  return {
    ...runner,
    iterations,
    rounds: last / iterations > long ? Math.min(roundsOfLong, settings.rounds) : settings.rounds
  }
}

const rotate = <A>(xs: readonly A[], by: number): readonly A[] =>
  xs.length === 0 ? xs : [...xs.slice(by % xs.length), ...xs.slice(0, by % xs.length)]

const run = async (row: Race, settings: Settings): Promise<readonly Outcome[]> => {
  const entries: Entry[] = []
  let expected: Results | undefined
  for (const contender of row.contenders) {
    const [entry, results] = await enter(row, contender, expected)
    entries.push(entry)
    expected = results
  }
  const runners: Calibrated[] = []
  const outcomes: Outcome[] = entries.filter((entry): entry is Outcome => !isRunner(entry))
  for (const runner of entries.filter(isRunner)) {
    try {
      runners.push(await calibrate(runner, row, settings))
    } catch (error) {
      outcomes.push({ column: runner.contender.column, samples: [], unable: reasonOf(error) })
    }
  }
  const samples = runners.map((): (number | undefined)[] => [])
  const broken = new Map<Calibrated, string>()
  const order = runners.map((_, i) => i)
  for (let round = 0; round < settings.rounds; round++) {
    for (const i of rotate(order, round)) {
      const runner = runners[i]!
      const { ready, iterations, rounds } = runner
      if (broken.has(runner)) continue
      try {
        samples[i]!.push(round < rounds ? (await ready.time(iterations)) / iterations : undefined)
      } catch (error) {
        broken.set(runner, reasonOf(error))
      }
    }
  }
  for (const { ready } of runners) await ready.dispose?.()
  for (const [i, runner] of runners.entries()) {
    const { contender, iterations, difference: apart } = runner
    const { column, tolerance } = contender
    const reason = broken.get(runner)
    const remark = tolerance && { remark: `checked to ${tolerance.of} only: ${tolerance.because}` }
    outcomes.push(
      reason === undefined
        ? { column, samples: samples[i]!, iterations, difference: apart, ...remark }
        : { column, samples: [], unable: reason }
    )
  }
  if (row.stored) outcomes.push({ column: row.stored.column, samples: [row.stored.value] })
  return outcomes
}

const divide = ({ of, by }: Quotient, above: readonly Finished[]): readonly Outcome[] => {
  const medians = (name: string, column: Column): number | undefined =>
    summary(above.find(f => f.row.name === name)?.outcomes.find(o => o.column === column)?.samples ?? [])?.median
  return columns.flatMap(column => {
    const [a, b] = [medians(of, column), medians(by, column)]
    return a === undefined || b === undefined ? [] : [{ column, samples: [a / b] }]
  })
}

/** A row of a family, after those above it. */
export const measure = async (
  family: Finished['family'],
  row: Row,
  settings: Settings,
  above: readonly Finished[]
): Promise<Finished> => {
  const outcomes =
    row._tag === 'Race'
      ? await run(row, settings)
      : row._tag === 'Survey'
        ? await row.measure(settings)
        : divide(row, above)
  const { name, unit, targets, remark } = row
  return {
    family: { name: family.name, title: family.title },
    row: {
      name,
      unit,
      targets,
      ...(remark === undefined ? {} : { remark }),
      ...(row._tag === 'Race' ? { tolerance: row.tolerance } : {})
    },
    outcomes
  }
}

/** The clock around a synchronous loop. */
export const loop =
  (iteration: () => void) =>
  (iterations: number): number => {
    const start = performance.now()
    for (let i = 0; i < iterations; i++) iteration()
    return performance.now() - start
  }
