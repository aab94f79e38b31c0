import { schedulers } from './table/schedulers.js'
import { verify } from './verify.js'

verify(schedulers)
