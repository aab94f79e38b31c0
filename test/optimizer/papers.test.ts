/**
 * Optimizers that PyTorch has not: their papers' algorithms, written down in numpy as they are printed there, gave the numbers here.
 * All of them walk down the bowl of `bowl.ts`.
 */
import { describe, expect, test } from 'vitest'
import { Optimizer, pipe } from '../../src/index.js'
import { descend, numbers } from './bowl.js'

const ends = (optimizer: Optimizer.Optimizer, steps: number, expected: readonly number[]): void => {
  const found = numbers(descend(optimizer, steps).at(-1)!.params)
  found.forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-12))
}

describe('as in the papers', () => {
  test('Lion, Algorithm 2 of Chen et al. 2023, 25 steps', () =>
    ends(
      Optimizer.lion({ learningRate: 0.07, weightDecay: 0.1 }),
      25,
      [-0.22329744872546564, -0.06728720168005167, -0.017716116644435287]
    ))
  test('LAMB, Algorithm 2 of You et al. 2020, ten steps', () =>
    ends(
      Optimizer.lamb({ learningRate: 0.05, weightDecay: 0.01 }),
      10,
      [0.36938303125132643, -1.3439729668874187, 0.29936846961918945]
    ))
  test('SAM, Algorithm 1 of Foret et al. 2021, over momentum, ten steps', () =>
    ends(
      pipe(Optimizer.sgd({ learningRate: 0.05, momentum: 0.9 }), Optimizer.sam({ radius: 0.2 })),
      10,
      [-0.49770696663676084, 0.3056039761388001, -0.06444343672597946]
    ))
  test('adaptive SAM, of Kwon et al. 2021, ten steps', () =>
    ends(
      pipe(Optimizer.sgd({ learningRate: 0.05 }), Optimizer.sam({ radius: 0.2, adaptive: true })),
      10,
      [0.5668682763200238, -0.29580339406812617, 0.37774412620607367]
    ))
  test('Lookahead, Algorithm 1 of Zhang et al. 2019, over momentum, three times four steps', () =>
    ends(
      pipe(Optimizer.sgd({ learningRate: 0.05, momentum: 0.9 }), Optimizer.lookahead({ steps: 4, rate: 0.5 })),
      12,
      [0.031146318047594657, 0.401878405307823, 0.1590704505725129]
    ))
})
