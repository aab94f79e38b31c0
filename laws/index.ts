/**
 * The laws that this library keeps, as data, to be tried on one's own functions, layers, losses and optimizers.
 *
 * `check(law)(subjects)` tries one; with a test runner, `fc.assert(law.property(subjects))`.
 */
export * as Arbitrary from './arbitrary.js'
export * as Closeness from './closeness.js'
export { controls } from './controls.js'
export * as Derivative from './derivatives.js'
export { casesOf, domains } from './domains.js'
export { type CheckOptions, check, contramap, type Law, law } from './law.js'
export { primitiveNames, primitives } from './primitives.js'
export * as Random from './random.js'
export * as Transformation from './transformations.js'
export * as Tree from './trees.js'
