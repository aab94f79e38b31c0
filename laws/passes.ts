/** What passes obey: a program means the same before and after, a second time changes nothing, and there is never more to do. */

import { fusedPrimitive } from '../src/compiler/fused.js'
import { prepare, simplified } from '../src/compiler/optimize.js'
import { expandProducts } from '../src/compiler/pass/expand-products.js'
import { foldConstants } from '../src/compiler/pass/fold-constants.js'
import { fuse } from '../src/compiler/pass/fuse.js'
import { joinPads } from '../src/compiler/pass/join-pads.js'
import { isView } from '../src/compiler/pass/kind.js'
import { layout } from '../src/compiler/pass/layout.js'
import { narrow } from '../src/compiler/pass/narrow.js'
import { everywhere, type Pass } from '../src/compiler/pass/pass.js'
import { share } from '../src/compiler/pass/share.js'
import { simplify } from '../src/compiler/pass/simplify.js'
import { type Engine, type Program, program, show, trace } from '../src/compiler/program.js'
import { interpreter } from '../src/engine/interpreter.js'
import type { Closed, Equation, Many } from '../src/tensor/tensor.js'
import { sameBits } from './closeness.js'
import type { EngineCase } from './engine-programs.js'
import { ofEngine } from './engines.js'
import { type Law, law } from './law.js'

/** A pass, and what it may change. */
export interface Promised {
  readonly pass: Pass
  /** Every bit stays, or numbers stay close. */
  readonly keeps: 'bits' | 'numbers'
  /** Whether there may be more equations than before. */
  readonly mayAdd: boolean
}

/** All passes by name; a test compares them with what the library defines. */
export const passes: { readonly [name: string]: Promised } = {
  foldConstants: { pass: foldConstants, keeps: 'bits', mayAdd: false },
  simplify: { pass: simplify, keeps: 'bits', mayAdd: false },
  narrow: { pass: narrow, keeps: 'bits', mayAdd: false },
  share: { pass: share, keeps: 'bits', mayAdd: false },
  layout: { pass: layout, keeps: 'bits', mayAdd: false },
  joinPads: { pass: joinPads, keeps: 'bits', mayAdd: false },
  fuse: { pass: fuse, keeps: 'bits', mayAdd: false },
  expandProducts: { pass: expandProducts, keeps: 'numbers', mayAdd: true }
}
/** What engines do with a program: passes one after the other, inside bodies too. */
export const wholes: { readonly [name: string]: Promised } = {
  simplified: {
    pass: { name: 'simplified', statement: 'all exact passes until nothing happens', run: simplified },
    keeps: 'bits',
    mayAdd: false
  },
  prepare: {
    pass: { name: 'prepare', statement: 'all passes', run: prepare },
    keeps: 'numbers',
    mayAdd: true
  }
}

/** How many equations there are, bodies of controls included: views cost nothing, and a cluster is one. */
export const work = (equations: readonly Equation[]): number => {
  let count = 0
  for (const { primitive, attributes } of equations) {
    if (isView(primitive)) continue
    count++
    if (primitive.kind !== 'control' || primitive.name === fusedPrimitive.name) continue
    for (const { parameters, results } of primitive.programs(attributes))
      count += work(program(parameters, results).equations)
  }
  return count
}

const same = (xs: Many, ys: Many): boolean => xs.length === ys.length && xs.every((x, i) => sameBits(x, ys[i]!))

/** Whether each cluster is one of the contract: it says what shapes its values have. */
const closedOnly = ({ parameters, equations, results }: Program): boolean => {
  const known = new Set<unknown>(parameters)
  const bodies: Closed[] = []
  for (const { inputs, outputs, primitive, attributes } of equations) {
    if (inputs.some(x => x.tag !== 'constant' && !known.has(x))) return false
    for (const x of outputs) known.add(x)
    if (primitive.kind === 'control') bodies.push(...primitive.programs(attributes))
  }
  return (
    results.every(x => x.tag === 'constant' || known.has(x)) &&
    bodies.every(b => closedOnly(program(b.parameters, b.results)))
  )
}

/** The laws of a pass, by name. */
export const ofPass = ({ pass, keeps, mayAdd }: Promised) => {
  const run = everywhere(pass.run)
  const engine: Engine = { name: pass.name, compile: p => interpreter.compile(run(p)) }
  const { agreement } = ofEngine(engine)
  return {
    meaning:
      keeps === 'numbers'
        ? law<EngineCase>('meaning', 'pass p ≈ p, at one point and at another', agreement.holds)
        : law<EngineCase>(
            'meaning',
            'pass p = p, at one point and at another, bit for bit',
            ({ f, inputs, others }) => {
              const before = trace(f)(inputs)
              const after = run(before)
              const [evaluate, again] = [interpreter.compile(before), interpreter.compile(after)]
              return [inputs, others].every(xs => same(evaluate(xs), again(xs)))
            }
          ),
    idempotence: law<EngineCase>('idempotence', 'pass (pass p) = pass p, as they print', ({ f, inputs }) => {
      const once = run(trace(f)(inputs))
      return show(run(once)) === show(once)
    }),
    size: law<EngineCase>(
      'size',
      'pass p has no more equations than p: views not counted, a cluster as one, bodies too',
      ({ f, inputs }) => {
        const before = trace(f)(inputs)
        return mayAdd || work(run(before).equations) <= work(before.equations)
      }
    ),
    form: law<EngineCase>(
      'form',
      'pass p has the parameters of p and reads nothing else; results have the types they had',
      ({ f, inputs }) => {
        const before = trace(f)(inputs)
        const after = run(before)
        return (
          closedOnly(after) &&
          after.parameters.length === before.parameters.length &&
          after.parameters.every((p, i) => p === before.parameters[i]) &&
          after.results.length === before.results.length &&
          after.results.every((x, i) => {
            const { dtype, shape } = before.results[i]!
            return (
              x.dtype === dtype &&
              x.shape.length === shape.length &&
              x.shape.every((extent, axis) => extent === shape[axis])
            )
          })
        )
      }
    )
  }
}
export const passLaws = (promised: Promised): readonly Law<EngineCase>[] => Object.values(ofPass(promised))
