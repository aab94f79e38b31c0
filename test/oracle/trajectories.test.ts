import { trajectories } from './table/trajectories.js'
import { verify } from './verify.js'

verify(trajectories)
