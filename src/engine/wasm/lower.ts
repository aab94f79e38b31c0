/**
 * From equations to steps: what only moves elements about becomes a view, everything else a kernel, a loop or a branch.
 *
 * Every primitive has a rule here or is an error that names it: nothing falls back to the interpreter.
 */
import type { Fused } from '../../compiler/fused.js'
import { isFold } from '../../compiler/pass/kind.js'
import { program } from '../../compiler/program.js'
import type { Closed } from '../../control/closed.js'
import type { Transposed } from '../../primitive/contraction.js'
import type { Window } from '../../primitive/window.js'
import type { Overlap, Windows } from '../../primitive/windows.js'
import { mistake } from '../../structure/mistake.js'
import type { Shape } from '../../structure/shape.js'
import {
  apply,
  type Equation,
  escaped,
  isConstant,
  type Many,
  type Tensor,
  type Type,
  variable
} from '../../tensor/tensor.js'
import { type Builder, copyInto, dense, room } from './builder.js'
import { branch, loop, loopWhile } from './flow.js'
import { factors, fusedKernel, indexing, indexingKernel, overlapAddKernel, productKernel, zeroFill } from './kernels.js'
import { overwritingLast, type Succession } from './order.js'
import { broadcastView, permuteView, reshapeView, reverseView, sliceView, type View, windowsView } from './view.js'

/** What takes the place of what, told about the parameters and results of a body. */
type Inside = (body: Closed) => readonly Succession[]
type Rule<A> = (
  to: Builder,
  inputs: readonly View[],
  attributes: A,
  types: readonly Type[],
  inside: Inside
) => readonly View[]
/** A rule stands beside the name of the primitive whose attributes it knows; a primitive referred to here would be in every bundle. */
type Entry = readonly [name: string, Rule<unknown>]
const rule = <A>(primitive: string, f: Rule<A>): Entry => [primitive, f as Rule<unknown>]
const viewing = <A>(f: (x: View, attributes: A) => View): Rule<A> => {
  return (_, [x], attributes) => [f(x!, attributes)]
}

const views: readonly Entry[] = [
  rule(
    'stopGradient',
    viewing(x => x)
  ),
  rule<Shape>('reshape', (to, [x], shape) => [reshapeView(shape, x!) ?? reshapeView(shape, dense(to, x!))!]),
  rule(
    'permute',
    viewing((x, axes: readonly number[]) => permuteView(axes, x))
  ),
  rule(
    'broadcast',
    viewing((x, shape: Shape) => broadcastView(shape, x))
  ),
  rule(
    'slice',
    viewing((x, window: Window) => sliceView(window, x))
  ),
  rule(
    'reverse',
    viewing((x, axes: readonly number[]) => reverseView(axes, x))
  ),
  rule(
    'windows',
    viewing((x, along: Windows) => windowsView(along, x))
  )
]
/** Where one operand of a concatenation goes. */
const partAt = (whole: View, axis: number, before: number, { shape }: Type): View =>
  sliceView({ start: shape.map((_, i) => (i === axis ? before : 0)), step: shape.map(() => 1), shape }, whole)

