/** The laws that layers pass. */
import fc from 'fast-check'
import { categoryLaws } from '../../laws/category.js'
import { arrowLaws, combinatorLaws, combining } from '../../laws/combinators.js'
import { chainOf, compositionLaws, library } from '../../laws/composition.js'
import { convolutionCase, convolutionLaws, library as convolving } from '../../laws/convolutions.js'
import { derivativeLaws } from '../../laws/derivatives.js'
import { layerCase } from '../../laws/layer-case.js'
import { fitting, keeping, sizes } from '../../laws/layer-parts.js'
import * as readings from '../../laws/layer-readings.js'
import { partReadingLaws } from '../../laws/layer-readings-parts.js'
import { layers } from '../../laws/layer-table.js'
import { functionLawsOfLayers, layerLaws } from '../../laws/layers.js'
import * as sharing from '../../laws/sharing.js'
import type { AnyLayer } from '../../src/layer/types.js'
import { every, type Family, renamed, total, trials, used } from './family.js'

const ownLaws = layerLaws.filter(law => !functionLawsOfLayers.includes(law))
const ofDerivatives = functionLawsOfLayers.filter(({ name }) =>
  derivativeLaws.some(law => name.startsWith(`${law.name}, in `))
)
const ofTransformations = functionLawsOfLayers.filter(law => !ofDerivatives.includes(law))
const table = { test: 'laws/layers.test.ts', runs: ['Object.entries(layers)', 'of _.layerLaws) holds('] }

const chains = chainOf(fc.integer({ min: 1, max: 3 }).chain(fitting))
const endless = chainOf(
  sizes.chain(features => fc.array(keeping(features), { minLength: 1, maxLength: 3 })) as fc.Arbitrary<
    readonly AnyLayer[]
  >
)
const any = fc.oneof(chains, endless)
const anyLayer = layerCase(fc.oneof(...Object.values(layers)))
const pairs = fc
  .oneof(...Object.values(layers).map(each => fc.tuple(each, each)))
  .map(([f, g]) => [f.layer, g.layer] as const)

/** What convolutions share; a layer and an operation are both that and the reading of their settings. */
const convolving1d2d3d = renamed(
  used(convolving, words => trials(convolutionLaws, convolutionCase(words))),
  { convolve: ['conv1d', 'conv2d', 'conv3d'], deconvolve: ['convTranspose1d', 'convTranspose2d'] }
)
export const convolutionFamily: Family = {
  name: 'convolutions',
  about: 'the definition, adjointness of the transpose, translations, groups, linearity in input and weight',
  counts: convolving1d2d3d,
  test: 'laws/convolutions.test.ts',
  runs: ['of _.convolutionLaws) test(', 'holds(law, _.convolutionCase(), ']
}

const names = (...all: readonly string[]) => Object.fromEntries(all.map(name => [name, name]))
export const layerFamilies: readonly Family[] = [
  {
    name: 'layers',
    about: 'purity, evaluation mode, declared shapes, drawing of parameters, lifting over leading axes',
    counts: every(layers, ownLaws),
    ...table
  },
  {
    name: 'derivatives',
    about: 'adjointness, central differences, chain rule, Jacobians, Hessians and so on, in training and in evaluation',
    counts: every(layers, ofDerivatives),
    ...table
  },
  {
    name: 'transformations',
    about: '`vmap` and `jit` mean the same function, in training and in evaluation',
    counts: every(layers, ofTransformations),
    ...table
  },
  {
    name: 'composition',
    about: 'associativity, identity, concatenation, drawing in order, residuals',
    counts: used(library, words => trials(compositionLaws(words), any)),
    test: 'laws/layers.test.ts',
    runs: ['of compositionLaws()) test(', 'holds(law, chains, ']
  },
  {
    name: 'combinators',
    about: 'what branches, copies, conditions and lifted layers are made of',
    counts: used(combining, words => trials(combinatorLaws(words), any)),
    test: 'laws/combinators.test.ts',
    runs: ['of combinatorLaws()) test(', 'holds(law, both, ']
  },
  {
    name: 'arrows',
    about: "the arrows' laws of pairs",
    counts: used(combining, words => trials(arrowLaws(words), chains)),
    test: 'laws/combinators.test.ts',
    runs: ['of arrowLaws()) test(', 'holds(law, chains, ']
  },
  {
    name: 'category',
    about: 'the laws of fp-ts, on the nose',
    counts: every(names('Category'), categoryLaws()),
    test: 'laws/combinators.test.ts',
    runs: ['of categoryLaws()) test(', 'holds(law, three, ']
  },
  {
    name: 'sharing',
    about: 'what is tied, held, mapped or drawn otherwise, and that all else stays',
    counts: total(
      every(names('tie'), sharing.tieLaws()),
      every(names('freeze'), [...sharing.freezeLaws(), ...sharing.freezeTrainingLaws()]),
      every(names('mapParameters'), sharing.mappingLaws()),
      every(names('initializedWith'), sharing.drawingLaws())
    ),
    test: 'laws/sharing.test.ts',
    runs: [
      'of _.tieLaws()) test(',
      'of _.freezeLaws()) test(',
      'of _.freezeTrainingLaws())',
      'of _.mappingLaws()) test(',
      'of _.drawingLaws()) test('
    ]
  },
  {
    name: 'readings',
    about:
      'what is read off a layer: parameters and their number, outputs, print and plain data, a whole from its parts',
    counts: total(
      used(readings.reading, words => [
        ...trials(readings.layerReadingLaws(words), anyLayer),
        ...trials(readings.apartLaws(words), pairs),
        ...trials(partReadingLaws(words), any),
        ...trials(readings.frozenReadingLaws(words), sharing.freezeCase),
        ...trials(readings.sharedReadingLaws(words), sharing.tieCase)
      ]),
      every(names('URI'), readings.tagLaws())
    ),
    test: 'laws/layer-readings.test.ts',
    runs: [
      'of _.layerReadingLaws()) test(',
      'of _.apartLaws()) test(',
      'of partReadingLaws()) test(',
      'of _.frozenReadingLaws()) test(',
      'of _.sharedReadingLaws()) test(',
      'of _.tagLaws()) test('
    ]
  },
  convolutionFamily,
  {
    name: 'sequences',
    about: 'causality, equivariance under order, continuation of a state, two directions as two layers',
    counts: total(
      every(names('rnn', 'gru', 'lstm', 'selfAttention', 'transformerEncoderLayer'), ['causality']),
      every(names('selfAttention', 'transformerEncoderLayer'), ['equivariance']),
      every(names('rnn', 'gru', 'lstm', 'carried'), ['continuation']),
      every(names('rnn', 'gru', 'lstm'), ['directions'])
    ),
    test: 'laws/sequences.test.ts',
    runs: [
      'holds(_.causality, _.sequenceCase(_.causalLayers)',
      'holds(_.equivariance, _.sequenceCase(_.orderlessLayers)',
      'holds(_.continuation, _.sequenceCase(_.continuing)',
      'holds(_.directions, _.bothWays'
    ]
  }
]
