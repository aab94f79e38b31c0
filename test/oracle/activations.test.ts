import { activations } from './table/activations.js'
import { verify } from './verify.js'

verify(activations)
