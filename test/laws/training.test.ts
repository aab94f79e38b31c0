/** The laws of training, run on trainings of every kind; and trainers that break them. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/training.js'
import { trainingCase } from '../../laws/training-case.js'
import { Dataset, Training, Tree } from '../../src/index.js'
import { elements, known } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

describe('every training', () => {
  for (const law of _.trainingLaws) test(`${law.name}: ${law.statement}`, () => holds(law, trainingCase, 40))
  const stopping = _.stoppingResumes()
  test(`${stopping.name}: ${stopping.statement}`, () => holds(stopping, trainingCase, 40))

  test('its cases end in both ways, shuffle, validate, and stop early', () => {
    const cases = fc.sample(trainingCase, { numRuns: 200, seed: 1 })
    const batches = cases.map(({ train }) => Dataset.asBatches(train))
    expect(batches.filter(({ shuffle }) => shuffle).length).toBeGreaterThan(20)
    expect(batches.filter(({ dropLast }) => dropLast).length).toBeGreaterThan(20)
    expect(cases.filter(({ validation }) => validation).length).toBeGreaterThan(20)
    const stopped = cases.slice(0, 40).filter(({ trainer, train, start }) => {
      const stop = Training.earlyStopping({ patience: 2 })
      return [...stop(trainer.history(8)({ train })(start))].length < 8
    })
    expect(stopped.length).toBeGreaterThan(2)
  })
})

describe('a broken trainer is caught', () => {
  type Case = _.TrainingCase
  type Trainer = Case['trainer']
  const law = (name: string) => named(_.trainingLaws, name)
  const broken = (change: (trainer: Trainer) => Partial<Trainer>) =>
    trainingCase.map((subject): Case => ({ ...subject, trainer: { ...subject.trainer, ...change(subject.trainer) } }))

  test('whose epoch skips a batch', () => {
    const skipping = broken(trainer => ({
      epoch: data => start => {
        const { size } = Dataset.asBatches(data)
        const [first] = Dataset.draw(start.key)(Dataset.asBatches(data))
        return size > 1 && first
          ? E.right({ ...trainer.step(first)(start)[1], epoch: start.epoch + 1 })
          : trainer.epoch(data)(start)
      }
    }))
    fails(law('an epoch is a fold'), skipping)
  })
  test('whose epochs forget the optimizer state in between', () => {
    const forgetful = broken(trainer => ({
      epochs: n => data => start => {
        const fresh = (at: typeof start) => ({ ...at, optimizer: trainer.from(at.params, at.key).optimizer })
        return n === 0 ? E.right(start) : trainer.epochs(n)(data)(fresh(start))
      }
    }))
    fails(law('epochs add'), forgetful)
  })
  test('that counts its calls', () => {
    let calls = 0
    const counting = broken(trainer => ({
      epochs: n => data => start =>
        pipe(
          trainer.epochs(n)(data)(start),
          E.map(end => ({ ...end, step: end.step + calls++ }))
        )
    }))
    fails(law('determinism'), counting)
    fails(law('snapshots escape'), counting)
  })
  test('that copies its state even where it has nothing to do', () => {
    const busy = broken(trainer => ({ epochs: n => trainer.epochs(Math.max(1, n)) }))
    fails(law('no epochs'), busy)
  })
  test('whose history keeps its state between iterations', () => {
    const keeping = broken(trainer => ({
      history: n => data => start => {
        let at = start
        return {
          *[Symbol.iterator]() {
            for (const element of trainer.history(n)(data)(at)) {
              if (E.isRight(element)) at = element.right
              yield element
            }
          }
        }
      }
    }))
    fails(law('a history starts again'), keeping)
  })
  test('whose history can be read once', () => {
    const once = broken(trainer => ({
      history: n => data => start => trainer.history(n)(data)(start)[Symbol.iterator]() as never
    }))
    fails(law('a history starts again'), once)
  })
  test('whose history forgets the best loss when it goes on', () => {
    const forgetful = broken(trainer => ({
      history: n => data => start => trainer.history(n)(data)('state' in start ? start.state : start)
    }))
    fails(law('a history goes on'), forgetful)
    fails(_.stoppingResumes(), forgetful)
  })
  test('whose history tells the loss after the update', () => {
    const late = broken(trainer => ({
      history: n => data => start =>
        pipe(
          trainer.history(n)(data)(start),
          Training.map(epoch => ({ ...epoch, trainLoss: trainer.evaluate(data.train)(epoch.state) }))
        )
    }))
    fails(law('what a history tells'), late)
  })
  test('whose history ends an epoch early', () => {
    const short = broken(trainer => ({ history: n => trainer.history(Math.max(1, n - 1)) }))
    fails(law('last of a history'), short)
  })
  /** Writes the numbers of the new parameters into the old ones', as a careless arena would. */
  const overwrite = (old: unknown, fresh: unknown): void => {
    const targets = Tree.leaves(old)
    Tree.leaves(fresh).forEach((leaf, i) => known('test')(targets[i]!).data.set(elements(known('test')(leaf))))
  }
  test('that trains in place', () => {
    const inPlace = broken(trainer => ({
      epochs: n => data => start => {
        const ended = trainer.epochs(n)(data)(start)
        if (E.isRight(ended)) overwrite(start.params, ended.right.params)
        return ended
      },
      step: batch => start => {
        const [info, next] = trainer.step(batch)(start)
        overwrite(start.params, next.params)
        return [info, next]
      }
    }))
    fails(law('snapshots escape'), inPlace)
    fails(law('steps escape'), inPlace)
  })
  test('stopping that counts for itself', () => {
    const counting: _.Stopping =
      ({ patience }) =>
      history => ({
        *[Symbol.iterator]() {
          let [best, since] = [Number.POSITIVE_INFINITY, 0]
          for (const element of history) {
            yield element
            if (E.isLeft(element)) return
            const { trainLoss, validationLoss } = element.right
            const loss = validationLoss ?? trainLoss
            ;[best, since] = loss < best ? [loss, 0] : [best, since + 1]
            if (since >= patience) return
          }
        }
      })
    fails(_.stoppingResumes(counting), trainingCase)
  })
  test('whose steps are counted outside of the snapshot', () => {
    const trainer = trainingCase.map(subject => {
      let calls = 0
      const step: Trainer['step'] = batch => start => {
        const [info, next] = subject.trainer.step(batch)(start)
        return [{ loss: info.loss + calls++ }, next]
      }
      return { ...subject, trainer: { ...subject.trainer, step } }
    })
    fails(law('steps escape'), trainer)
  })
})
