/**
 * A WebAssembly assembler whose programs are values.
 *
 * A value is a type and the code that pushes it; a statement is code that leaves the stack as it was. Locals, labels and routines are values as
 * well: they stand for themselves in the code, and only `assemble` gives them numbers. So instructions compose like ordinary expressions and
 * nothing is counted by hand. Nothing here has state but identity: two calls of `local` are two locals. Vectors carry their lanes in the type
 * (`f32x4` cannot be added to `f64x2`); `reinterpret` looks at the same bits otherwise and costs nothing.
 */
export type Scalar = 'i32' | 'i64' | 'f32' | 'f64'
export type Vector = 'i32x4' | 'i64x2' | 'f32x4' | 'f64x2'
export type Type = Scalar | Vector

export type Code = number | Variable | Label | Routine | Import | Block | Constant | readonly Code[]
interface Variable {
  readonly kind: 'variable'
  readonly type: Type
}
/** A vector constant. Each routine keeps its own in locals that it sets once: newer V8 does not move constants out of loops (1.6 times slower). */
interface Constant {
  readonly kind: 'constant'
  readonly type: Type
  readonly bytes: readonly number[]
}
interface Block {
  readonly kind: 'block'
  readonly opcode: number
  readonly label: Label
  readonly body: Code
}
export interface Label {
  readonly kind: 'label'
}
export interface Statement {
  readonly code: Code
}
export interface Value<T extends Type> extends Statement {
  readonly type: T
}
export interface Local<T extends Type> extends Value<T> {
  readonly variable: Variable
}
export interface Routine {
  readonly kind: 'routine'
  readonly name: string
  readonly parameters: readonly Local<Type>[]
  readonly result: Type | undefined
  readonly body: Statement
  /** Whether JavaScript can call it. */
  readonly exported: boolean
}
/** A function of JavaScript's, found under `engine` when the module is instantiated. */
export interface Import {
  readonly kind: 'import'
  readonly name: string
  readonly parameters: readonly Type[]
  readonly result: Type | undefined
}
export interface Module {
  readonly memory: { readonly pages: number; readonly maximum?: number; readonly shared?: boolean }
  readonly imports?: readonly Import[]
  readonly routines: readonly Routine[]
}

const value = <T extends Type>(type: T, code: Code): Value<T> => ({ type, code })
const statement = (code: Code): Statement => ({ code })

// --- numbers ---
const unsigned = (n: number): readonly number[] => (n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)])
const signed = (n: number): readonly number[] => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)])
const signed64 = (n: bigint): readonly number[] =>
  n >= -64n && n < 64n ? [Number(n & 127n)] : [Number(n & 127n) | 128, ...signed64(n >> 7n)]
const bytes = (data: ArrayBufferView): readonly number[] =>
  Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
const simd = (opcode: number): readonly number[] => [0xfd, ...unsigned(opcode)]

// --- shapes of instructions ---
const unary =
  <A extends Type, R extends Type>(_argument: A, type: R) =>
  (...opcode: readonly number[]) =>
  (a: Value<A>): Value<R> =>
    value(type, [a.code, opcode])
const binary =
  <A extends Type, B extends Type, R extends Type>(_a: A, _b: B, type: R) =>
  (...opcode: readonly number[]) =>
  (a: Value<A>, b: Value<B>): Value<R> =>
    value(type, [a.code, b.code, opcode])
const load =
  <T extends Type>(type: T, align: number) =>
  (...opcode: readonly number[]) =>
  (address: Value<'i32'>, offset = 0): Value<T> =>
    value(type, [address.code, opcode, align, unsigned(offset)])
const store =
  <T extends Type>(_type: T, align: number) =>
  (...opcode: readonly number[]) =>
  (address: Value<'i32'>, stored: Value<T>, offset = 0): Statement =>
    statement([address.code, stored.code, opcode, align, unsigned(offset)])
const loadLane =
  <T extends Type>(type: T, align: number) =>
  (...opcode: readonly number[]) =>
  (address: Value<'i32'>, into: Value<T>, lane: number, offset = 0): Value<T> =>
    value(type, [address.code, into.code, opcode, align, unsigned(offset), lane])
const storeLane =
  <T extends Type>(_type: T, align: number) =>
  (...opcode: readonly number[]) =>
  (address: Value<'i32'>, stored: Value<T>, lane: number, offset = 0): Statement =>
    statement([address.code, stored.code, opcode, align, unsigned(offset), lane])

