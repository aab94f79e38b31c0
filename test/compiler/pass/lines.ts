/** What passes make of functions, as lines of the printed program. */
import type { Pass } from '../../../src/compiler/pass/pass.js'
import { show, trace } from '../../../src/compiler/program.js'
import type { Dtype } from '../../../src/structure/dtype.js'
import type { Shape } from '../../../src/structure/shape.js'
import { type Tensor, uniform } from '../../../src/tensor/tensor.js'

export const zeros = (shape: Shape, dtype: Dtype = 'float32'): Tensor => uniform({ shape, dtype }, 0)

/** The equations, without types, and the results: `permute [1,0] x0`. */
export const lines =
  ({ run }: Pass) =>
  (f: (...xs: readonly Tensor[]) => Tensor | readonly Tensor[], ...inputs: readonly Tensor[]): readonly string[] =>
    show(run(trace(f)(...inputs)))
      .split('\n')
      .slice(1)
      .map(line => line.trim().replace(/^t\d+: [^=]*= /, ''))
