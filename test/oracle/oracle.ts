/**
 * PyTorch's values: the cases of a file, and how near to them is near enough.
 *
 * A case has named tensors going in, named tensors coming out, and, for cotangents of some of the latter, what comes back to
 * the former. Its tolerance is |a − b| ≤ 1e-12 + rtol |b| with an rtol of 1e-9 unless it gives one of its own.
 */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'
import { Tensor, vjp } from '../../src/index.js'
import { atOnce, type Way } from './ways.js'

/** JSON has no infinities: they are words. Truth values count as 0 and 1. */
const element = new t.Type<number, number, unknown>(
  'Element',
  t.number.is,
  (value, context) =>
    typeof value === 'number' || typeof value === 'boolean' || value === 'Infinity' || value === '-Infinity'
      ? t.success(Number(value))
      : t.failure(value, context),
  t.identity
)
/** A number among the options, which may be infinite too. */
export const real: t.Type<number, number, unknown> = element

const flat = t.type({
  shape: t.readonlyArray(t.Int),
  data: t.readonlyArray(element),
  dtype: t.keyof({ float32: null, float64: null, int32: null, bool: null })
})
const typed = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array }
const tensor = new t.Type<Tensor.Tensor, unknown, unknown>(
  'Tensor',
  Tensor.isTensor,
  (value, context) =>
    pipe(
      flat.validate(value, context),
      E.chain(({ shape, data, dtype }) =>
        data.length === shape.reduce((product, extent) => product * extent, 1)
          ? t.success<Tensor.Tensor>(Tensor.fromData(shape, typed[dtype].from(data)))
          : t.failure(value, context, `${data.length} elements for shape [${shape.join(', ')}]`)
      )
    ),
  t.identity
)
const tensors = t.readonly(t.record(t.string, tensor))

/** Tensors by name. */
export type Named = t.TypeOf<typeof tensors>

/** None where rounding alone may part two correct programs. */
const rtolOrNone = t.union([t.number, t.null])
const oneCase = t.readonly(
  t.intersection([
    t.type({
      name: t.string,
      kind: t.string,
      options: t.UnknownRecord,
      inputs: tensors,
      params: tensors,
      cotangent: tensors,
      outputs: tensors,
      grads: tensors
    }),
    t.partial({
      buffers: tensors,
      kink: t.boolean,
      rtol: t.number,
      rtol_by_epoch: t.readonlyArray(rtolOrNone),
      grad_rtol: t.record(t.string, rtolOrNone)
    })
  ])
)
export type Case = t.TypeOf<typeof oneCase>

/** What the decoder says of a value, thrown where it is not what it should be: an oracle that cannot be read is a bug. */
export const decoded = <A>(decoder: t.Decoder<unknown, A>, value: unknown): A => {
  const validation = decoder.decode(value)
  if (E.isLeft(validation)) throw new Error(PathReporter.report(validation).slice(0, 5).join('\n'))
  return validation.right
}

/** Options of which none is left unread: one that is overlooked would be one that is not tested. */
export const optionsOf = <A extends object>(decoder: t.Decoder<unknown, A>, { name, options }: Case): A => {
  const read = decoded(decoder, options)
  const unread = Object.keys(options).filter(option => !(option in read))
  if (unread.length > 0) throw new Error(`${name}: options that nobody reads: ${unread.join(', ')}`)
  return read
}

/** The cases of a file. */
export const casesOf = (file: string): readonly Case[] =>
  decoded(t.readonlyArray(oneCase), JSON.parse(readFileSync(new URL(`./data/${file}.json`, import.meta.url), 'utf8')))

/** How far a value may be from the expected one. */
export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}
export const toleranceOf = ({ rtol = 1e-9 }: { readonly rtol?: number | undefined }): Tolerance => ({
  absolute: 1e-12,
  relative: rtol
})

