/** The laws of clusters, and passes that break them. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { real } from '../../laws/arbitrary.js'
import { clusterLaws, ofClustering } from '../../laws/clusters.js'
import { type EngineCase, enginePrograms } from '../../laws/engine-programs.js'
import type { Law } from '../../laws/law.js'
import { passPrograms } from '../../laws/pass-programs.js'
import { ofPass } from '../../laws/passes.js'
import { type Fused, fusedPrimitive } from '../../src/compiler/fused.js'
import { prepare } from '../../src/compiler/optimize.js'
import { fuse } from '../../src/compiler/pass/fuse.js'
import type { Run } from '../../src/compiler/pass/pass.js'
import { rewrite } from '../../src/compiler/pass/rewrite.js'
import { type Program, program } from '../../src/compiler/program.js'
import { add, addPrimitive, mul, sub } from '../../src/primitive/arithmetic.js'
import { matmul } from '../../src/primitive/contraction.js'
import { exp, sin } from '../../src/primitive/elementary.js'
import { amax, maximum, maximumPrimitive } from '../../src/primitive/extremum.js'
import { broadcast, reshape, reshapePrimitive, sum, sumPrimitive } from '../../src/primitive/movement.js'
import { applyControl, type Constant, type Many, type Primitive, type Tensor } from '../../src/tensor/tensor.js'
import { fails, holds } from './verdict.js'

describe.each([
  ['fuse', fuse.run],
  ['prepare', prepare]
] as const)('%s', (_, run) => {
  test.each(clusterLaws(run))('$name: $statement', law => {
    holds(law, passPrograms, 400)
    holds(law, enginePrograms, 100)
  })
})

/** A function of matrices as a program. */
const subjects = (f: (xs: Many) => Many): fc.Arbitrary<EngineCase> =>
  fc.tuple(fc.tuple(real([3, 3]), real([3, 3])), fc.tuple(real([3, 3]), real([3, 3]))).map(([inputs, others]) => ({
    f,
    inputs: inputs as readonly Constant[],
    others: others as readonly Constant[],
    about: () => 'matrices'
  }))
const spread = (x: Tensor): Tensor => broadcast([3, 3])(reshape([3, 1])(x))
const softmax = subjects(([x]) => {
  const weights = exp(sub(x!, spread(amax([1])(x!))))
  return [mul(weights, spread(sum([1])(weights)))]
})
const layer = subjects(([x, w]) => [maximum(add(matmul({ left: false, right: true })(x!, w!), x!), 0)])
const sums = subjects(([x, y]) => [sum([0])(mul(sin(x!), y!)), sum([1])(mul(sin(x!), y!))])

const pair = subjects(([x, y]) => [sin(x!), mul(sin(x!), y!)])

/** The right clusters, with something done to each. */
const changed =
  (change: (fused: Fused) => Fused): Run =>
  p =>
    rewrite(fuse.run(p), ({ primitive, attributes }, inputs) =>
      primitive === (fusedPrimitive as Primitive)
        ? applyControl(fusedPrimitive, inputs, change(attributes as Fused))
        : undefined
    )
const turnedRound = ({ body: { parameters, results }, ...rest }: Fused): Fused => ({
  ...rest,
  body: { parameters: [parameters[1]!, parameters[0]!, ...parameters.slice(2)], results }
})
const exchanged = ({ body: { parameters, results }, ...rest }: Fused): Fused => ({
  ...rest,
  body: { parameters, results: [...results].reverse() }
})
/** One more equation by itself. */
const withLast = ({ parameters, results }: Program): Program =>
  program(
    parameters,
    results.map(x => mul(x, x))
  )
/** The right bodies, with other equations of one primitive. */
const withOther = (other: { readonly name: string }, made: (inputs: Many) => Tensor): Run =>
  changed(fused => {
    const { parameters, results } = rewrite(program(fused.body.parameters, fused.body.results), (e, inputs) =>
      e.primitive === (other as Primitive) ? [made(inputs)] : undefined
    )
    return { ...fused, body: { parameters, results } }
  })
const formsOf = (run: Run): Law<EngineCase> => ofClustering(run).forms
const wholeOf = (run: Run): Law<EngineCase> => ofClustering(run).whole
const meaningOf = (run: Run): Law<EngineCase> =>
  ofPass({ pass: { name: 'wrong', statement: 'wrong', run }, keeps: 'bits', mayAdd: false }).meaning

const alongColumns = withOther(reshapePrimitive, ([x]) => reshape([1, 3])(x!))
const broken: readonly (readonly [string, Law<EngineCase>, fc.Arbitrary<EngineCase>])[] = [
  ['nothing is fused', wholeOf(p => p), softmax],
  ['the last equation stays outside', wholeOf(p => withLast(fuse.run(p))), softmax],
  ['what is held is lifted along another axis: its meaning', meaningOf(alongColumns), softmax],
  ['what is held is lifted along another axis: its form', formsOf(alongColumns), softmax],
  ['a row is repeated, not lifted', formsOf(withOther(reshapePrimitive, ([x]) => broadcast([3, 3])(x!))), softmax],
  ['another axis is folded', formsOf(withOther(sumPrimitive, ([x]) => sum([0])(x!))), softmax],
  ['folded axes are not told', formsOf(changed(fused => ({ ...fused, folded: [] }))), softmax],
  ['the space is another', formsOf(changed(fused => ({ ...fused, space: [9] }))), softmax],
  ['a product is called a nest', formsOf(changed(fused => ({ ...fused, form: 'nest' }))), layer],
  ['a nest is called a product', formsOf(changed(fused => ({ ...fused, form: 'product' }))), sums],
  ['a product does what is not cheap', formsOf(withOther(maximumPrimitive, ([x]) => exp(x!))), layer],
  ['a product with another order of operands', formsOf(changed(turnedRound)), layer],
  ['a term is dropped', meaningOf(withOther(addPrimitive, ([x]) => x!)), layer],
  ['a result in place of another', meaningOf(changed(exchanged)), pair]
]

describe('broken passes', () => {
  test.each(broken)('%s', (_, law, subjects) => {
    fails(law, subjects)
  })
})
