/**
 * What engines obey: a compiled function is the function, at every point, again and again, whatever else is compiled beside it.
 *
 * The interpreter is the definition. How far another engine may be from it is computed with each program (`engine-bounds.ts`): not at all where only
 * exactly rounded operations, comparisons, conversions and moves were used, or sums with room for all their digits.
 */
import fc from 'fast-check'
import { type Engine, trace } from '../src/compiler/program.js'
import { checkpoint } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { scan } from '../src/control/scan.js'
import { jit } from '../src/engine/jit.js'
import { withMachines } from '../src/engine/machine.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { scatterAdd, take } from '../src/primitive/indexing.js'
import { sumAll } from '../src/primitive/movement.js'
import { less } from '../src/primitive/selection.js'
import { isMistake } from '../src/structure/mistake.js'
import { sameShape, size } from '../src/structure/shape.js'
import { type Constant, constant, elements, isConstant, type Many, type Tensor, uniform } from '../src/tensor/tensor.js'
import { sameBits } from './closeness.js'
import { agrees, bounded } from './engine-bounded.js'
import { inType } from './engine-draw.js'
import { type Bounded, exact, smallestNormal } from './engine-error.js'
import type { EngineCase } from './engine-programs.js'
import { filled, type Recipe } from './engine-values.js'
import { type Law, law } from './law.js'
import { copy, identical } from './same.js'

const same = (xs: Many, ys: Many): boolean => xs.length === ys.length && xs.every((x, i) => sameBits(x, ys[i]!))

/** Whether a result may stand for the interpreter's. */
const stands = ({ value, error }: Bounded, actual: Tensor | undefined): boolean => {
  if (actual === undefined || !isConstant(actual)) return false
  if (actual.dtype !== value.dtype || !sameShape(actual.shape, value.shape)) return false
  const [expected, bounds, found] = [elements(value), elements(error), elements(actual)]
  return found.length === expected.length && expected.every((v, i) => agrees(v, bounds[i]!, found[i]!))
}

/** Another program, larger or smaller, that is compiled and run in between. */
const others: readonly ((xs: Many) => Many)[] = [
  xs => xs.map(x => add(x, 1)),
  xs => [xs.map(x => sumAll(add(x, 1))).reduce((a, b) => add(a, b))],
  xs => [...xs, ...xs].map(x => sumAll(add(x, x)))
]

/** The function with results before all others that can take the place of so many of its first operands. */
const carried =
  (f: (xs: Many) => Many, n: number) =>
  (xs: Many): Many => {
    const results = f(xs)
    return [...xs.slice(0, n).map((x, i) => inType(x, results[i % results.length]!)), ...results]
  }

const firstOf = (x: Tensor): number => elements(x as Constant)[0]!
/** Whether there is a number too small to be normal, which a machine may flush. */
const hasSubnormal = (x: Tensor): boolean =>
  elements(x as Constant).some(v => v !== 0 && Math.abs(v) < smallestNormal[x.dtype])

