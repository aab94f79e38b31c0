/** Operations on tensors by PyTorch's names and keyword arguments. */
import * as t from 'io-ts'
import { pipe, Tensor } from '../../../src/index.js'
import { type Meaning, meaning, type Named, none, optionsOf, real, unary } from '../oracle.js'
import { functions } from '../suite.js'

type Operand = Tensor.Tensor
const binary = (f: (other: Operand) => (input: Operand) => Operand): Meaning =>
  meaning(
    ['input', 'other'],
    none,
    () =>
      ({ input, other }) =>
        f(other)(input)
  )

/** Operands `x0`, `x1`, and so on, in this order. */
const several =
  <O extends object>(options: t.Decoder<unknown, O>, f: (options: O) => (xs: readonly Operand[]) => Operand): Meaning =>
  c => {
    const apply = f(optionsOf(options, c))
    return given => ({ output: apply(Object.keys(given).map((_, i) => given[`x${i}`]!)) })
  }

const one = <P extends t.Props>(
  props: P,
  f: (options: t.TypeOf<t.ExactC<t.TypeC<P>>>) => (input: Operand) => Operand | Named
) =>
  meaning(
    ['input'],
    t.strict(props),
    options =>
      ({ input }) =>
        f(options)(input)
  )

const axes = t.readonlyArray(t.number)
const folded = { dim: t.union([t.null, t.number, axes]), keepdim: t.boolean }
type Folded = t.TypeOf<t.TypeC<typeof folded>>
/** PyTorch's None is all axes, which is what is meant here without any. */
const along = ({ dim, keepdim }: Folded) => ({ ...(dim === null ? {} : { axis: dim }), keepDimensions: keepdim })
const reduction = (f: (options: ReturnType<typeof along>) => (input: Operand) => Operand): Meaning =>
  one(folded, options => f(along(options)))

const spread = { ...folded, unbiased: t.boolean }
const spreading = (
  f: (options: ReturnType<typeof along> & { readonly correction: number }) => (x: Operand) => Operand
) => one(spread, options => f({ ...along(options), correction: options.unbiased ? 1 : 0 }))

/** Along one axis PyTorch gives the place as well. */
const extremum = (best: typeof Tensor.max, place: typeof Tensor.argmax): Meaning =>
  one({ ...folded, dim: t.union([t.null, t.number]) }, ({ dim, keepdim }) => input => {
    const options = { ...(dim === null ? {} : { axis: dim }), keepDimensions: keepdim }
    const output: Operand = best(options)(input)
    return dim === null ? output : { output, indices: place(options)(input) }
  })

const nullable = t.union([t.null, t.number])
const unlessNull = <N extends string>(name: N, value: number | null): { readonly [K in N]?: number } =>
  (value === null ? {} : { [name]: value }) as { readonly [K in N]?: number }

