import { tensorOps } from './table/tensor_ops.js'
import { verify } from './verify.js'

verify(tensorOps)