/** The laws of an engine, by name. */
export const ofEngine = (engine: Engine) => {
  const compiled = (f: (xs: Many) => Many): ((xs: Many) => Many) => jit(f, { engine })
  return {
    agreement: law<EngineCase>(
      'jit',
      'jit f ≈ f, at one point and at another, with the same types',
      ({ f, inputs, others }) => {
        const program = trace(f)(inputs)
        const run = compiled(f)
        return [inputs, others].every(xs => {
          const expected = bounded(program, xs.map(exact))
          const actual = run(xs)
          return actual.length === expected.length && expected.every((x, i) => stands(x, actual[i]))
        })
      }
    ),
    repetition: law<EngineCase>(
      'again',
      'jit f x = jit f x, bit for bit, with another point in between',
      ({ f, inputs, others }) => {
        const run = compiled(f)
        const first = run(inputs)
        return same(run(inputs), first) && same(run(others), compiled(f)(others)) && same(run(inputs), first)
      }
    ),
    company: law<EngineCase>(
      'in company',
      'jit f x = jit f x, bit for bit, with another program in between, compiled before or after',
      ({ f, inputs }, choice) => {
        const between = compiled(others[choice % others.length]!)
        if (choice % 2 === 0) between(inputs)
        const run = compiled(f)
        const first = run(inputs)
        const beside = between(inputs)
        return same(run(inputs), first) && same(between(inputs), beside) && same(run(inputs), first)
      }
    ),
    inputs: law<EngineCase>('inputs are kept', 'x after jit f x = x before, bit for bit', ({ f, inputs }) => {
      const before = copy(inputs)
      compiled(f)(inputs)
      return identical(inputs, before)
    }),
    results: law<EngineCase>(
      'results are kept',
      'jit f x after jit f y = jit f x before, bit for bit',
      ({ f, inputs, others }) => {
        const run = compiled(f)
        const result = run(inputs)
        const before = copy(result)
        run(others)
        return identical(result, before)
      }
    ),
    machine: law<EngineCase>(
      'machine',
      'a machine run once = jit f unless it may flush subnormal numbers that it carries, run n times = run once n times, bit for bit',
      ({ f, inputs, others }, choice) => {
        const n = 1 + (choice % inputs.length)
        const carrying = carried(f, n)
        const times = 1 + ((choice >> 4) % 3)
        const machine = withMachines(engine).machine(trace(carrying)(inputs), { carried: n })
        const step = compiled(carrying)
        const once = (state: Many, results: Many): Many | undefined => {
          machine.load(state as readonly Constant[])
          if (machine.run(1) !== 1) return undefined
          const saved = machine.save()()
          const told = results.slice(n).every((x, i) => size(x.shape) === 0 || Object.is(machine.number(i), firstOf(x)))
          const carried = results.slice(0, n)
          return carried.some(hasSubnormal) || (told && same(saved, carried)) ? saved : undefined
        }
        const runs = [inputs, others, inputs].map(all => {
          const [start, fixed] = [all.slice(0, n), all.slice(n)]
          machine.feed(fixed)
          let state: Many | undefined = start
          for (let i = 0; i < times && state; i++) state = once(state, step([...state, ...fixed]))
          machine.load(start)
          machine.run(times)
          return { state, saved: machine.save() }
        })
        return runs.every(({ state, saved }) => state !== undefined && same(saved(), state))
      }
    ),
    mistakes: law<EngineCase>(
      'mistakes',
      'jit f x fails as f x does, and gives what it did afterwards',
      ({ f, inputs, others }) => {
        const run = compiled(f)
        return [inputs, others, inputs].every(xs => identicalOutcome(outcome(f, xs), outcome(run, xs)))
      }
    )
  }
}
export const engineLaws = (engine: Engine): readonly Law<EngineCase>[] => Object.values(ofEngine(engine))

type Outcome = { readonly results: Many } | { readonly mistake: string }
const outcome = (f: (xs: Many) => Many, xs: readonly Constant[]): Outcome => {
  try {
    return { results: f(xs) }
  } catch (error) {
    if (isMistake(error)) return { mistake: `${error._tag}: ${error.message}` }
    throw error
  }
}
const identicalOutcome = (a: Outcome, b: Outcome): boolean =>
  'results' in a ? 'results' in b && same(a.results, b.results) : 'mistake' in b && a.mistake === b.mistake

/** Where a mistake may be made. */
const insides: { readonly [name: string]: (f: (i: Tensor) => Tensor, i: Tensor) => Tensor } = {
  plain: (f, i) => f(i),
  checkpoint: (f, i) => checkpoint(f)(i),
  cond: (f, i) => cond(less(sumAll(i), 1), f, (j: Tensor) => f(mul(j, 0)))(i),
  scan: (f, i) =>
    scan((n: Tensor, by: Tensor) => [add(n, 1), f(add(i, mul(by, n)))] as const)(
      int32(0),
      constant([3], 'int32', Int32Array.of(0, 1, 0))
    )[1]
}
const int32 = (value: number): Tensor => uniform({ shape: [], dtype: 'int32' }, value)

/** Programs that take rows by numbers which may be of no row. */
export const indexingPrograms: fc.Arbitrary<EngineCase> = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 0, max: 5 }),
    count: fc.integer({ min: 1, max: 9 }),
    seeds: fc.tuple(fc.nat(0xffff), fc.nat(0xffff)),
    scatters: fc.boolean(),
    inside: fc.constantFrom(...Object.keys(insides))
  })
  .map(({ rows, width, count, seeds, scatters, inside }): EngineCase => {
    const recipe = (shape: Recipe['shape'], dtype: Recipe['dtype'], seed: number): Constant =>
      filled({ shape, dtype, kind: 'whole', seed, uniform: false })
    const given = (seed: number): readonly Constant[] => [
      recipe(scatters ? [count, width] : [rows, width], 'float32', seed),
      recipe([count], 'int32', seed + 1)
    ]
    const f = ([x, i]: Many): Many => [
      insides[inside]!(scatters ? j => scatterAdd(rows)(j)(x!) : j => take(add(j, 1))(x!), i!)
    ]
    return {
      f,
      inputs: given(seeds[0]),
      others: given(seeds[1]),
      about: () =>
        `${inside}: ${scatters ? 'scatterAdd to' : 'take from'} ${rows} rows, ${elements(given(seeds[0])[1]!).join(' ')}`
    }
  })
