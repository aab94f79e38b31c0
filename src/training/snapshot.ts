/** All there is to know of a training between two steps, as one immutable record. */
import type { OptimizerState } from '../optimizer/optimizer.js'
import type { Key } from '../random/key.js'

export interface Snapshot<P, B> {
  readonly params: P
  readonly buffers: B
  readonly optimizer: OptimizerState
  /** Steps taken so far. */
  readonly step: number
  /** Epochs finished so far. */
  readonly epoch: number
  /** What random layers and shuffles will be drawn from. */
  readonly key: Key
}

/** What a step tells beside its snapshot. */
export interface StepInfo {
  /** The loss of the step's batch, before the update. */
  readonly loss: number
}

/** One element of a history. */
export interface Epoch<P, B> {
  /** Counted from 1. */
  readonly epoch: number
  /** The loss on the training data, before the epoch's update (of several batches: their mean weighted by size, each before its own update; of a loss that is a sum, the mean of sums). */
  readonly trainLoss: number
  /** The loss on the validation data before the epoch's update; `undefined` without such data. */
  readonly validationLoss: number | undefined
  /** The smallest loss watched so far (on validation data where there is some), and how many epochs ago it was seen. */
  readonly best: number
  readonly sinceBest: number
  /** The snapshot after the epoch. */
  readonly state: Snapshot<P, B>
}

/** Inputs and targets of one step. */
export interface Batch<X, Y> {
  readonly x: X
  readonly y: Y
}
