/** The laws of training, run on trainings of every kind; and trainers that break them. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/training.js'
import { divergingCaseOn, trainingCaseOn } from '../../laws/training-case.js'
import { Dataset, Engine, Tensor, Training, Tree } from '../../src/index.js'
import { type Constant, constant, elements, known } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

const stopping = _.stoppingResumes()

describe.each([
  { engine: Engine.interpreter, runs: 40 },
  { engine: Engine.wasm, runs: 10 }
])('every training on $engine.name', ({ engine, runs }) => {
  for (const law of [..._.trainingLaws, stopping])
    test(`${law.name}: ${law.statement}`, () => holds(law, trainingCaseOn(engine), runs))
})
describe('a training that diverges', () => {
  for (const law of _.trainingLaws)
    test(`${law.name}: ${law.statement}`, () => holds(law, divergingCaseOn(Engine.interpreter), 20))
  test('is told of alike on the compiled engine', () => {
    holds(named(_.trainingLaws, 'a divergence loses nothing')!, divergingCaseOn(Engine.wasm), 10)
    holds(named(_.trainingLaws, 'last of a history')!, divergingCaseOn(Engine.wasm), 10)
  })
})
describe('engines', () => {
  test('agree', () => holds(_.enginesAgree(Engine.wasm), trainingCaseOn(Engine.interpreter), 20))
  test('that do not are caught', () => {
    const { compile } = Engine.interpreter
    const wrong: Engine.Engine = {
      name: 'wrong',
      compile: program => {
        const run = compile(program)
        return inputs => run(inputs).map(x => (Tensor.dtype(x) === 'int32' ? x : known('test')(Tensor.mul(1.001)(x))))
      }
    }
    fails(_.enginesAgree(wrong), trainingCaseOn(Engine.interpreter))
  })
})
test('cases end in both ways, shuffle, validate, and stop early', () => {
  const cases = fc.sample(trainingCaseOn(Engine.interpreter), { numRuns: 200, seed: 1 })
  const batches = cases.map(({ train }) => Dataset.asBatches(train))
  expect(batches.filter(({ shuffle }) => shuffle).length).toBeGreaterThan(20)
  expect(batches.filter(({ dropLast }) => dropLast).length).toBeGreaterThan(20)
  expect(cases.filter(({ validation }) => validation).length).toBeGreaterThan(20)
  const stopped = cases.slice(0, 40).filter(({ trainer, train, start }) => {
    const stop = Training.earlyStopping({ patience: 2 })
    return [...stop(trainer.history(8)({ train })(start))].length < 8
  })
  expect(stopped.length).toBeGreaterThan(2)
  const ended = fc
    .sample(divergingCaseOn(Engine.interpreter), { numRuns: 40, seed: 1 })
    .filter(({ trainer, train, start }) => E.isLeft(trainer.epochs(6)(train)(start)))
  expect(ended.length).toBeGreaterThan(20)
})

describe('a broken machine is caught', () => {
  /** The interpreter, with another machine made of its own. */
  const broken = (
    change: (machine: Engine.Machine, carried: number) => Partial<Engine.Machine>
  ): Engine.ResidentEngine => ({
    ...Engine.interpreter,
    machine: (program, options) => {
      const machine = Engine.interpreter.machine(program, options)
      return { ...machine, ...change(machine, options.carried) }
    }
  })
  const caught = (engine: Engine.ResidentEngine, ...names: readonly string[]) => {
    for (const name of names) fails(named(_.trainingLaws, name), trainingCaseOn(engine))
  }
  test('that forgets to copy what it saves', () => {
    const forgetful = broken(machine => ({ save: () => () => machine.save()() }))
    caught(forgetful, 'elements escape')
  })
  test('that gives away its own memory', () => {
    const leaking = broken(machine => {
      let own: readonly Constant[] | undefined
      const write = (fresh: readonly Constant[]): readonly Constant[] => {
        own ??= fresh.map(x => constant(x.shape, x.dtype, elements(x).slice()))
        own.forEach(({ data }, i) => {
          data.set(elements(fresh[i]!))
        })
        return own
      }
      return {
        load: carried => machine.load(write(carried)),
        run: times => {
          const ran = machine.run(times)
          machine.load(write(machine.save()()))
          return ran
        },
        save: () => machine.save()
      }
    })
    caught(leaking, 'elements escape', 'steps escape', 'snapshots escape')
  })
  test('that does not load', () => {
    const deaf = broken(machine => {
      let loaded = false
      return {
        load: carried => {
          if (!loaded) machine.load(carried)
          loaded = true
        }
      }
    })
    caught(deaf, 'histories do not meet', 'determinism')
  })
  test('that keeps the data it was fed first', () => {
    const full = broken(machine => {
      let fed = false
      return {
        feed: given => {
          if (!fed) machine.feed(given)
          fed = true
        }
      }
    })
    fails(_.enginesAgree(Engine.interpreter), trainingCaseOn(full))
  })
  test('that runs once too often', () => {
    const eager = broken(machine => ({ run: times => machine.run(times + 1) - 1 }))
    caught(eager, 'epochs add', 'last of a history')
  })
  test('that does not stop at what is not finite', () => {
    const unstoppable: Engine.ResidentEngine = {
      ...Engine.interpreter,
      machine: (program, { carried }) => Engine.interpreter.machine(program, { carried })
    }
    fails(named(_.trainingLaws, 'last of a history'), divergingCaseOn(unstoppable))
  })
})

describe('a broken trainer is caught', () => {
  // Laws catch a trainer, whatever runs it; the interpreter starts at once.
  const trainingCase = trainingCaseOn(Engine.interpreter)
  type Case = _.TrainingCase
  type Trainer = Case['trainer']
  const firstOf = (data: Parameters<Trainer['epoch']>[0]) => (typeof data === 'function' ? data(0) : data)
  const law = (name: string) => named(_.trainingLaws, name)
  const broken = (change: (trainer: Trainer) => Partial<Trainer>) =>
    trainingCase.map((subject): Case => ({ ...subject, trainer: { ...subject.trainer, ...change(subject.trainer) } }))

  test('whose epoch skips a batch', () => {
    const skipping = broken(trainer => ({
      epoch: data => start => {
        const { size } = Dataset.asBatches(firstOf(data))
        const [first] = Dataset.draw(start.key)(Dataset.asBatches(firstOf(data)))
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
          Training.map(epoch => ({ ...epoch, trainLoss: trainer.evaluate(firstOf(data.train))(epoch.state) }))
        )
    }))
    fails(law('what a history tells'), late)
  })
  test('whose epochs all have the data of the first', () => {
    fails(
      law('data of each epoch'),
      broken(trainer => ({ epochs: n => data => trainer.epochs(n)(firstOf(data)) }))
    )
    fails(
      law('data of each epoch'),
      broken(trainer => ({ history: n => data => trainer.history(n)({ ...data, train: firstOf(data.train) }) }))
    )
  })
  test('that takes the data of an epoch in other batches', () => {
    const parting = broken(trainer => ({
      history: n => data => {
        const { train } = data
        const parted = typeof train === 'function' ? () => ({ ...Dataset.asBatches(train(0)), size: 1 }) : train
        return trainer.history(n)({ ...data, train: parted })
      }
    }))
    fails(law('the same data in each epoch'), parting)
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
