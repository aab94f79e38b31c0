/** Round numbers over a range: where axes and surfaces are divided. */

const isAbout = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))

const rounder: Readonly<Record<'down' | 'up', (value: number) => number>> = { down: Math.floor, up: Math.ceil }
/** Rounds to a whole number, in a direction unless rounding errors alone keep it from being one. */
const whole = (direction: 'down' | 'up', value: number): number =>
  isAbout(value, Math.round(value)) ? Math.round(value) : rounder[direction](value)

const linear = (low: number, high: number, count: number): readonly number[] => {
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(digit => digit * power).find(one => one >= rough) ?? 10 * power
  const from = whole('down', low / step)
  const steps = whole('up', high / step) - from
  // Written out to the digits of the step, so that 3 · 0.1 is 0.3.
  const digits = Math.min(100, Math.max(0, 1 - Math.floor(Math.log10(step))))
  return Array.from({ length: steps + 1 }, (_, i) => Number(((from + i) * step).toFixed(digits)))
}

/** Which multiples of powers of ten are taken, from many to few. */
const multiples = [[1, 2, 5], [1, 3], [1]] as const

const logarithmic = (low: number, high: number, count: number): readonly number[] => {
  const start = whole('down', Math.log10(low))
  const decades = Math.max(1, whole('up', Math.log10(high)) - start)
  const every = Math.ceil(decades / count)
  const digits = multiples.find(some => some.length * decades <= count + 1) ?? [1]
  const all = Array.from({ length: Math.ceil(decades / every) + 1 }, (_, i) => start + i * every).flatMap(power =>
    digits.map(digit => Number(`${digit}e${power}`))
  )
  const from = all.findLastIndex(one => one <= low || isAbout(one, low))
  const to = all.findIndex(one => one >= high || isAbout(one, high))
  return all.slice(Math.max(0, from), to < 0 ? undefined : Math.max(to, from + 1) + 1)
}

/** About so many round numbers, the first not above `low` and the last not below `high`. On a logarithmic scale both are above 0. */
export const levels = (scale: 'linear' | 'log', low: number, high: number, count: number): readonly number[] => {
  // A single value stands in the middle of a range of its own size.
  const around = low === 0 ? 1 : Math.abs(low) / 2
  const [from, to] = !isAbout(low, high)
    ? [low, high]
    : scale === 'log'
      ? [low / 2, low * 2]
      : [low - around, low + around]
  return scale === 'log' ? logarithmic(from, to, count) : linear(from, to, count)
}

/** The least and the greatest of the finite numbers; `undefined` if there are none. */
export const extent = (values: Iterable<number>): readonly [number, number] | undefined => {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return low <= high ? [low, high] : undefined
}
