/**
 * Engines that are wrong in a way somebody could have got wrong, and for each a law that sees it, whatever the seed; and one that rounds otherwise
 * than the interpreter, as any other may, which no law minds.
 */
import type fc from 'fast-check'
import { describe, test } from 'vitest'
import { type EngineCase, enginePrograms } from '../../laws/engine-programs.js'
import { indexingPrograms, ofEngine } from '../../laws/engines.js'
import type { Engine } from '../../src/compiler/program.js'
import { interpreter } from '../../src/engine/interpreter.js'
import type { Machine, ResidentEngine } from '../../src/engine/machine.js'
import { takePrimitive } from '../../src/primitive/indexing.js'
import { type Dtype, isFloat } from '../../src/structure/dtype.js'
import { sameShape } from '../../src/structure/shape.js'
import { type Constant, constant, elements } from '../../src/tensor/tensor.js'
import { type AnyPrimitive, after, around, caught, evaluating, rewritten } from './changed-engines.js'
import { roundingOtherwise } from './rounding-engine.js'
import { holds } from './verdict.js'

type Laws = ReturnType<typeof ofEngine>
type Broken = readonly [Engine, keyof Laws]

const each = (f: (value: number, dtype: Dtype) => number) => (data: Constant['data'], x: Constant) => {
  for (let i = 0; i < data.length; i++) data[i] = f(data[i]!, x.dtype)
}
const last = (data: Constant['data']): number => data.length - 1
const extentOf = ({ shape }: Constant): number => shape[shape.length - 1] ?? 1
const sharedState = (): Engine => {
  // The one memory of all programs, in which the latest that was compiled lies over the others.
  let owner = 0
  return around('memory that another program took', run => {
    const self = ++owner
    return inputs => {
      const results = run(inputs)
      return self === owner ? results : results.map(x => rewritten(x, data => data.fill(1)))
    }
  })
}

/** The interpreter with something done around its machines. */
const machining = (name: string, change: (right: Machine) => Partial<Machine>): Engine => {
  const made: ResidentEngine = {
    name,
    compile: interpreter.compile,
    machine: (program, options) => {
      const right = interpreter.machine(program, options)
      return { ...right, ...change(right) }
    }
  }
  return made
}
const machines: readonly Broken[] = [
  [
    machining('a machine that runs once, whatever it is told', right => ({ run: times => right.run(1) * times })),
    'machine'
  ],
  [machining('a machine that gives what it carries later', right => ({ save: () => () => right.save()() })), 'machine'],
  [
    machining('a machine that keeps the first tensors that it is fed', right => {
      let fed = false
      return {
        feed: given => {
          if (!fed) right.feed(given)
          fed = true
        }
      }
    }),
    'machine'
  ],
  [machining('a machine that tells the next result', right => ({ number: () => right.number(0) })), 'machine']
]

const results: readonly Broken[] = [
  [
    after('one element is off by little', (data, x) => {
      if (isFloat(x) && data.length > 0) data[last(data)]! *= x.dtype === 'float32' ? 1 + 2e-6 : 1 + 1e-14
    }),
    'agreement'
  ],
  [
    after('the tail of a row is left out', (data, x) => {
      if (extentOf(x) % 4 !== 0 && data.length > 4) data[last(data)] = 0
    }),
    'agreement'
  ],
  [
    after(
      '−0 becomes 0',
      each(v => (v === 0 ? 0 : v))
    ),
    'agreement'
  ],
  [
    after(
      'NaN becomes 0',
      each(v => (v === v ? v : 0))
    ),
    'agreement'
  ],
  [
    after(
      'infinities become the largest number',
      each(v => (Math.abs(v) === Infinity ? Math.sign(v) * 3e38 : v))
    ),
    'agreement'
  ],
  [
    after(
      'subnormal numbers become 0',
      each(v => (Math.abs(v) < 2 ** -126 ? 0 * v : v))
    ),
    'agreement'
  ],
  [
    after(
      'whole numbers off by one',
      each((v, dtype) => (dtype === 'int32' && v > 2 ** 30 ? v - 1 : v))
    ),
    'agreement'
  ],
  [
    after(
      'truth values are any bits',
      each((v, dtype) => (dtype === 'bool' ? v * 255 : v))
    ),
    'agreement'
  ],
  [
    around('two inputs are exchanged', (run, { parameters }) => inputs => {
      const [x, y] = parameters
      const alike = x && y && sameShape(x.shape, y.shape) && x.dtype === y.dtype
      return run(alike ? [inputs[1]!, inputs[0]!, ...inputs.slice(2)] : inputs)
    }),
    'agreement'
  ],
  [
    around(
      'a result of the wrong shape',
      run => inputs =>
        run(inputs).map(x => (x.shape.length === 2 ? constant([...x.shape].reverse(), x.dtype, x.data) : x))
    ),
    'agreement'
  ],
  [
    around('a result too few', run => inputs => {
      const all = run(inputs)
      return all.length > 2 ? all.slice(1) : all
    }),
    'agreement'
  ],
  [
    around('the first inputs are remembered', run => {
      let known: readonly Constant[] | undefined
      return inputs => {
        known ??= run(inputs)
        return known
      }
    }),
    'agreement'
  ],
  [
    around('one buffer for all results', run => {
      const kept: Constant[] = []
      return inputs =>
        run(inputs).map((x, i) => {
          kept[i] ??= rewritten(x, () => undefined)
          kept[i]!.data.set(elements(x))
          return kept[i]!
        })
    }),
    'results'
  ],
  [
    around('works in its inputs', run => inputs => {
      const found = run(inputs)
      for (const { data } of inputs) if (data.length > 0) data[0] = 1 - data[0]!
      return found
    }),
    'inputs'
  ],
  [
    around('an accumulator that is not cleared', run => {
      let runs = 0
      return inputs => {
        runs++
        return run(inputs).map(x => (runs > 1 && isFloat(x) ? rewritten(x, data => data.fill(runs)) : x))
      }
    }),
    'repetition'
  ],
  [sharedState(), 'company']
]

const indexing: readonly Broken[] = [
  [
    evaluating('rows are cut to those that there are', [
      [
        takePrimitive as AnyPrimitive,
        evaluate =>
          ([table, indices], attributes, type) => {
            const clamped = rewritten(indices!, data => {
              for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(table!.shape[0]! - 1, data[i]!))
            })
            return evaluate([table!, clamped], attributes, type)
          }
      ]
    ]),
    'mistakes'
  ],
  [
    around('an error of its own', run => inputs => {
      try {
        return run(inputs)
      } catch {
        return []
      }
    }),
    'mistakes'
  ]
]

const allCaught = (broken: readonly Broken[], subjects: fc.Arbitrary<EngineCase>, runs: number): void => {
  test.each(broken.map(([engine, law]) => [engine.name, engine, law] as const))('%s', (_, engine, law) =>
    caught(ofEngine(engine)[law], subjects, runs)
  )
}
describe('every broken engine is caught within 150 programs', () => allCaught(results, enginePrograms, 150))
describe('every broken machine is caught within 100 programs', () => allCaught(machines, enginePrograms, 100))
describe('every mistake that is not made is caught within 30 programs', () => allCaught(indexing, indexingPrograms, 30))

describe('an engine that sums in another order, in float32, and whose functions are two places off', () => {
  const { mistakes, ...laws } = ofEngine(roundingOtherwise)
  test.each(Object.values(laws))('$name: $statement', law =>
    holds(law, enginePrograms, law.name === 'jit' ? 1500 : 100)
  )
  test('mistakes', () => holds(mistakes, indexingPrograms, 30))
})
