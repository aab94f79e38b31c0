import { optimizers } from './table/optimizers.js'
import { verify } from './verify.js'

verify(optimizers)