const table: Readonly<Record<string, Meaning>> = {
  matmul: binary(Tensor.matmul),
  einsum: several(
    t.strict({ equation: t.string }),
    ({ equation }) =>
      xs =>
        Tensor.einsum(equation)(...xs)
  ),
  outer: meaning(
    ['input', 'vec2'],
    none,
    () =>
      ({ input, vec2 }) =>
        Tensor.outer(vec2)(input)
  ),

  add: binary(Tensor.add),
  sub: binary(Tensor.sub),
  mul: binary(Tensor.mul),
  div: binary(Tensor.div),
  maximum: binary(Tensor.maximum),
  minimum: binary(Tensor.minimum),
  pow: meaning(
    ['input', 'exponent'],
    none,
    () =>
      ({ input, exponent }) =>
        Tensor.pow(exponent)(input)
  ),
  pow_scalar: one({ exponent: real }, ({ exponent }) => Tensor.pow(exponent)),
  where: meaning(
    ['condition', 'input', 'other'],
    none,
    () =>
      ({ condition, input, other }) =>
        Tensor.where(input, other)(condition)
  ),

  sum: reduction(options => Tensor.sum(options)),
  mean: reduction(options => Tensor.mean(options)),
  var: spreading(options => Tensor.variance(options)),
  std: spreading(options => Tensor.standardDeviation(options)),
  logsumexp_reduce: reduction(options => Tensor.logsumexp(options)),
  amax: reduction(options => Tensor.max(options)),
  amin: reduction(options => Tensor.min(options)),
  prod: reduction(options => Tensor.prod(options)),
  max: extremum(Tensor.max, Tensor.argmax),
  min: extremum(Tensor.min, Tensor.argmin),
  cumsum: one({ dim: t.number }, ({ dim }) => Tensor.cumsum({ axis: dim })),

  sort: one({ dim: t.number, descending: t.boolean }, ({ dim: axis, descending }) => input => ({
    output: Tensor.sort({ axis, descending })(input),
    indices: Tensor.argsort({ axis, descending })(input)
  })),
  topk: one(
    { k: t.number, dim: t.number, largest: t.boolean, sorted: t.literal(true) },
    ({ k, dim, largest }) =>
      input => {
        const { values, indices } = Tensor.topk(k, { axis: dim, largest })(input)
        return { output: values, indices }
      }
  ),
  gather: meaning(
    ['input', 'index'],
    t.strict({ dim: t.number }),
    ({ dim }) =>
      ({ input, index }) =>
        Tensor.gather(index, { axis: dim })(input)
  ),
  index_select: meaning(
    ['input', 'index'],
    t.strict({ dim: t.number }),
    ({ dim }) =>
      ({ input, index }) =>
        Tensor.take(index, { axis: dim })(input)
  ),

  slice: one({ slices: t.readonlyArray(t.union([t.null, t.tuple([nullable, nullable, t.number])])) }, ({ slices }) =>
    Tensor.slices(
      slices.map(range => {
        const [start, stop, step] = range ?? [null, null, 1]
        return { ...unlessNull('start', start), ...unlessNull('stop', stop), step }
      })
    )
  ),
  flip: one({ dims: axes }, ({ dims }) => Tensor.flip(dims)),
  roll: one(
    { shifts: axes, dims: axes },
    ({ shifts, dims }) =>
      input =>
        dims.reduce<Operand>((x, axis, i) => pipe(x, Tensor.roll({ shift: shifts[i]!, axis })), input)
  ),
  pad: one({ pad: axes, mode: t.literal('constant'), value: t.number }, ({ pad, value }) => input => {
    // From the last axis on, two widths each.
    const widths = Tensor.shape(input).map((_, axis, { length }) => {
      const first = 2 * (length - 1 - axis)
      return [pad[first] ?? 0, pad[first + 1] ?? 0] as const
    })
    return Tensor.pad(widths, { value })(input)
  }),
  concat: several(
    t.strict({ dim: t.number }),
    ({ dim }) =>
      xs =>
        Tensor.concat(dim)(xs)
  ),
  stack: several(
    t.strict({ dim: t.number }),
    ({ dim }) =>
      xs =>
        Tensor.stack(dim)(xs)
  ),
  split: one({ split_size_or_sections: t.union([t.number, axes]), dim: t.number }, options => input => {
    const parts: readonly Operand[] = Tensor.split(options.split_size_or_sections, options.dim)(input)
    return Object.fromEntries(parts.map((part, i) => [`output${i}`, part]))
  }),
  transpose: one({ dim0: t.number, dim1: t.number }, ({ dim0, dim1 }) => Tensor.swapAxes(dim0, dim1)),
  permute: one({ dims: axes }, ({ dims }) => Tensor.permute(dims)),
  reshape: one({ shape: axes }, ({ shape }) => Tensor.reshape(shape)),
  expand: one({ size: axes }, ({ size }) => Tensor.expand(size)),
  tril: one({ diagonal: t.number }, ({ diagonal }) => Tensor.tril({ offset: diagonal })),
  triu: one({ diagonal: t.number }, ({ diagonal }) => Tensor.triu({ offset: diagonal })),
  diag: one({ diagonal: t.number }, ({ diagonal }) => Tensor.diag({ offset: diagonal })),

  exp: unary(Tensor.exp),
  log: unary(Tensor.log),
  log1p: unary(Tensor.log1p),
  expm1: unary(Tensor.expm1),
  sqrt: unary(Tensor.sqrt),
  rsqrt: unary(Tensor.rsqrt),
  sin: unary(Tensor.sin),
  cos: unary(Tensor.cos),
  tan: unary(Tensor.tan),
  asin: unary(Tensor.asin),
  acos: unary(Tensor.acos),
  atan: unary(Tensor.atan),
  sinh: unary(Tensor.sinh),
  cosh: unary(Tensor.cosh),
  asinh: unary(Tensor.asinh),
  acosh: unary(Tensor.acosh),
  atanh: unary(Tensor.atanh),
  erf: unary(Tensor.erf),
  erfc: unary(Tensor.erfc),
  lgamma: unary(Tensor.lgamma),
  digamma: unary(Tensor.digamma),
  atan2: binary(Tensor.atan2),
  hypot: binary(Tensor.hypot),
  abs: unary(Tensor.abs),
  sign: unary(Tensor.sign),
  floor: unary(Tensor.floor),
  ceil: unary(Tensor.ceil),
  round: unary(Tensor.round),
  clamp: one({ min: nullable, max: nullable }, ({ min, max }) =>
    Tensor.clamp({ ...unlessNull('min', min), ...unlessNull('max', max) })
  )
}

export const tensorOps = functions('tensor_ops', table)
