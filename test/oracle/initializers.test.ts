import { initializers } from './table/initializers.js'
import { verify } from './verify.js'

verify(initializers)
