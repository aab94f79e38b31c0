/** Losses: `loss(target)(prediction)`. */
export * from './objective/loss.js'
