/** Training as a fold, and functions on its histories. */
export type { Batch, Epoch, Snapshot, StepInfo } from './training/snapshot.js'
export * from './training/stream.js'
export { type Configuration, type Data, make, type Source, type Trainer } from './training/training.js'
