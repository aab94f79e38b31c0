/** The laws of all that training is made of beside layers, by namespace. */
import { derivativeLaws } from '../../laws/derivatives.js'
import * as scales from '../../laws/initializer-scales.js'
import * as initializers from '../../laws/initializers.js'
import * as fits from '../../laws/least-squares.js'
import * as metricWords from '../../laws/metric-functors.js'
import { table as metrics } from '../../laws/metric-table.js'
import { metricLaws, metrics as ofMetrics } from '../../laws/metrics.js'
import { losses, lossLaws, lossTable } from '../../laws/objectives.js'
import * as composed from '../../laws/optimizer-composition.js'
import * as optimizerTable from '../../laws/optimizer-table.js'
import * as updates from '../../laws/optimizer-updates.js'
import * as optimizers from '../../laws/optimizers.js'
import * as scheduleTable from '../../laws/schedule-table.js'
import * as schedules from '../../laws/schedules.js'
import { functionLaws } from '../../laws/transformations.js'
import * as Optimizer from '../../src/Optimizer.js'
import { every, type Family, total, trials, used } from './family.js'
import { ofDerivatives, ofTransformations, only } from './function-families.js'

const ownOfLosses = Object.values(losses)
const ofFunctions = (all: readonly { readonly name: string }[]) =>
  lossLaws.filter(({ name }) => all.some(law => law.name === name))
const lossRun = { test: 'laws/objectives.test.ts', runs: ['Object.entries(_.lossTable)', 'of _.lossLaws) holds('] }
export const lossFamilies: readonly Family[] = [
  {
    name: 'losses',
    about: 'least at the optimum, reductions, permutation of the batch, no broadcasting, finite derivatives',
    counts: every(lossTable, ownOfLosses),
    ...lossRun
  },
  { ...ofDerivatives, counts: every(lossTable, ofFunctions(derivativeLaws)), ...lossRun },
  {
    ...ofTransformations,
    about: '`vmap` and `jit` mean the same function',
    counts: every(lossTable, ofFunctions(functionLaws)),
    ...lossRun
  }
]

export const metricFamilies: readonly Family[] = [
  {
    name: 'metrics',
    about:
      'a commutative monoid, a homomorphism from batches, order of the examples, bounds, the best prediction, functors',
    counts: total(
      every(metrics, metricLaws),
      every(only('fold'), [ofMetrics.homomorphism]),
      every(only('map'), [ofMetrics.functor]),
      every(only('contramap'), [ofMetrics.contravariant])
    ),
    test: 'laws/metrics.test.ts',
    runs: ['Object.entries(table)', 'of metricLaws) holds(law, cases, ']
  },
  {
    name: 'functors',
    about: 'evaluation at once and in batches, functions of targets and of predictions, the fp-ts instances',
    counts: total(
      used(metricWords.words, words => trials(metricWords.metricWordLaws(words), metrics.mae)),
      every(only('URI'), [metricWords.instances(metricWords.words).tag])
    ),
    test: 'laws/metrics.test.ts',
    runs: ['of metricWordLaws())', 'Object.values(table)) holds(law, cases, ']
  }
]