// --- scalars ---
const ii = binary('i32', 'i32', 'i32')
export const i32 = {
  const: (n: number): Value<'i32'> => value('i32', [0x41, signed(n | 0)]),
  eqz: unary('i32', 'i32')(0x45),
  eq: ii(0x46),
  ne: ii(0x47),
  lt: ii(0x48),
  ltU: ii(0x49),
  gt: ii(0x4a),
  gtU: ii(0x4b),
  le: ii(0x4c),
  ge: ii(0x4e),
  geU: ii(0x4f),
  add: ii(0x6a),
  sub: ii(0x6b),
  mul: ii(0x6c),
  divU: ii(0x6e),
  remU: ii(0x70),
  and: ii(0x71),
  or: ii(0x72),
  xor: ii(0x73),
  shl: ii(0x74),
  shr: ii(0x75),
  shrU: ii(0x76),
  rotl: ii(0x77),
  load: load('i32', 2)(0x28),
  loadByte: load('i32', 0)(0x2d),
  store: store('i32', 2)(0x36),
  storeByte: store('i32', 0)(0x3a),
  atomicLoad: load('i32', 2)(0xfe, 0x10),
  atomicStore: store('i32', 2)(0xfe, 0x17),
  /** Adds to memory and gives what was there before. */
  atomicAdd: (address: Value<'i32'>, added: Value<'i32'>, offset = 0): Value<'i32'> =>
    value('i32', [address.code, added.code, 0xfe, 0x1e, 2, unsigned(offset)]),
  /** Puts `replacement` where `expected` is, if it is, and gives what was there before. */
  atomicExchange: (
    address: Value<'i32'>,
    expected: Value<'i32'>,
    replacement: Value<'i32'>,
    offset = 0
  ): Value<'i32'> => value('i32', [address.code, expected.code, replacement.code, 0xfe, 0x48, 2, unsigned(offset)]),
  /** Sleeps while memory holds `expected`, at most `nanoseconds` (forever when negative). */
  atomicWait: (address: Value<'i32'>, expected: Value<'i32'>, nanoseconds: bigint, offset = 0): Value<'i32'> =>
    value('i32', [address.code, expected.code, 0x42, signed64(nanoseconds), 0xfe, 0x01, 2, unsigned(offset)]),
  atomicNotify: (address: Value<'i32'>, count: Value<'i32'>, offset = 0): Value<'i32'> =>
    value('i32', [address.code, count.code, 0xfe, 0x00, 2, unsigned(offset)])
}
const ll = binary('i64', 'i64', 'i64')
export const i64 = {
  const: (n: bigint): Value<'i64'> => value('i64', [0x42, signed64(n)]),
  ltU: binary('i64', 'i64', 'i32')(0x54),
  extend: unary('i32', 'i64')(0xac),
  wrap: unary('i64', 'i32')(0xa7),
  add: ll(0x7c),
  sub: ll(0x7d),
  mul: ll(0x7e),
  and: ll(0x83),
  or: ll(0x84),
  xor: ll(0x85),
  shl: ll(0x86),
  shr: ll(0x87),
  shrU: ll(0x88)
}
type Loads = readonly [align: number, load: number, store: number]
const scalarFloat = <T extends 'f32' | 'f64'>(
  type: T,
  constant: (n: number) => Code,
  compare: number,
  arithmetic: number,
  [align, loading, storing]: Loads
) => {
  const test = binary(type, type, 'i32')
  const two = binary(type, type, type)
  const one = unary(type, type)
  return {
    const: (n: number): Value<T> => value(type, constant(n)),
    eq: test(compare),
    ne: test(compare + 1),
    lt: test(compare + 2),
    gt: test(compare + 3),
    le: test(compare + 4),
    ge: test(compare + 5),
    abs: one(arithmetic),
    neg: one(arithmetic + 1),
    ceil: one(arithmetic + 2),
    floor: one(arithmetic + 3),
    truncate: one(arithmetic + 4),
    nearest: one(arithmetic + 5),
    sqrt: one(arithmetic + 6),
    add: two(arithmetic + 7),
    sub: two(arithmetic + 8),
    mul: two(arithmetic + 9),
    div: two(arithmetic + 10),
    min: two(arithmetic + 11),
    max: two(arithmetic + 12),
    copySign: two(arithmetic + 13),
    load: load(type, align)(loading),
    store: store(type, align)(storing)
  }
}
export const f32 = {
  ...scalarFloat('f32', n => [0x43, bytes(Float32Array.of(n))], 0x5b, 0x8b, [2, 0x2a, 0x38]),
  convert: unary('i32', 'f32')(0xb2),
  demote: unary('f64', 'f32')(0xb6)
}
export const f64 = {
  ...scalarFloat('f64', n => [0x44, bytes(Float64Array.of(n))], 0x61, 0x99, [3, 0x2b, 0x39]),
  convert: unary('i32', 'f64')(0xb7),
  convertWide: unary('i64', 'f64')(0xb9),
  promote: unary('f32', 'f64')(0xbb)
}

