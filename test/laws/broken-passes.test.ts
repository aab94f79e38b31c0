/** Passes that are wrong in a way somebody could have got wrong, and for each a law that sees it, whatever the seed. */
import { describe, test } from 'vitest'
import { passProgramsOf } from '../../laws/pass-programs.js'
import { ofPass, type Promised, passes } from '../../laws/passes.js'
import { type Fused, fusedPrimitive } from '../../src/compiler/fused.js'
import type { Run } from '../../src/compiler/pass/pass.js'
import { type Rewriting, rewrite } from '../../src/compiler/pass/rewrite.js'
import { type Program, program } from '../../src/compiler/program.js'
import { add, addPrimitive, mul, mulPrimitive, neg, sub, subPrimitive } from '../../src/primitive/arithmetic.js'
import { cast, castPrimitive } from '../../src/primitive/conversion.js'
import {
  broadcast,
  broadcastPrimitive,
  permute,
  permutePrimitive,
  reshape,
  reshapePrimitive,
  sum,
  sumPrimitive
} from '../../src/primitive/movement.js'
import { wherePrimitive } from '../../src/primitive/selection.js'
import { slice, slicePrimitive, type Window } from '../../src/primitive/window.js'
import { isFloat } from '../../src/structure/dtype.js'
import { type Shape, sameShape } from '../../src/structure/shape.js'
import {
  apply,
  applyControl,
  birth,
  type Equation,
  type FirstOrder,
  isConstant,
  isExpression,
  isUniform,
  type Many,
  reapply,
  type Tensor,
  variable,
  zeros
} from '../../src/tensor/tensor.js'
import { fails } from './verdict.js'

type Laws = ReturnType<typeof ofPass>
/** The law that sees it, on programs made of these operations, among which it is caught soonest. */
type Broken = readonly [name: string, run: Run, law: keyof Laws, operations: readonly string[]]

const is = (e: Equation, primitive: { readonly name: string }): boolean => e.primitive === primitive
const by =
  (rewriting: Rewriting): Run =>
  p =>
    rewrite(p, rewriting)
/** One primitive replaced where that can be. */
const replacing = (primitive: { readonly name: string }, f: (inputs: Many, e: Equation) => Tensor | undefined): Run =>
  by((e, inputs) => {
    const made = is(e, primitive) ? f(inputs, e) : undefined
    return made && [made]
  })
const madeBy = (primitive: { readonly name: string }, x: Tensor | undefined): Equation | undefined =>
  x !== undefined && isExpression(x) && is(x.equation, primitive) ? x.equation : undefined
const zeroIn = ([x, y]: Many): boolean => isUniform(x!, 0) || isUniform(y!, 0)

/** Equations with equal keys are taken to be the same. */
const sharing =
  (keyOf: (e: Equation, inputs: Many) => readonly unknown[]): Run =>
  p => {
    const seen: (readonly [readonly unknown[], Many])[] = []
    return rewrite(p, (e, inputs) => {
      const key = keyOf(e, inputs)
      const found = seen.find(
        ([other, outputs]) =>
          other.length === key.length &&
          other.every((part, i) => Object.is(part, key[i])) &&
          sameShape(outputs[0]!.shape, e.outputs[0]!.shape) &&
          outputs[0]!.dtype === e.outputs[0]!.dtype
      )
      if (found !== undefined) return found[1]
      const outputs = inputs === e.inputs ? e.outputs : reapply(e, inputs)
      seen.push([key, outputs])
      return outputs
    })
  }

/** Bodies of clusters with something done to their equations. */
const inClusters =
  (rewriting: Rewriting): Run =>
  p =>
    rewrite(passes['fuse']!.pass.run(p), (e, inputs) => {
      if (!is(e, fusedPrimitive)) return undefined
      const fused = e.attributes as Fused
      const body = rewrite(program(fused.body.parameters, fused.body.results), rewriting)
      return applyControl(fusedPrimitive, inputs, {
        ...fused,
        body: { parameters: body.parameters, results: body.results }
      })
    })
/** Equations of one shape as a cluster, whatever lies between them: what they read of each other by a detour is not there yet. */
const circular: Run = (p: Program) => {
  const chosen = p.equations.filter(e => e.primitive.kind !== 'control' && e.outputs[0]!.shape.length === 2)
  const [first, last] = [chosen[0], chosen[chosen.length - 1]]
  if (first === undefined || last === undefined || first === last) return p
  const parameters = [...first.inputs, ...last.inputs].filter(isExpression)
  const names = new Map<Tensor, Tensor>(parameters.map(x => [x, variable(x)]))
  const made = [first, last].map(e =>
    apply(
      e.primitive as FirstOrder,
      e.inputs.map(x => names.get(x) ?? x),
      e.attributes
    )
  )
  // The cluster stands where its first equation stood.
  return rewrite(p, e => (e === first ? [made[0]!] : e === last ? [made[1]!] : undefined))
}

const mirrored = (e: Equation): boolean => sameShape(e.inputs[0]!.shape, e.outputs[0]!.shape)

