/** The families of rows, in the order of the table. */
import type { Family } from '../harness/row.js'
import { family as adam } from './adam.js'
import { family as chapter } from './chapter.js'
import { family as cnn } from './cnn.js'
import { elementwise, softmax } from './elementwise.js'
import { family as growth } from './growth.js'
import { family as gru } from './gru.js'
import { family as hessian } from './hessian.js'
import { family as layerNorm } from './layer-norm.js'
import { family as mixture } from './mixture.js'
import { family as network } from './network.js'
import { family as products } from './products.js'
import { bundle, compiling, importing } from './start.js'

export const families: readonly Family[] = [
  chapter,
  network,
  cnn,
  products,
  elementwise,
  adam,
  softmax,
  mixture,
  hessian,
  layerNorm,
  gru,
  compiling,
  importing,
  bundle,
  growth
]
