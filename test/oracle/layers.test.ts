import { layers } from './table/layers.js'
import { verify } from './verify.js'

verify(layers)
