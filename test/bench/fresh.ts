/** Run in a fresh process by the rows on cold starts: `fresh.ts compile|warm|first COLUMN` prints milliseconds. */
import { subject } from './contenders/cotangent.js'
import { stopTorch } from './contenders/torch.js'
import { summary } from './harness/statistics.js'
import { compileTime, stepping } from './rows/network.js'

const [what, column] = process.argv.slice(2)

const warm = (): number => {
  const times = Array.from({ length: 20 }, () => compileTime(subject.engine))
  return summary(times.slice(10))?.median ?? Number.NaN
}
const first = async (): Promise<number> => {
  const contender = stepping.find(c => c.column === column)
  if (contender === undefined) throw new Error(`nobody is called ${column}`)
  const { time } = await contender.prepare()
  const spent = await time(1)
  await stopTorch()
  return spent
}
console.log(what === 'compile' ? compileTime(subject.engine) : what === 'warm' ? warm() : await first())
process.exit()
