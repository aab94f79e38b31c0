import { transforms } from './table/transforms.js'
import { verify } from './verify.js'

verify(transforms)
