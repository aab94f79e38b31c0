/** A process that starts workers and does not stop them. */
import { setTimeout } from 'node:timers/promises'
import { workers } from '../../../../src/engine/wasm/product/workers.js'
import { plainly, prepare } from './case.js'

const crew = workers(2, 16)!
const { run } = prepare(
  {
    dtype: 'float32',
    outer: [],
    m: 256,
    n: 100,
    k: 200,
    left: plainly(2),
    right: plainly(2),
    resultGap: 0,
    operands: [],
    fusedMultiplyAdd: false,
    inPlace: false
  },
  { team: crew, join: crew.join }
)
for (let time = 0; time < 20; time++) {
  run()
  await setTimeout(5)
}
console.log('done')
