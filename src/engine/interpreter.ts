/** The definition of what a program means: its equations, evaluated in order. */
import type { Engine } from '../compiler/program.js'
import { callPrimitive } from '../control/call.js'
import type { Closed } from '../control/closed.js'
import { type Equation, type Many, reapply, type Tensor } from '../tensor/tensor.js'
import { evaluator } from '../transform/evaluate.js'
import { interpret } from '../transform/graph.js'
import { machineOf, type ResidentEngine } from './machine.js'

const isCall = ({ primitive }: Equation): boolean => primitive === callPrimitive

/**
 * The results with the bodies of calls in place of the calls. An equation is evaluated by itself here, so that its numbers do not depend on
 * what is around it; and the walk over a body is then done once, not in each call.
 */
const unfolded = (results: Many, seeds: ReadonlyMap<Tensor, Tensor>): Many =>
  interpret<Tensor>(results, seeds, {
    independent: x => x,
    equation: (e, inputs) => {
      if (!isCall(e)) return inputs.every((x, i) => x === e.inputs[i]) ? e.outputs : reapply(e, inputs)
      const body = e.attributes as Closed
      return unfolded(body.results, new Map(body.parameters.map((p, i) => [p, inputs[i]!])))
    }
  })

const compile: Engine['compile'] = ({ parameters, results }) =>
  evaluator(parameters, unfolded(results, new Map(parameters.map(p => [p, p]))))

export const interpreter: ResidentEngine = { name: 'interpreter', compile, machine: machineOf(compile) }