// --- vectors ---
type Values = readonly (number | bigint)[]
const dataOf = {
  i32: (v: Values) => Int32Array.from(v, Number),
  i64: (v: Values) => BigInt64Array.from(v, BigInt),
  f32: (v: Values) => Float32Array.from(v, Number),
  f64: (v: Values) => Float64Array.from(v, Number)
}
const common = <V extends Vector, S extends Scalar>(
  type: V,
  scalar: S,
  lanes: readonly number[],
  splat: number,
  extract: number,
  loadSplat: number,
  align: number
) => {
  const two = binary(type, type, type)
  const laneBytes = 16 / lanes.length
  return {
    type,
    lanes: lanes.length,
    bytes: laneBytes,
    /** One number in every lane, or a number a lane. */
    const: (...values: Values): Value<V> =>
      value(type, {
        kind: 'constant',
        type,
        bytes: bytes(dataOf[scalar](values.length === 1 ? lanes.map(() => values[0]!) : values))
      }),
    splat: unary(scalar, type)(...simd(splat)),
    lane: (a: Value<V>, lane: number): Value<S> => value(scalar, [a.code, simd(extract), lane]),
    withLane: (a: Value<V>, lane: number, of: Value<S>): Value<V> =>
      value(type, [a.code, of.code, simd(extract + 1), lane]),
    load: load(type, 4)(...simd(0)),
    store: store(type, 4)(...simd(11)),
    loadSplat: load(type, align)(...simd(loadSplat)),
    /** One number in the first lane, zeros in the others. */
    loadZero: load(type, align)(...simd(align === 2 ? 92 : 93)),
    /** Eight bytes in the first lanes, zeros in the others. */
    loadHalf: load(type, 3)(...simd(93)),
    loadLane: loadLane(type, align)(...simd(align === 2 ? 86 : 87)),
    storeLane: storeLane(type, align)(...simd(align === 2 ? 90 : 91)),
    storeHalf: storeLane(type, 3)(...simd(91)),
    not: unary(type, type)(...simd(77)),
    and: two(...simd(78)),
    /** `a` where the bits of `b` are zero. */
    andNot: two(...simd(79)),
    or: two(...simd(80)),
    xor: two(...simd(81)),
    /** Bits of `a` where the mask has ones, of `b` elsewhere. */
    select: (mask: Value<Vector>, a: Value<V>, b: Value<V>): Value<V> =>
      value(type, [a.code, b.code, mask.code, simd(82)]),
    /** Whether any bit is one. */
    any: unary(type, 'i32')(...simd(83)),
    /** Lanes of `a` (from 0) and `b` (from the number of lanes), picked. */
    shuffle: (a: Value<V>, b: Value<V>, ...picked: readonly number[]): Value<V> =>
      value(type, [
        a.code,
        b.code,
        simd(13),
        picked.flatMap(p => Array.from({ length: laneBytes }, (_, i) => p * laneBytes + i))
      ])
  }
}
const integers = <V extends 'i32x4' | 'i64x2'>(
  type: V,
  shift: number,
  [add, sub, mul]: readonly [number, number, number],
  neg: number
) => {
  const two = binary(type, type, type)
  const by = binary(type, 'i32', type)
  return {
    neg: unary(type, type)(...simd(neg)),
    shl: by(...simd(shift)),
    shr: by(...simd(shift + 1)),
    shrU: by(...simd(shift + 2)),
    add: two(...simd(add)),
    sub: two(...simd(sub)),
    mul: two(...simd(mul))
  }
}
const floats = <V extends 'f32x4' | 'f64x2', M extends Vector>(
  type: V,
  mask: M,
  compare: number,
  arithmetic: number,
  [ceil, floor, truncate, nearest]: readonly [number, number, number, number],
  relaxed: number
) => {
  const test = binary(type, type, mask)
  const two = binary(type, type, type)
  const one = unary(type, type)
  return {
    eq: test(...simd(compare)),
    ne: test(...simd(compare + 1)),
    lt: test(...simd(compare + 2)),
    gt: test(...simd(compare + 3)),
    le: test(...simd(compare + 4)),
    ge: test(...simd(compare + 5)),
    abs: one(...simd(arithmetic)),
    neg: one(...simd(arithmetic + 1)),
    sqrt: one(...simd(arithmetic + 3)),
    ceil: one(...simd(ceil)),
    floor: one(...simd(floor)),
    truncate: one(...simd(truncate)),
    nearest: one(...simd(nearest)),
    add: two(...simd(arithmetic + 4)),
    sub: two(...simd(arithmetic + 5)),
    mul: two(...simd(arithmetic + 6)),
    div: two(...simd(arithmetic + 7)),
    /** IEEE minimum and maximum (NaN wins, −0 < 0): several instructions. `pmin(a, b)` is `b < a ? b : a`: one instruction. */
    min: two(...simd(arithmetic + 8)),
    max: two(...simd(arithmetic + 9)),
    pmin: two(...simd(arithmetic + 10)),
    pmax: two(...simd(arithmetic + 11)),
    /** `a · b + c`, rounded once where the machine can (relaxed SIMD). */
    relaxedMulAdd: (a: Value<V>, b: Value<V>, c: Value<V>): Value<V> =>
      value(type, [a.code, b.code, c.code, simd(relaxed)])
  }
}
const i32x4Two = binary('i32x4', 'i32x4', 'i32x4')
export const i32x4 = {
  ...common('i32x4', 'i32', [0, 1, 2, 3], 17, 27, 9, 2),
  ...integers('i32x4', 171, [174, 177, 181], 161),
  abs: unary('i32x4', 'i32x4')(...simd(160)),
  eq: i32x4Two(...simd(55)),
  ne: i32x4Two(...simd(56)),
  lt: i32x4Two(...simd(57)),
  gt: i32x4Two(...simd(59)),
  le: i32x4Two(...simd(61)),
  ge: i32x4Two(...simd(63)),
  min: i32x4Two(...simd(182)),
  max: i32x4Two(...simd(184)),
  /** Towards zero, stopping at the ends; NaN is 0. */
  truncate: unary('f32x4', 'i32x4')(...simd(248)),
  /** Of two float64 numbers, into the first two lanes. */
  truncateWide: unary('f64x2', 'i32x4')(...simd(252)),
  /** Four bytes, each in a lane of its own. */
  fromBytes: (a: Value<'i32x4'>): Value<'i32x4'> => value('i32x4', [a.code, simd(137), simd(169)]),
  /** The lanes of two vectors as eight bytes at the beginning (signed saturation to 16 bits, then unsigned to 8). */
  toBytes: (a: Value<'i32x4'>): Value<'i32x4'> =>
    share(a, x => share(value('i32x4', [x.code, x.code, simd(133)]), y => value('i32x4', [y.code, y.code, simd(102)])))
}
export const i64x2 = {
  ...common('i64x2', 'i64', [0, 1], 18, 29, 10, 3),
  ...integers('i64x2', 203, [206, 209, 213], 193),
  eq: binary('i64x2', 'i64x2', 'i64x2')(...simd(214)),
  lt: binary('i64x2', 'i64x2', 'i64x2')(...simd(216)),
  gt: binary('i64x2', 'i64x2', 'i64x2')(...simd(217)),
  /** The first two lanes, with their signs. */
  widen: unary('i32x4', 'i64x2')(...simd(199))
}
export const f32x4 = {
  ...common('f32x4', 'f32', [0, 1, 2, 3], 19, 31, 9, 2),
  ...floats('f32x4', 'i32x4', 65, 224, [103, 104, 105, 106], 0x105),
  convert: unary('i32x4', 'f32x4')(...simd(250)),
  demote: unary('f64x2', 'f32x4')(...simd(94))
}
export const f64x2 = {
  ...common('f64x2', 'f64', [0, 1], 20, 33, 10, 3),
  ...floats('f64x2', 'i64x2', 71, 236, [116, 117, 122, 148], 0x107),
  convert: unary('i32x4', 'f64x2')(...simd(254)),
  promote: unary('f32x4', 'f64x2')(...simd(95))
}
export type Floating = 'f32x4' | 'f64x2'
export type ScalarOf<V extends Floating> = V extends 'f32x4' ? 'f32' : 'f64'
/** What float32 and float64 vectors have in common: write a kernel once, generate it for both. */
export type Floats<V extends Floating> = ReturnType<typeof common<V, ScalarOf<V>>> &
  ReturnType<typeof floats<V, Vector>>
