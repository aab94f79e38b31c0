/**
 * The laws that this library keeps, as data, to be tried on one's own functions, layers, losses and optimizers.
 *
 * `check(law)(subjects)` tries one; with a test runner, `fc.assert(law.property(subjects))`.
 */
export * as Arbitrary from './arbitrary.js'
export type { Case } from './case.js'
export * as Closeness from './closeness.js'
export * as Composition from './composition.js'
export { controls } from './controls.js'
export * as Data from './data.js'
export * as Derivative from './derivatives.js'
export { domains, emptyDomains } from './domains.js'
export { type CheckOptions, check, contramap, type Law, law } from './law.js'
export { type LayerCase, layerCase, type Subject, smooth } from './layer-case.js'
export { layers } from './layer-table.js'
export * as Layer from './layers.js'
export * as Loop from './loops.js'
export * as Loss from './objectives.js'
export { table as optimizers } from './optimizer-table.js'
export * as Optimizer from './optimizers.js'
export { primitiveNames, primitives } from './primitives.js'
export { programs } from './programs.js'
export * as Random from './random.js'
export * as Training from './training.js'
export { trainingCase } from './training-case.js'
export * as Transformation from './transformations.js'
export * as Tree from './trees.js'
export { casesFor, casesOf, inFloat32, inInt32, onSpecials, onWholes } from './variants.js'
