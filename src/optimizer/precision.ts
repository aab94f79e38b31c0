/** How exact the numbers beside parameters have to be. */
import * as Tree from '../operation/tree.js'
import { type Dtype, promote } from '../structure/dtype.js'

/** The floating dtype that holds all parameters: float64 if one is, float32 if none. */
export const precisionOf = (params: unknown): Dtype =>
  Tree.leaves(params).reduce<Dtype>((dtype, leaf) => promote(dtype, leaf.dtype), 'float32')