/** Where a tensor is not the expected one: nothing, if it is. Zero is zero whatever its sign. */
export const differences =
  (what: string, { absolute, relative }: Tolerance) =>
  (expected: Tensor.Tensor | undefined) =>
  (actual: Tensor.Tensor | undefined): readonly string[] => {
    if (expected === undefined) return [`${what}: not in the oracle`]
    if (actual === undefined) return [`${what}: missing`]
    const [shown, wanted] = [actual, expected].map(x => `${Tensor.dtype(x)} [${Tensor.shape(x).join(', ')}]`)
    if (shown !== wanted) return [`${what}: ${shown} where ${wanted} is expected`]
    // Against an infinity every distance would be within the tolerance.
    const isNear = (x: number, y: number): boolean =>
      x === y || (Number.isFinite(y) && Math.abs(x - y) <= absolute + relative * Math.abs(y))
    const [a, b] = [Tensor.toData(actual), Tensor.toData(expected)]
    return Array.from(b, (y, i) => [i, a[i]!, y] as const)
      .filter(([, x, y]) => !isNear(x, y))
      .map(([i, x, y]) => `${what}[${i}]: ${x} where ${y} is expected (off by ${(x - y).toExponential(2)})`)
  }

/** The same for tensors by name, of which there must be the expected ones and no other. */
export const namedDifferences =
  (tolerance: Tolerance) =>
  (expected: Named) =>
  (actual: Named): readonly string[] =>
    [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap(name =>
      differences(name, tolerance)(expected[name])(actual[name])
    )

/** What a kind means in this library, given a case's options: a function from its inputs and parameters to its outputs. */
export type Meaning = (c: Case) => (given: Named) => Named

const prefixed = (prefix: string, named: Named): Named =>
  Object.fromEntries(Object.entries(named).map(([name, x]) => [`${prefix}${name}`, x]))

/** Where outputs, by themselves and under differentiation, and vector-Jacobian products differ from PyTorch's. */
export const checkMeaning = (meaning: Meaning, c: Case, { run }: Way = atOnce): readonly string[] => {
  const given: Named = { ...c.inputs, ...c.params }
  const program = meaning(c)
  const differentiated: Named = Object.fromEntries(Object.keys(c.grads).map(name => [name, given[name]!]))
  const derivatives = run((all: Named, point: Named) => {
    const [outputs, pullBack] = vjp((x: Named) => program({ ...all, ...x }))(point)
    const cotangent: Named = Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [name, c.cotangent[name] ?? Tensor.zerosLike(output)])
    )
    return [outputs, pullBack(cotangent)] as const
  })
  const [outputs, pulled] = derivatives(given, differentiated)
  const near = namedDifferences(toleranceOf(c))
  return [
    ...near(c.outputs)(run(program)(given)),
    ...near(prefixed('differentiated ', c.outputs))(prefixed('differentiated ', outputs)),
    ...near(prefixed('gradient of ', c.grads))(prefixed('gradient of ', pulled))
  ]
}

/** A meaning from the names of the operands, a decoder of the options, and a function; one tensor is the `output`. */
export const meaning =
  <N extends string, O extends object>(
    names: readonly N[],
    options: t.Decoder<unknown, O>,
    f: (options: O) => (operands: Readonly<Record<N, Tensor.Tensor>>) => Tensor.Tensor | Named
  ): Meaning =>
  c => {
    const apply = f(optionsOf(options, c))
    return given => {
      const unread = Object.keys(given).filter(name => !(names as readonly string[]).includes(name))
      const missing = names.filter(name => given[name] === undefined)
      if (unread.length + missing.length > 0)
        throw new Error(`${c.name}: unread operands [${unread.join(', ')}], missing operands [${missing.join(', ')}]`)
      const result = apply(given as Readonly<Record<N, Tensor.Tensor>>)
      return Tensor.isTensor(result) ? { output: result } : result
    }
  }

/** No options. */
export const none = t.strict({})

/** Of one operand and no options. */
export const unary = (f: (x: Tensor.Tensor) => Tensor.Tensor): Meaning =>
  meaning(
    ['input'],
    none,
    () =>
      ({ input }) =>
        f(input)
  )