const broken: readonly Broken[] = [
  ['drops a term', replacing(addPrimitive, ([x]) => x), 'meaning', ['add', 'neg']],
  [
    'exchanges the operands of a difference',
    replacing(subPrimitive, ([x, y]) => sub(y!, x!)),
    'meaning',
    ['sub', 'subConstant']
  ],
  [
    'x · 0 → 0',
    replacing(mulPrimitive, (inputs, e) => (zeroIn(inputs) ? zeros(e.outputs[0]!) : undefined)),
    'meaning',
    ['mulConstant', 'neg', 'exp']
  ],
  [
    'x + 0 → x',
    replacing(addPrimitive, ([x, y]) => (isUniform(y!, 0) ? x : undefined)),
    'meaning',
    ['addConstant', 'neg']
  ],
  [
    'x − x → 0',
    replacing(subPrimitive, ([x, y], e) => (x === y ? zeros(e.outputs[0]!) : undefined)),
    'meaning',
    ['sub']
  ],
  [
    'a sum over axes of size 1 as a reshape',
    replacing(sumPrimitive, ([x], e) =>
      (e.attributes as Shape).every(axis => x!.shape[axis] === 1) ? reshape(e.outputs[0]!.shape)(x!) : undefined
    ),
    'meaning',
    ['sumOfOnes', 'row', 'neg']
  ],
  [
    '(x · a) · b → x · ab',
    replacing(mulPrimitive, ([x, y]) => {
      const [source, a] = madeBy(mulPrimitive, x)?.inputs ?? []
      return a?.tag === 'constant' && y!.tag === 'constant' && isFloat(y!) ? mul(source!, mul(a, y!)) : undefined
    }),
    'meaning',
    ['mulConstant']
  ],
  [
    'cancels any two conversions',
    replacing(castPrimitive, ([x], e) => {
      const inner = madeBy(castPrimitive, x)
      return inner && cast(e.outputs[0]!.dtype)(inner.inputs[0]!)
    }),
    'meaning',
    ['cast', 'mulConstant']
  ],
  [
    'forgets which branch',
    replacing(wherePrimitive, ([condition, x, y]) => apply(wherePrimitive, [condition!, y!, x!], undefined)),
    'meaning',
    ['where', 'whereNot', 'neg']
  ],
  [
    'permute ∘ permute in the wrong order',
    replacing(permutePrimitive, ([x], e) => {
      const inner = madeBy(permutePrimitive, x)
      if (inner === undefined) return undefined
      const [outer, before] = [e.attributes as Shape, inner.attributes as Shape]
      const made = permute(before.map(axis => outer[axis]!))(inner.inputs[0]!)
      return sameShape(made.shape, e.outputs[0]!.shape) ? made : undefined
    }),
    'meaning',
    ['permute', 'row', 'stretch']
  ],
  [
    'a slice of a slice from the wrong place',
    replacing(slicePrimitive, ([x], e) => {
      const inner = madeBy(slicePrimitive, x)
      return inner && slice(e.attributes as Window)(inner.inputs[0]!)
    }),
    'meaning',
    ['slice', 'repeat', 'neg']
  ],
  [
    'a permute that a broadcast makes needless',
    replacing(permutePrimitive, ([x], e) => (madeBy(broadcastPrimitive, x) && mirrored(e) ? x : undefined)),
    'meaning',
    ['repeat', 'transpose', 'stretch']
  ],
  [
    'folds whatever the folded axes are permuted to',
    replacing(sumPrimitive, ([x], e) => {
      const inner = madeBy(permutePrimitive, x)
      const made = inner && sum(e.attributes as Shape)(inner.inputs[0]!)
      return made && sameShape(made.shape, e.outputs[0]!.shape) ? made : undefined
    }),
    'meaning',
    ['transpose', 'sum']
  ],
  [
    'shares without looking at attributes',
    sharing((e, inputs) => [e.primitive, ...inputs]),
    'meaning',
    ['permute', 'sum']
  ],
  [
    'shares without looking at the order of operands',
    sharing((e, inputs) =>
      inputs.length === 2 && !inputs.some(isConstant) ? [e.primitive, ...inputs.map(birth).sort((a, b) => a - b)] : [e]
    ),
    'meaning',
    ['sub']
  ],
  [
    'lifts along the wrong axis',
    inClusters((e, inputs) => {
      const held = is(e, broadcastPrimitive) ? madeBy(reshapePrimitive, inputs[0])?.inputs[0] : undefined
      const { shape } = e.outputs[0]!
      const fits = held !== undefined && sameShape(held.shape, shape.slice(shape.length - held.shape.length))
      return fits ? [broadcast(shape)(held)] : undefined
    }),
    'meaning',
    ['lessMean', 'exp', 'repeat', 'stretch', 'row']
  ],
  [
    'folds the first axis in a cluster',
    inClusters((e, inputs) => {
      const made = is(e, sumPrimitive) && inputs[0]!.shape.length > 1 ? sum([0])(inputs[0]!) : undefined
      return made && sameShape(made.shape, e.outputs[0]!.shape) ? [made] : undefined
    }),
    'meaning',
    ['sum', 'exp', 'stretch', 'row']
  ],
  ['a cluster in a circle', circular, 'form', ['add', 'exp', 'sum', 'repeat']],
  [
    'what the next run undoes',
    replacing(addPrimitive, ([x, y]) => (x === y ? undefined : add(y!, x!))),
    'idempotence',
    ['add', 'exp']
  ],
  [
    'two equations for one',
    replacing(subPrimitive, ([x, y]) => (isFloat(x!) ? add(x!, neg(y!)) : undefined)),
    'size',
    ['sub']
  ]
]

describe('a pass that is wrong is caught', () => {
  test.each(broken)('%s', (name, run, law, operations) => {
    const promised: Promised = { pass: { name, statement: 'wrong', run }, keeps: 'bits', mayAdd: false }
    fails(ofPass(promised)[law], passProgramsOf(8, operations), 500)
  })
})
