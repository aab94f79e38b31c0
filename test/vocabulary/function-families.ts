/** The laws that functions pass, by namespace: those of tensors, control, matrices, randomness, trees, and those of functions. */
import { aheadLaws } from '../../laws/ahead.js'
import { keys, tree } from '../../laws/arbitrary.js'
import { controls, unboundedControls } from '../../laws/controls.js'
import { derivativeLaws } from '../../laws/derivatives.js'
import * as first from '../../laws/first-derivatives.js'
import { forwardDerivatives, forwardLaws } from '../../laws/forward-derivatives.js'
import { higherDerivatives } from '../../laws/higher-derivatives.js'
import { matrixCases, matrixFunctions, matrixLaws } from '../../laws/linear-algebra.js'
import { words as looping, loopLaws, loops } from '../../laws/loops.js'
import * as operations from '../../laws/operations.js'
import { words as drawing, randomLaws } from '../../laws/random.js'
import { readingLaws } from '../../laws/readings.js'
import * as transformations from '../../laws/transformations.js'
import { treeLaws, words as trees } from '../../laws/trees.js'
import { casesFor } from '../../laws/variants.js'
import * as Library from '../../src/index.js'
import * as Transform from '../../src/Transform.js'
import { every, type Family, renamed, total, trials, used } from './family.js'
import { convolutionFamily } from './layer-families.js'

const { commutingLaws, functionLaws } = transformations
export const ofDerivatives = {
  name: 'derivatives',
  about: 'adjointness, central differences, chain rule, Jacobians, Hessians and so on'
}
export const ofTransformations = {
  name: 'transformations',
  about: '`vmap` and `jit` mean the same function, and commute with derivatives'
}
export const only = (...names: readonly string[]) => Object.fromEntries(names.map(name => [name, name]))

const tensorRun = { test: 'laws/operations.test.ts' }
export const tensorFamilies: readonly Family[] = [
  {
    ...ofDerivatives,
    counts: every(operations.differentiable, derivativeLaws),
    ...tensorRun,
    runs: ['Object.entries(_.differentiable)', 'of _.differentiableLaws) holds(']
  },
  {
    ...ofTransformations,
    counts: total(every(operations.operations, functionLaws), every(operations.differentiable, commutingLaws)),
    ...tensorRun,
    runs: ['Object.entries(_.operations)', 'of _.operationLaws) holds(', 'of _.differentiableLaws) holds(']
  },
  {
    name: 'readings',
    about: 'what makes tensors of numbers, and what is read off them: there and back nothing changes',
    counts: total(...readingLaws().map(({ about }) => every(only(...about), ['one']))),
    ...tensorRun,
    runs: ['test.each(readingLaws())(', 'holds(law, tensors, ']
  },
  convolutionFamily
]

const named = (table: object, namespace: object) =>
  Object.fromEntries(Object.entries(table).filter(([name]) => name in namespace))
const ofControl = named(controls, Library.Control)
const unboundedControl = named(unboundedControls, Library.Control)
const controlRun = { test: 'laws/controls.test.ts' }
export const controlFamilies: readonly Family[] = [
  {
    ...ofDerivatives,
    about: `${ofDerivatives.about}; of \`whileLoop\` those that are taken forwards`,
    counts: total(every(ofControl, derivativeLaws), every(unboundedControl, forwardLaws)),
    ...controlRun,
    runs: ['[...derivativeLaws, ...commutingLaws]', '[...forwardLaws]', 'controls[name]', 'unboundedControls[name]']
  },
  {
    ...ofTransformations,
    counts: total(every({ ...ofControl, ...unboundedControl }, functionLaws), every(ofControl, commutingLaws)),
    ...controlRun,
    runs: ['[...functionLaws]', '[...derivativeLaws, ...commutingLaws]', 'controls[name]', 'unboundedControls[name]']
  },
  {
    name: 'loops',
    about: 'loops and choices mean those of the language',
    counts: used(looping, words => trials(loopLaws(words), loops)),
    ...controlRun,
    runs: ['loopLaws(words)', 'holds(law, loops, ']
  }
]