const kernels: readonly Entry[] = [
  rule<Fused>('fused', fusedKernel),
  rule<Transposed>('matmul', (to, [x, y], transposed, [type]) => [
    productKernel(to, ...factors(x!, y!, transposed), type!)
  ]),
  rule<Window>('pad', (to, [x], { start, step }, [type]) => {
    const whole = zeroFill(to, type!)
    copyInto(to, x!, sliceView({ start, step, shape: x!.shape }, whole))
    return [whole]
  }),
  rule<number>('concat', (to, inputs, axis, [type]) => {
    const whole = room(to, type!)
    inputs.reduce((before, x) => {
      copyInto(to, x, partAt(whole, axis, before, x))
      return before + x.shape[axis]!
    }, 0)
    return [whole]
  }),
  rule<Overlap>('overlapAdd', overlapAddKernel),
  rule('take', indexingKernel('take', indexing.take)),
  rule('scatterAdd', indexingKernel('scatterAdd', indexing.scatterAdd)),
  rule('cumsum', indexingKernel('cumsum', indexing.cumsum)),
  rule('argsort', indexingKernel('argsort', indexing.argsort)),
  rule('argmax', indexingKernel('argmax', indexing.argmax)),
  rule('argmin', indexingKernel('argmin', indexing.argmin))
]
const controls: readonly Entry[] = [
  rule<Closed>('checkpoint', (to, inputs, body, outputs, inside) => {
    body.results.forEach((result, i) => {
      if (to.lasting.has(outputs[i]! as Tensor)) to.lasting.add(result)
    })
    return lowerBlock(to, body, inputs, inside(body))
  }),
  rule<{ readonly body: Closed }>('customJvp', (to, inputs, { body }) =>
    lowerBlock(to, body, inputs.slice(0, body.parameters.length))
  ),
  rule('cond', branch(lowerInner)),
  rule('scan', loop(lowerInner)),
  rule('whileLoop', loopWhile(lowerInner))
]
const rules: ReadonlyMap<string, Rule<unknown>> = new Map([...views, ...kernels, ...controls])
const viewNames: ReadonlySet<string> = new Set(views.map(([name]) => name))

/** An element-wise equation or a reduction that no pass has put into a cluster, as a cluster of one. */
const alone = ({ primitive, inputs, attributes }: Equation): Fused | undefined => {
  if (primitive.kind === 'control') return undefined
  const parameters = inputs.map(variable)
  return {
    form: 'nest',
    body: { parameters, results: [apply(primitive, parameters, attributes)] },
    space: inputs[0]!.shape,
    folded: isFold(primitive) ? (attributes as readonly number[]) : []
  }
}

const lowerEquation = (
  to: Builder,
  equation: Equation,
  inputs: readonly View[],
  successions: readonly Succession[]
): readonly View[] => {
  const { primitive, attributes, outputs } = equation
  const found = rules.get(primitive.name)
  if (found) {
    return found(to, inputs, attributes, outputs, ({ parameters, results }) =>
      successions.flatMap(([before, after]): readonly Succession[] => {
        const [parameter, result] = [equation.inputs.indexOf(before), (outputs as Many).indexOf(after)]
        return parameter < 0 || result < 0 ? [] : [[parameters[parameter]!, results[result]!]]
      })
    )
  }
  const fused = alone(equation)
  if (fused) return fusedKernel(to, inputs, fused, outputs)
  throw mistake('InvalidArgument', 'jit', `the WebAssembly engine has no rule for ${primitive.name}`)
}

/** The results of a block whose parameters are given as views. Of successions each `after` is made as late as possible. */
export function lowerBlock(
  to: Builder,
  { parameters, results }: Closed,
  given: readonly View[],
  successions: readonly Succession[] = []
): readonly View[] {
  const known = new Map<Tensor, View>(parameters.map((p, i) => [p, given[i]!]))
  const viewOf = (x: Tensor, reader: string): View => {
    const found = known.get(x)
    if (found) return found
    if (isConstant(x)) return to.stored(x)
    throw escaped(reader, x)
  }
  const { equations } = program(parameters, results as Many)
  for (const e of overwritingLast(equations, successions, x => viewNames.has(x.primitive.name))) {
    const made = lowerEquation(
      to,
      e,
      e.inputs.map(x => viewOf(x, e.primitive.name)),
      successions
    )
    e.outputs.forEach((output, i) => {
      known.set(output, made[i]!)
    })
  }
  return results.map(x => viewOf(x, 'the function'))
}
function lowerInner(
  to: Builder,
  body: Closed,
  given: readonly View[],
  successions?: readonly Succession[]
): readonly View[] {
  return lowerBlock(to, body, given, successions)
}
