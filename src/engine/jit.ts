/** `jit f = f`, traced once for each signature of its arguments and then run by an engine. */
import type { Task } from 'fp-ts/lib/Task.js'
import { type Engine, type Program, program } from '../compiler/program.js'
import { captured } from '../control/closed.js'
import type { Dtype } from '../structure/dtype.js'
import { type Shape, sameShape } from '../structure/shape.js'
import { type Constant, isConstant, isTensor, type Tensor } from '../tensor/tensor.js'
import { isTracing } from '../tensor/tracing.js'
import { leaves, refill } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import { defaultEngine } from './default.js'

/** The structure of a tree of tensors, with the types of its leaves. */
type Signature =
  | { readonly shape: Shape; readonly dtype: Dtype }
  | readonly Signature[]
  | { readonly names: readonly string[]; readonly fields: readonly Signature[] }

const signatureOf = (node: unknown): Signature => {
  if (isTensor(node)) return { shape: node.shape, dtype: node.dtype }
  if (Array.isArray(node)) return node.map(signatureOf)
  const fields = node as Readonly<Record<string, unknown>>
  const names = Object.keys(fields)
  return { names, fields: names.map(name => signatureOf(fields[name])) }
}
const isList = (signature: Signature): signature is readonly Signature[] => Array.isArray(signature)

/** Whether a tree has a signature; its leaves are added to `found` on the way. */
const fits = (signature: Signature, node: unknown, found: Tensor[]): boolean => {
  if (isList(signature)) {
    return (
      Array.isArray(node) &&
      node.length === signature.length &&
      signature.every((part, i) => fits(part, node[i], found))
    )
  }
  if ('dtype' in signature) {
    if (!isTensor(node) || node.dtype !== signature.dtype || !sameShape(node.shape, signature.shape)) return false
    found.push(node)
    return true
  }
  if (typeof node !== 'object' || node === null || isTensor(node) || Array.isArray(node)) return false
  const fields = node as Readonly<Record<string, unknown>>
  const { names } = signature
  if (Object.keys(fields).length !== names.length) return false
  for (let i = 0; i < names.length; i++)
    if (!(names[i]! in fields) || !fits(signature.fields[i]!, fields[names[i]!], found)) return false
  return true
}

interface Compiled<B> {
  readonly signature: Signature
  readonly result: B
  readonly run: (inputs: readonly Constant[]) => readonly Constant[]
}

interface Entry<B> {
  readonly program: Program
  readonly compiled: (run: Compiled<B>['run']) => Compiled<B>
}
/** Nothing where the function closes over unknowns of a function around it. */
const traced = <A extends readonly unknown[], B>(f: (...xs: A) => B, xs: A): Entry<B> | undefined => {
  const { variables, tree, roots } = trace('jit', (ys: A) => f(...ys), xs)
  if (isTracing() && captured(roots, variables).length > 0) return undefined
  return {
    program: program(variables, roots),
    compiled: run => ({ signature: signatureOf(xs), result: tree, run })
  }
}

/** Runs what is compiled for the signature of the arguments, or compiles; what was compiled before may be given. */
const dispatch = <A extends readonly unknown[], B>(
  f: (...xs: A) => B,
  engine: Engine,
  before: readonly Compiled<B>[]
): ((...xs: A) => B) => {
  // The one thing remembered between calls; it changes how long a call takes and nothing else.
  let cache = before
  return (...xs) => {
    for (const { signature, run, result } of cache) {
      const found: Tensor[] = []
      if (fits(signature, xs, found)) return found.every(isConstant) ? (refill(result, run(found)) as B) : f(...xs)
    }
    const given = leaves(xs, 'jit')
    if (!given.every(isConstant)) return f(...xs)
    const entry = traced(f, xs)
    // What is unknown around the call is unknown in its result too, and another in the next call.
    if (entry === undefined) return f(...xs)
    const compiled = entry.compiled(engine.compile(entry.program))
    cache = [...cache, compiled]
    return refill(compiled.result, compiled.run(given)) as B
  }
}

export interface JitOptions {
  /** What runs the function; the compiled engine unless given. */
  readonly engine?: Engine
}

/**
 * The same function, traced once for each signature (tree, shapes, dtypes) of its arguments and compiled by an engine: `jax.jit`.
 *
 * What the function does beside its result (printing, counting) happens while it is traced, not in each call.
 * On unknown arguments, or where it closes over some, inside another transformation, it is the function itself.
 * Results are those of the function up to rounding.
 *
 * @throws a Mistake if the compiled program needs more memory than there is
 *
 * @example
 * import { jit, pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * let traced = 0
 * const norm = jit((x: Tensor.Tensor<[3]>) => {
 *   traced++
 *   return pipe(x, Tensor.square, Tensor.sum(), Tensor.sqrt)
 * })
 * strictEqual(Tensor.item(norm(Tensor.tensor([2, 3, 6]))), 7)
 * strictEqual(Tensor.item(norm(Tensor.tensor([1, 4, 8]))), 9)
 * strictEqual(traced, 1)
 */
export const jit = <A extends readonly unknown[], B>(
  f: (...xs: A) => B,
  { engine = defaultEngine }: JitOptions = {}
): ((...xs: A) => B) => dispatch(f, engine, [])

/**
 * `jit`, compiled ahead for arguments like these without blocking: `jax.stages.Lowered.compile`. A page may not compile a large module at
 * once on its main thread.
 *
 * @example
 * import { precompile, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const double = await precompile((x: Tensor.Tensor<[]>) => Tensor.mul(2)(x))(Tensor.scalar(0))()
 * strictEqual(Tensor.item(double(Tensor.scalar(21))), 42)
 */
export const precompile =
  <A extends readonly unknown[], B>(f: (...xs: A) => B, { engine = defaultEngine }: JitOptions = {}) =>
  (...xs: A): Task<(...xs: A) => B> =>
  async () => {
    const entry = leaves(xs, 'jit').every(isConstant) ? traced(f, xs) : undefined
    if (entry === undefined) return f
    const { compileLater = (p: Program) => Promise.resolve(engine.compile(p)) } = engine
    return dispatch(f, engine, [entry.compiled(await compileLater(entry.program))])
  }
