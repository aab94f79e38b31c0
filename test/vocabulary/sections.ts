/** The namespaces of the vocabulary, with all that is said of what they export. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Library from '../../src/index.js'
import * as Transform from '../../src/Transform.js'
import { casesOf } from '../oracle/oracle.js'
import { suites } from '../oracle/suites.js'
import { commentsOf } from './comments.js'
import { documentOf, type Section } from './document.js'
import type { Family } from './family.js'
import * as functions from './function-families.js'
import { layerFamilies } from './layer-families.js'
import { oracleCounts } from './oracle-counts.js'
import * as training from './training-families.js'

const root = join(import.meta.dirname, '../..')
const commentsIn = commentsOf(file => readFileSync(file, 'utf8'))
const counted = oracleCounts(suites)

const section = (name: string, exported: object, given: readonly Family[], prefix = `${name}.`): Section => {
  const comments = commentsIn(join(root, 'src', `${name}.ts`))
  const names = Object.keys(exported)
  return {
    title: name,
    prefix,
    comments: new Map(names.map(each => [each, comments.get(each) ?? ''])),
    families: given,
    cases: new Map(names.map(each => [each, counted.get(`${name}.${each}`) ?? 0]))
  }
}

export const sections: readonly Section[] = [
  section('Layer', Library.Layer, layerFamilies),
  section('Tensor', Library.Tensor, functions.tensorFamilies),
  section('Loss', Library.Loss, training.lossFamilies),
  section('Metric', Library.Metric, training.metricFamilies),
  section('Optimizer', Library.Optimizer, training.optimizerFamilies),
  section('Schedule', Library.Schedule, training.scheduleFamilies),
  section('Initializer', Library.Initializer, training.initializerFamilies),
  section('Control', Library.Control, functions.controlFamilies),
  section('LinearAlgebra', Library.LinearAlgebra, functions.matrixFamilies),
  section('Random', Library.Random, functions.randomFamilies),
  // These are exported by the root as they are.
  section('Transform', Transform, functions.transformFamilies, ''),
  section('Tree', Library.Tree, functions.treeFamilies)
]

export const file = join(root, 'VOCABULARY.md')
/** What the file should hold. */
export const vocabulary = (): string =>
  documentOf(
    sections,
    suites.reduce((total, suite) => total + casesOf(suite.file).length, 0)
  )