const matrixRun = { test: 'laws/linear-algebra.test.ts' }
const functionsRun = ['[...derivativeLaws, ...functionLaws, ...commutingLaws]', 'matrixFunctions[name]']
export const matrixFamilies: readonly Family[] = [
  {
    name: 'matrices',
    about: 'factors multiply to the matrix, orthonormality, triangles, systems, determinants, leading axes',
    counts: used({ ...Library.LinearAlgebra }, words => trials(matrixLaws(words), matrixCases)),
    ...matrixRun,
    runs: ['test.each(matrixLaws(_))', 'holds(law, matrixCases, ']
  },
  { ...ofDerivatives, counts: every(matrixFunctions, derivativeLaws), ...matrixRun, runs: functionsRun },
  {
    ...ofTransformations,
    counts: every(matrixFunctions, [...functionLaws, ...commutingLaws]),
    ...matrixRun,
    runs: functionsRun
  }
]

export const randomFamilies: readonly Family[] = [
  {
    name: 'randomness',
    about: 'same key, same draw; seeds; independence; draws in a row; moments, bounds and distributions; traced draws',
    counts: renamed(
      used(drawing, words => trials(randomLaws(words), keys)),
      { uniformFloat32: ['uniform'], words: [] }
    ),
    test: 'laws/random.test.ts',
    runs: ['randomLaws()', 'holds(law, keys, ']
  }
]

/** What no derivative can do without: a function at a point, of two operands and linear in each. */
const product = casesFor('mul')
export const transformFamilies: readonly Family[] = [
  {
    name: 'derivatives',
    about:
      'what each says of the others, on all primitives; the same laws are tried on controls, operations, layers and losses',
    counts: used(first.words, words =>
      trials(
        [
          first.firstDerivatives(words),
          higherDerivatives(words),
          first.linearMaps(words),
          first.products(words),
          forwardDerivatives(words),
          first.besides(words)
        ].flatMap(laws => Object.values(laws)),
        product
      )
    ),
    test: 'laws/primitives.test.ts',
    runs: [
      '...derivatives.derivativeLaws, ',
      'derivatives.linearLaws',
      'derivatives.productLaws',
      'derivatives.besideLaws'
    ]
  },
  {
    name: 'functions',
    about: 'what is made of a function obeys all laws of derivatives and transformations',
    counts: every(named(controls, Transform), [...derivativeLaws, ...functionLaws, ...commutingLaws]),
    ...controlRun,
    runs: ['[...functionLaws]', '[...derivativeLaws, ...commutingLaws]', 'controls[name]']
  },
  {
    name: 'transformations',
    about: 'that they mean the same function and commute, on all primitives and so on',
    counts: renamed(
      used(transformations.words, words =>
        trials(
          [transformations.ofFunctions(words), transformations.ofDifferentiable(words)].flatMap(laws =>
            Object.values(laws)
          ),
          product
        )
      ),
      { evaluate: [] }
    ),
    test: 'laws/primitives.test.ts',
    runs: ['each(functionLaws, primitiveNames', '...commutingLaws']
  },
  {
    name: 'ahead',
    about: 'what is compiled ahead is the function, and is traced no more when it is called',
    counts: every(only('precompile'), aheadLaws),
    test: 'laws/ahead.test.ts',
    runs: ['test.each(aheadLaws)', 'holds(law, await ahead(precompile, engine), ']
  }
]

export const treeFamilies: readonly Family[] = [
  {
    name: 'trees',
    about: 'functor, traversal, lenses of paths, precisions, vector space',
    counts: used(trees, words => trials(treeLaws(words), tree)),
    test: 'laws/trees.test.ts',
    runs: ['test.each(treeLaws())', 'holds(law, tree, ']
  }
]
