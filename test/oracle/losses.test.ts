import { losses } from './table/losses.js'
import { verify } from './verify.js'

verify(losses)
