/** The laws of schedules, run on every one of the library; and schedules and compositions that break them. */
import { describe, expect, test } from 'vitest'
import * as tables from '../../laws/schedule-table.js'
import * as _ from '../../laws/schedules.js'
import { pipe, Schedule, Tensor } from '../../src/index.js'
import { fails, holds, named } from './verdict.js'

describe('every schedule', () => {
  test('is in the table, or is a word about them', () => {
    expect([...Object.keys(tables.table), ...tables.words].sort()).toEqual(Object.keys(Schedule).sort())
  })
  for (const [name, subjects] of Object.entries(tables.table)) {
    test(`${name} obeys ${_.scheduleLaws.length} laws`, () => {
      for (const law of _.scheduleLaws) holds(law, tables.scheduleCase(subjects), 100)
    })
    test(`${name} is compiled`, () => holds(_.compiledSchedule, tables.scheduleCase(subjects), 6))
  }
})
describe('schedules of schedules', () => {
  for (const law of _.compositionLaws())
    test(`${law.name}: ${law.statement}`, () => holds(law, tables.compositionCase, 150))
})
describe('reduce on plateau', () => {
  for (const law of _.plateauLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, tables.plateauCase, 100))
})

describe('a broken schedule is caught', () => {
  const broken = (change: (schedule: Schedule.Schedule) => Schedule.Schedule) =>
    tables.scheduleCase(tables.table.cosine.map(subject => ({ ...subject, schedule: change(subject.schedule) })))
  const law = (name: string) => named(_.scheduleLaws, name)
  test('that gives a vector', () => {
    fails(
      law('scalars'),
      broken(s => step => pipe(s(step), Tensor.reshape([1])) as unknown as Tensor.Tensor<[]>)
    )
  })
  test('that is float32 for all', () => {
    fails(
      law('scalars'),
      broken(s => step => pipe(s(step), Tensor.cast('float32')))
    )
  })
  test('that counts from one in int32', () => {
    fails(
      law('precisions'),
      broken(s => step => s(Tensor.dtype(step) === 'int32' ? pipe(step, Tensor.add(1)) : step))
    )
  })
  test('that overshoots', () => {
    fails(
      law('bounds'),
      broken(s => step => pipe(s(step), Tensor.mul(1.01)))
    )
  })
  test('that remembers', () => {
    let count = 0
    fails(
      law('pure'),
      broken(s => step => pipe(s(step), Tensor.add(count++)))
    )
  })
  test('that reads the number', () => {
    const reading = broken(s => step => s(Tensor.scalar(Tensor.item(step), { dtype: Tensor.dtype(step) })))
    fails(law('vectorized'), reading)
    fails(_.compiledSchedule, reading, 10)
  })
  test('that is right at one step for all', () => {
    const first: Schedule.Schedule = step => pipe(step, Tensor.mul(0), Tensor.add(Math.random()))
    fails(
      law('vectorized'),
      broken(() => first)
    )
    fails(
      _.compiledSchedule,
      broken(() => first),
      10
    )
  })
})

describe('a broken composition is caught', () => {
  const { join, shift, hold, scale, add, mul } = _.composing
  const wrong: readonly (readonly [string, string, Partial<_.Composing>])[] = [
    ['a scale that adds', 'scale', { scale: factor => scale(factor + 1e-6) }],
    ['a scale of the step', 'pointwise', { scale: factor => s => step => s(pipe(step, Tensor.mul(factor))) }],
    ['a sum that favours the first', 'add', { add: other => s => add(scale(0.999)(other))(s) }],
    ['a sum that is a product', 'add', { add: mul }],
    ['a product that is a sum', 'mul', { mul: add }],
    ['a product with a square', 'distributive', { mul: other => s => mul(mul(other)(other))(s) }],
    ['a shift to the left', 'shift', { shift: n => s => step => s(pipe(step, Tensor.sub(n))) }],
    ['a shift by one more', 'shift', { shift: n => shift(n + 1) }],
    ['a hold that holds what was before', 'hold', { hold: n => hold(Math.max(0, n - 1)) }],
    ['a join at the step after', 'join', { join: ns => join(ns.map(n => n + 1)) }],
    [
      'a join whose parts count from the start',
      'join',
      {
        join:
          ns =>
          (first, ...rest) =>
            join(ns)(first!, ...rest.map((s, i) => (t: Tensor.Tensor<[]>) => s(pipe(t, Tensor.add(ns[i]!)))))
      }
    ],
    [
      'a join whose parts count from the part before',
      'join of many',
      {
        join:
          ns =>
          (...all) =>
            join(ns)(...all.map((s, i) => (i < 2 ? s : shift(1)(s))))
      }
    ],
    [
      'a join that shifts twice',
      'join of one',
      {
        join:
          ns =>
          (first, ...rest) =>
            join(ns)(first!, ...rest.map(shift(1)))
      }
    ]
  ]
  test.each(wrong)('%s (%s)', (_name, name, words) => {
    fails(named(_.compositionLaws({ ..._.composing, ...words }), name), tables.compositionCase)
  })
})

describe('a broken plateau is caught', () => {
  const but = (change: (options: Schedule.ReduceOnPlateauOptions) => Schedule.ReduceOnPlateauOptions) =>
    _.plateauLaws(options => Schedule.reduceOnPlateau(change(options)))
  const law = (laws: ReturnType<typeof _.plateauLaws>, name: string) => named(laws, name)
  test('that forgets the minimum', () => {
    const laws = but(options => ({ ...options, minimum: 0 }))
    fails(law(laws, 'falls by the factor'), tables.plateauCase)
  })
  test('that falls too far', () => {
    fails(
      law(
        but(options => ({ ...options, factor: options.factor! / 2 })),
        'falls by the factor'
      ),
      tables.plateauCase
    )
  })
  test('that is impatient', () => {
    fails(
      law(
        but(options => ({ ...options, patience: Math.max(0, options.patience! - 1) })),
        'patience'
      ),
      tables.plateauCase
    )
  })
  test('that does not cool down', () => {
    fails(
      law(
        but(options => ({ ...options, cooldown: 0 })),
        'patience'
      ),
      tables.plateauCase
    )
  })
  test('that takes every metric for a loss', () => {
    fails(
      law(
        but(options => ({ ...options, mode: 'min' })),
        'mirror'
      ),
      tables.plateauCase
    )
  })
  test('that begins with infinity', () => {
    const infinite = _.plateauLaws(options => {
      const plateau = Schedule.reduceOnPlateau(options)
      return {
        ...plateau,
        update: metric => state => {
          const [rate, next] = plateau.update(metric)(state)
          return [rate, { ...next, best: Tensor.scalar(Number.POSITIVE_INFINITY) }]
        }
      }
    })
    fails(law(infinite, 'rate'), tables.plateauCase)
  })
  test('that rises again', () => {
    const rising = _.plateauLaws(options => {
      const plateau = Schedule.reduceOnPlateau(options)
      return {
        ...plateau,
        update: metric => state => {
          const [rate, next] = plateau.update(metric)(state)
          return [pipe(rate, Tensor.mul(metric), Tensor.abs), next]
        }
      }
    })
    fails(law(rising, 'never up'), tables.plateauCase)
  })
})