const optimizerRun = { test: 'laws/optimizers.test.ts' }
export const optimizerFamilies: readonly Family[] = [
  {
    name: 'optimizers',
    about: 'updates like the gradients, states that keep their kind, purity, `vmap`, compiled steps, going downhill',
    counts: total(
      every(optimizerTable.table, [...optimizers.optimizerLaws, optimizers.compiledStep]),
      every({ ...optimizerTable.optimizers, ...optimizerTable.transformations }, [optimizers.descent])
    ),
    ...optimizerRun,
    runs: [
      'Object.entries(tables.table)',
      'of _.optimizerLaws) holds(',
      'holds(_.compiledStep, ',
      'Object.entries(tables.optimizers)',
      'Object.entries(tables.transformations)',
      'holds(_.descent, '
    ]
  },
  {
    name: 'chains',
    about: 'the monoid of `chain`, states included; factors; bounds',
    counts: total(
      used(optimizers.library, words => trials(optimizers.chainLaws(words), optimizerTable.chainCase)),
      every(only('Monoid'), optimizers.chainLaws()),
      every(only('scale'), [optimizers.scaling()]),
      every(only('clipByGlobalNorm'), [optimizers.clipping()])
    ),
    ...optimizerRun,
    runs: [
      'of _.chainLaws()) test(',
      'of _.chainLaws({ chain, identity: empty })) holds(',
      'holds(_.scaling(), ',
      'holds(_.clipping(), '
    ]
  },
  {
    name: 'wrappers',
    about: 'optimizers of optimizers: accumulation, partition, averages, looking ahead, sharpness',
    counts: used(
      {
        accumulate: composed.wrappers.accumulate,
        lookahead: composed.wrappers.lookahead,
        partition: composed.wrappers.partition,
        freeze: composed.wrappers.freeze,
        sam: composed.wrappers.sam,
        exponentialMovingAverage: composed.wrappers.exponentialMovingAverage,
        averaged: composed.wrappers.averaged,
        clipByNorm: composed.wrappers.clipByNorm,
        addDecayedWeights: composed.wrappers.addDecayedWeights
      } satisfies composed.Wrappers,
      words => trials(composed.wrapperLaws(words), optimizerTable.wrapperCase)
    ),
    ...optimizerRun,
    runs: ['of composition.wrapperLaws())', 'holds(law, tables.wrapperCase, ']
  },
  {
    name: 'updates',
    about: 'parameters are acted upon by sums of updates; a norm of all leaves as one vector',
    counts: used({ applyUpdates: updates.words.applyUpdates, globalNorm: updates.words.globalNorm }, words =>
      trials(updates.updateLaws(words), optimizerTable.updateCase)
    ),
    ...optimizerRun,
    runs: ['test.each(updates.updateLaws())(', 'holds(law, tables.updateCase, ']
  },
  {
    name: 'least squares',
    about:
      'the end is one and the same, what steps go along with, what is told of the parameters, `vmap`, compiled fits',
    counts: total(
      every(only('gaussNewton'), [
        ...fits.leastSquaresLaws(Optimizer.gaussNewton),
        fits.compiledFit(Optimizer.gaussNewton),
        fits.exactStep()
      ]),
      every(only('levenbergMarquardt'), [
        ...fits.leastSquaresLaws(Optimizer.levenbergMarquardt),
        fits.compiledFit(Optimizer.levenbergMarquardt),
        fits.shorterStep()
      ])
    ),
    test: 'laws/least-squares.test.ts',
    runs: [
      'test.each(_.leastSquaresLaws(method))(',
      'holds(_.compiledFit(method), ',
      'holds(_.exactStep(), ',
      'holds(_.shorterStep(), '
    ]
  }
]

const scheduleRun = { test: 'laws/schedules.test.ts' }
const { scale, add, mul, shift, hold, join } = schedules.composing
export const scheduleFamilies: readonly Family[] = [
  {
    name: 'schedules',
    about: 'scalars for scalars, precisions, bounds, purity, `vmap`, compiled schedules',
    counts: every(scheduleTable.table, [...schedules.scheduleLaws, schedules.compiledSchedule]),
    ...scheduleRun,
    runs: ['Object.entries(tables.table)', 'of _.scheduleLaws) holds(', 'holds(_.compiledSchedule, ']
  },
  {
    name: 'composition',
    about: 'the algebra of sums, products, shifts and joins',
    counts: used({ scale, add, mul, shift, hold, join }, words =>
      trials(schedules.compositionLaws(words), scheduleTable.compositionCase)
    ),
    ...scheduleRun,
    runs: ['of _.compositionLaws())', 'holds(law, tables.compositionCase, ']
  },
  {
    name: 'plateaus',
    about: 'when a rate falls, and when it does not',
    counts: every(only('reduceOnPlateau'), schedules.plateauLaws()),
    ...scheduleRun,
    runs: ['of _.plateauLaws()) test(', 'holds(law, tables.plateauCase, ']
  }
]

const initializerRun = { test: 'laws/initializers.test.ts' }
export const initializerFamilies: readonly Family[] = [
  {
    name: 'initializers',
    about: 'the shape and dtype that are asked for, the same draw from the same key, traced draws',
    counts: every(initializers.initializers, initializers.initializerLaws),
    ...initializerRun,
    runs: ['Object.entries(_.initializers)', 'of _.initializerLaws) holds(']
  },
  {
    name: 'distribution',
    about: 'numbers are drawn from the distribution that is told',
    counts: every(initializers.independent, initializers.distributionLaws),
    ...initializerRun,
    runs: ['Object.entries(_.independent)', 'of _.distributionLaws)']
  },
  {
    name: 'orthogonality',
    about: '`W Wᵀ = gain² 1`, and all such matrices equally likely',
    counts: every(only('orthogonal'), initializers.orthogonalLaws),
    ...initializerRun,
    runs: ['of _.orthogonalLaws)', '_.orthogonalCase(Initializer.orthogonal)']
  },
  {
    name: 'scales',
    about: 'what goes into each number and out of it, gains that keep squares, and the variances that they make',
    counts: used(scales.words, words => trials(scales.scaleLaws(words), scales.scaleCase)),
    ...initializerRun,
    runs: ['test.each(scaleLaws())', 'holds(law, scaleCase, ']
  }
]
