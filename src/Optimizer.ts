/** Optimizers: transformations of gradients into updates, composed by `chain`. */
export * from './optimizer/accumulate.js'
export { type AdadeltaOptions, adadelta, type ScaleByAdadeltaOptions, scaleByAdadelta } from './optimizer/adadelta.js'
export { type AdagradOptions, adagrad, type ScaleByAdagradOptions, scaleByAdagrad } from './optimizer/adagrad.js'
export {
  type AdamOptions,
  type AdamWOptions,
  adam,
  adamW,
  type ScaleByAdamOptions,
  scaleByAdam
} from './optimizer/adam.js'
export { type AdamaxOptions, adamax, type ScaleByAdamaxOptions, scaleByAdamax } from './optimizer/adamax.js'
export * from './optimizer/average.js'
export * from './optimizer/clip.js'
export type { Fit } from './optimizer/fit.js'
export { freeze } from './optimizer/freeze.js'
export { type GaussNewtonOptions, gaussNewton } from './optimizer/gauss-newton.js'
export * from './optimizer/lamb.js'
export { type LbfgsOptions, type LbfgsState, lbfgs } from './optimizer/lbfgs.js'
export { type LevenbergMarquardtOptions, levenbergMarquardt } from './optimizer/levenberg-marquardt.js'
export { type LionOptions, lion, type ScaleByLionOptions, scaleByLion } from './optimizer/lion.js'
export * from './optimizer/lookahead.js'
export type { Betas } from './optimizer/moments.js'
export { type MomentumOptions, momentum } from './optimizer/momentum.js'
export { type NadamOptions, nadam, type ScaleByNadamOptions, scaleByNadam } from './optimizer/nadam.js'
export * from './optimizer/optimizer.js'
export * from './optimizer/partition.js'
export { type ScaleOnPlateauOptions, scaleOnPlateau as reduceOnPlateau } from './optimizer/plateau.js'
export { type RadamOptions, radam, type ScaleByRadamOptions, scaleByRadam } from './optimizer/radam.js'
export { type Rate, scale, scaleBySchedule } from './optimizer/rate.js'
export type { Residuals } from './optimizer/residuals.js'
export { type RmspropOptions, rmsprop, type ScaleByRmsOptions, scaleByRms } from './optimizer/rmsprop.js'
export * from './optimizer/sam.js'
export * from './optimizer/sgd.js'
export { addDecayedWeights, type WeightDecayOptions } from './optimizer/weight-decay.js'
