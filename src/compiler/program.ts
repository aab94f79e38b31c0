/** A traced function as a list of equations. */
import {
  type Constant,
  type Control,
  type Equation,
  escaped,
  isConstant,
  type Many,
  type Tensor,
  type Variable
} from '../tensor/tensor.js'
import { trace as traceFunction } from '../transform/forward.js'
import { dependents } from '../transform/graph.js'

/** Parameters, what is computed of them in order, and the results. */
export interface Program {
  readonly parameters: readonly Variable[]
  /** Only what the results need, operands first: dead code never enters. */
  readonly equations: readonly Equation[]
  readonly results: Many
}

export const program = (parameters: readonly Variable[], results: Many): Program => ({
  parameters,
  results,
  equations: dependents(results, new Set<Tensor>(parameters))
})

/** Throws where an equation reads an unknown that is neither a parameter nor made by an equation before it; the error names the operation. */
export const checkClosed = ({ parameters, equations, results }: Program): void => {
  const known = new Set<Tensor>(parameters)
  const check = (reader: string) => (x: Tensor) => {
    if (!isConstant(x) && !known.has(x)) throw escaped(reader, x)
  }
  for (const { primitive, inputs, outputs } of equations) {
    inputs.forEach(check(primitive.name))
    for (const output of outputs) known.add(output)
  }
  results.forEach(check('the function'))
}

/**
 * A function as a program: its equations for arguments of these types; their values are not looked at. `jax.make_jaxpr`.
 *
 * @example
 * import { grad, pipe, Program, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => pipe(x, Tensor.sin, Tensor.mul(x))
 * strictEqual(
 *   Program.show(Program.trace(grad(f))(Tensor.scalar(1))),
 *   [
 *     '(x0: float32[]) =>',
 *     '  t0: float32[] = sin x0',
 *     '  t1: float32[] = cos x0',
 *     '  t2: float32[] = scale x0 t1',
 *     '  t3: float32[] = add t0 t2',
 *     '  t3'
 *   ].join('\n')
 * )
 */
export const trace =
  <A extends readonly unknown[], B>(f: (...xs: A) => B) =>
  (...xs: A): Program => {
    const { variables, roots } = traceFunction('Program.trace', (ys: A) => f(...ys), xs)
    return program(variables, roots)
  }

/** An engine turns a program into a function on known tensors. */
export interface Engine {
  readonly name: string
  readonly compile: (program: Program) => (inputs: readonly Constant[]) => readonly Constant[]
  /** The same without blocking, where that makes a difference. */
  readonly compileLater?: (program: Program) => Promise<(inputs: readonly Constant[]) => readonly Constant[]>
}

const showType = ({ dtype, shape }: Tensor): string => `${dtype}[${shape.join(',')}]`
const showAttributes = (attributes: unknown): string =>
  attributes === undefined
    ? ''
    : ` ${JSON.stringify(attributes, (key, value) => (key === 'shape' ? undefined : value))}`

const showControl = ({ show }: Control<unknown>, attributes: unknown): string =>
  show === undefined ? '' : ` ${show(attributes)}`

/**
 * One line an equation: results with their types, the primitive, its attributes and operands; programs inside are indented.
 *
 * @example
 * import { Program, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[2]>) => Tensor.exp(x)
 * strictEqual(Program.show(Program.trace(f)(Tensor.zeros([2]))), '(x0: float32[2]) =>\n  t0: float32[2] = exp x0\n  t0')
 */
export const show = ({ parameters, equations, results }: Program): string => {
  const names = new Map<Tensor, string>(parameters.map((p, i) => [p, `x${i}`]))
  equations.forEach((e, i) => {
    e.outputs.forEach((o, j) => {
      names.set(o, e.outputs.length > 1 ? `t${i}.${j}` : `t${i}`)
    })
  })
  const name = (x: Tensor): string =>
    names.get(x) ??
    (isConstant(x) ? (x.data.length === 1 ? String(+x.data[0]!.toPrecision(6)) : `constant ${showType(x)}`) : 'unknown')
  const line = ({ primitive, attributes, inputs, outputs }: Equation): string => {
    const left = outputs.map(o => `${name(o)}: ${showType(o)}`).join(', ')
    const right = [
      primitive.name + (primitive.kind === 'control' ? showControl(primitive, attributes) : showAttributes(attributes)),
      ...inputs.map(name)
    ].join(' ')
    const inner = primitive.kind === 'control' ? primitive.programs(attributes) : []
    const bodies = inner.map(({ parameters, results }) => show(program(parameters, results)).replace(/^/gm, '    '))
    return [`  ${left} = ${right}`, ...bodies].join('\n')
  }
  return [
    `(${parameters.map(p => `${name(p)}: ${showType(p)}`).join(', ')}) =>`,
    ...equations.map(line),
    `  ${results.map(name).join(', ')}`
  ].join('\n')
}