export const reinterpret = <V extends Vector>(type: V, a: Value<Vector>): Value<V> => value(type, a.code)

// --- locals and control ---
export const local = <T extends Type>(type: T): Local<T> => {
  const variable: Variable = { kind: 'variable', type }
  return { type, variable, code: [0x20, variable] }
}
export const set = <T extends Type>(to: Local<T>, of: Value<T>): Statement => statement([of.code, 0x21, to.variable])
export const sequence = (...statements: readonly Statement[]): Statement => statement(statements.map(s => s.code))
export const nothing: Statement = sequence()
/** Names a value, so that it is computed once: `share(e, x => … x … x …)`. The scope may be a statement or a value. */
export const share = <T extends Type, S extends Statement>(of: Value<T>, scope: (x: Local<T>) => S): S => {
  const x = local(of.type)
  const inner = scope(x)
  return { ...inner, code: [of.code, 0x21, x.variable, inner.code] }
}
export const label = (): Label => ({ kind: 'label' })
const enclose =
  (opcode: number) =>
  (name: Label, ...body: readonly Statement[]): Statement =>
    statement({ kind: 'block', opcode, label: name, body: body.map(s => s.code) })
/** Branching to a block's label leaves it; branching to a loop's label begins it again. */
export const block = enclose(0x02)
export const loop = enclose(0x03)
export const branch = (to: Label): Statement => statement([0x0c, to])
export const branchIf = (to: Label, condition: Value<'i32'>): Statement => statement([condition.code, 0x0d, to])
export const when = (condition: Value<'i32'>, ...body: readonly Statement[]): Statement =>
  statement([condition.code, enclose(0x04)(label(), ...body).code])
