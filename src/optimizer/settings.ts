/** Checks of the numbers that optimizers and schedules are made with; a bad one is told by name. */
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
/** A part of something, the whole included. */
export const fraction = check(value => value >= 0 && value <= 1, 'between 0 and 1')
/** Numbers of steps. */
export const count = check(value => Number.isInteger(value) && value >= 1, 'a whole number of 1 or more')
export const countOrNone = check(value => Number.isInteger(value) && value >= 0, 'a whole number of 0 or more')
/** Lengths on the axis of steps, which is continuous. */
export const length = check(value => value > 0 && Number.isFinite(value), 'a finite number above 0')
export const betasOf = (operation: string, betas: readonly [number, number]): readonly [number, number] => {
  betas.forEach((beta, i) => decayRate(operation, `betas[${i}]`, beta))
  return betas
}
/** One of some words. */
export const oneOf = (operation: string, name: string, value: string, words: readonly string[]): void => {
  if (!words.includes(value))
    throw mistake(
      'InvalidArgument',
      operation,
      `${name} is '${value}'; it must be ${words.map(word => `'${word}'`).join(' or ')}`
    )
}
