/** Checks of the numbers that optimizers are made with; a bad one is told by name. */
import { mistake } from '../structure/mistake.js'

const check =
  (fits: (value: number) => boolean, wanted: string) =>
  (operation: string, name: string, value: number): number => {
    if (!fits(value)) throw mistake('InvalidArgument', operation, `${name} is ${value}; it must be ${wanted}`)
    return value
  }
export const nonNegative = check(value => value >= 0 && Number.isFinite(value), 'a finite number of 0 or more')
export const positive = check(value => value > 0, 'above 0')
export const finite = check(Number.isFinite, 'a finite number')
/** Rates at which the past is kept. */
export const decayRate = check(value => value >= 0 && value < 1, 'at least 0 and below 1')