export const choose = (condition: Value<'i32'>, yes: Statement, no: Statement): Statement =>
  statement([condition.code, enclose(0x04)(label(), yes, statement(0x05), no).code])
/** `condition ? a : b` of scalars, both computed. */
export const select = <T extends Scalar>(condition: Value<'i32'>, a: Value<T>, b: Value<T>): Value<T> =>
  value(a.type, [a.code, b.code, condition.code, 0x1b])
export const drop = (a: Value<Type>): Statement => statement([a.code, 0x1a])
/** Stops the program with an error. */
export const trap: Statement = statement(0x00)
/** Runs the body for i = from, from + step, … while i < below; the count must not be zero. */
export const repeat = (
  from: Value<'i32'>,
  below: Value<'i32'>,
  step: number,
  body: (i: Local<'i32'>) => Statement
): Statement => {
  const i = local('i32')
  const again = label()
  return sequence(
    set(i, from),
    loop(again, body(i), set(i, i32.add(i, i32.const(step))), branchIf(again, i32.lt(i, below)))
  )
}
/** Copies bytes; the two stretches may overlap. */
export const copyBytes = (to: Value<'i32'>, from: Value<'i32'>, count: Value<'i32'>): Statement =>
  statement([to.code, from.code, count.code, 0xfc, 10, 0, 0])
/** Sets bytes to one value. */
export const fillBytes = (to: Value<'i32'>, byte: Value<'i32'>, count: Value<'i32'>): Statement =>
  statement([to.code, byte.code, count.code, 0xfc, 11, 0])

// --- routines and modules ---
export const routine = (
  name: string,
  parameters: readonly Local<Type>[],
  body: Statement,
  { result, exported = false }: { readonly result?: Type; readonly exported?: boolean } = {}
): Routine => ({ kind: 'routine', name, parameters, result, body, exported })
export const call = (f: Routine | Import, ...args: readonly Value<Type>[]): Statement =>
  statement([args.map(a => a.code), 0x10, f])
/** A call for its result. */
export const result = <T extends Type>(type: T, f: Routine | Import, ...args: readonly Value<Type>[]): Value<T> =>
  value(type, call(f, ...args).code)
/** What a routine with a result ends with. */
export const give = (of: Value<Type>): Statement => statement(of.code)

const scalarBytes: Readonly<Record<Scalar, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }
const typeByte = (type: Type): number => scalarBytes[type as Scalar] ?? 0x7b
/** Not by spreading, which fails from some hundred thousand parts on. */
const flat = (parts: readonly (readonly number[])[]): number[] => {
  const out: number[] = []
  for (const part of parts) for (let i = 0; i < part.length; i++) out.push(part[i]!)
  return out
}
const join = (...parts: readonly (readonly number[])[]): number[] => flat(parts)
const list = (items: readonly (readonly number[])[]): number[] => join(unsigned(items.length), flat(items))
const section = (id: number, content: readonly number[]): number[] => join([id], unsigned(content.length), content)
const text = (s: string): number[] => list([...s].map(c => [c.charCodeAt(0)]))

const isList = (code: Code): code is readonly Code[] => Array.isArray(code)

/** The code of a routine's body; `indexOf` gives the number of what it calls. */
const assembleBody = (f: Routine, indexOf: (called: Routine | Import) => number): number[] => {
  const numbers = new Map<Variable, number>(f.parameters.map((p, i) => [p.variable, i]))
  const constants = new Map<string, Variable>()
  const prologue: number[] = []
  const out: number[] = []
  const push = (to: number[], n: number): void => {
    if (n < 128) to.push(n)
    else to.push(...unsigned(n))
  }
  const numberOf = (variable: Variable): number => {
    const known = numbers.get(variable)
    if (known !== undefined) return known
    numbers.set(variable, numbers.size)
    return numbers.size - 1
  }
  const constantOf = (code: Constant): Variable => {
    const key = code.bytes.join()
    const known = constants.get(key)
    if (known) return known
    const name: Variable = { kind: 'variable', type: code.type }
    constants.set(key, name)
    prologue.push(...simd(12), ...code.bytes, 0x21)
    push(prologue, numberOf(name))
    return name
  }
  const labels: Label[] = []
  const emit = (code: Code): void => {
    if (typeof code === 'number') {
      out.push(code)
      return
    }
    if (isList(code)) {
      for (let i = 0; i < code.length; i++) emit(code[i]!)
      return
    }
    switch (code.kind) {
      case 'variable':
        push(out, numberOf(code))
        return
      case 'constant':
        out.push(0x20)
        push(out, numberOf(constantOf(code)))
        return
      case 'label':
        push(out, labels.length - 1 - labels.lastIndexOf(code))
        return
      case 'routine':
      case 'import':
        push(out, indexOf(code))
        return
      case 'block':
        out.push(code.opcode, 0x40)
        labels.push(code.label)
        emit(code.body)
        labels.pop()
        out.push(0x0b)
    }
  }
  emit(f.body.code)
  const declared = [...numbers.keys()].slice(f.parameters.length).map(v => [1, typeByte(v.type)])
  const content = join(list(declared), prologue, out, [0x0b])
  return join(unsigned(content.length), content)
}

/**
 * The bytes of a module that imports its memory as `engine.memory`, with a section of names for profiles. Of its routines only those have to be
 * named that JavaScript calls: what they call is found on the way.
 */
export const assemble = ({ memory, imports = [], routines }: Module): Uint8Array<ArrayBuffer> => {
  const found = [...routines]
  const numbers = new Map<Routine | Import, number>([...imports, ...found].map((f, i) => [f, i]))
  const indexOf = (called: Routine | Import): number => {
    const known = numbers.get(called)
    if (known !== undefined) return known
    if (called.kind === 'import') throw new Error(`the import ${called.name} is not among those of the module`)
    found.push(called)
    numbers.set(called, numbers.size)
    return numbers.size - 1
  }
  const bodies: number[][] = []
  for (let i = 0; i < found.length; i++) bodies.push(assembleBody(found[i]!, indexOf))
  const all = [...imports, ...found]
  const { pages, maximum, shared } = memory
  const limits =
    maximum === undefined ? [0, ...unsigned(pages)] : [shared ? 3 : 1, ...unsigned(pages), ...unsigned(maximum)]
  const types = all.map(f => {
    const parameters = f.kind === 'import' ? f.parameters : f.parameters.map(p => p.type)
    return [0x60, ...list(parameters.map(p => [typeByte(p)])), ...list(f.result ? [[typeByte(f.result)]] : [])]
  })
  const imported = imports.map((f, i) => [...text('engine'), ...text(f.name), 0, ...unsigned(i)])
  const names = list(all.map((f, i) => [...unsigned(i), ...text(f.name)]))
  return Uint8Array.from(
    join(
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, list(types)),
      section(2, list([[...text('engine'), ...text('memory'), 2, ...limits], ...imported])),
      section(3, list(found.map((_, i) => unsigned(imports.length + i)))),
      section(7, list(found.filter(f => f.exported).map(f => [...text(f.name), 0, ...unsigned(numbers.get(f)!)]))),
      section(10, list(bodies)),
      section(0, [...text('name'), ...section(1, names)])
    )
  )
}
