/**
 * Tensors, and the primitives that make them.
 *
 * A tensor is a constant, a variable, or an expression: one result of an equation, which is a primitive applied to tensors.
 * The two types define each other, hence one file.
 *
 * One rule of meaning: a primitive on constants is computed at once; one that touches an unknown builds an equation.
 */
import { allocate, type Data, type Dtype } from '../structure/dtype.js'
import { type Mistake, mistake } from '../structure/mistake.js'
import { type Shape, showShape, size } from '../structure/shape.js'
import type { Dyn, shape_ } from '../structure/shape-types.js'
import { showData } from './show.js'
import { isTracing } from './tracing.js'

/** What is known of a tensor before its elements are. */
export interface Type {
  readonly shape: Shape
  readonly dtype: Dtype
}

/** An immutable n-dimensional array of numbers, known or not. `S` is its shape as far as the compiler knows it. */
export interface Tensor<S extends Shape = Shape> extends Type {
  readonly [shape_]?: Dyn<S>
  readonly tag: 'constant' | 'variable' | 'expression'
}

/** A known tensor. `data` has one element for each index, or a single element that all of them share. */
export interface Constant extends Tensor {
  readonly tag: 'constant'
  readonly data: Data
}
/** An unknown, told apart from every other only by being another object. */
export interface Variable extends Tensor {
  readonly tag: 'variable'
  readonly id: number
}
/** One of the results of an equation. */
export interface Expression extends Tensor {
  readonly tag: 'expression'
  readonly equation: Equation
  readonly index: number
}

/** A primitive applied to tensors of which at least one is unknown. Its id is larger than those of all it refers to. */
export interface Equation {
  readonly id: number
  readonly primitive: Primitive
  readonly inputs: readonly Tensor[]
  readonly attributes: unknown
  readonly outputs: readonly Expression[]
}

/** A tangent or cotangent; `undefined` is the zero that is known to be zero: it costs nothing, and nothing times it is NaN. */
export type Tangent = Tensor | undefined

export type One = readonly [Tensor]
export type Two = readonly [Tensor, Tensor]
export type Three = readonly [Tensor, Tensor, Tensor]
export type Many = readonly Tensor[]

/** For each operand something else. */
export type Each<I extends Many, V> = { readonly [K in keyof I]: V }

// The rules are methods, not function-valued properties: attributes and numbers of operands are known to each primitive
// and to nobody else, and method parameters are compared both ways, so that all primitives fit one table without `any`.
interface Rules<I extends Many, A> {
  readonly name: string
  /** The result's shape and dtype; throws where the operands do not fit. */
  type(inputs: Each<I, Type>, attributes: A): Type
  evaluate(inputs: Each<I, Constant>, attributes: A, type: Type): Constant
  /** The same on operands of which those marked have one more, leading, axis. */
  batch(inputs: I, batched: Each<I, boolean>, attributes: A): Tensor
  /** An equal tensor that costs less, if one can be seen at once; equal to the last bit, −0, NaN and ∞ included. */
  simplify?(inputs: I, attributes: A): Tensor | undefined
}
interface Transposable<I extends Many, A> {
  /** The adjoint in one operand, the others held fixed. */
  transpose(operand: number, cotangent: Tensor, inputs: I, attributes: A): Tensor
}
/** Linear in the stated operands together: its derivative is itself. */
export interface Linear<I extends Many, A = void> extends Rules<I, A>, Transposable<I, A> {
  readonly kind: 'linear'
  readonly linearIn: 'all' | readonly number[]
  /** The map with zero in all its linear operands but one, where that is simpler than putting zeros there. */
  along?(operand: number, tangent: Tensor, inputs: I, attributes: A): Tensor
}
/** Linear in each operand: its derivative is Leibniz's sum. */
export interface Multilinear<I extends Many, A = void> extends Rules<I, A>, Transposable<I, A> {
  readonly kind: 'multilinear'
}
/** Anything else that is differentiable: its derivative is written in linear and multilinear primitives. */
export interface Smooth<I extends Many, A = void> extends Rules<I, A> {
  readonly kind: 'smooth'
  /** At least one tangent is not the known zero. */
  jvp(tangents: Each<I, Tangent>, inputs: I, output: Tensor, attributes: A): Tensor
}
/** Zero derivative wherever there is one. */
export interface LocallyConstant<I extends Many, A = void> extends Rules<I, A> {
  readonly kind: 'locallyConstant'
}
/** A program with named parameters and nothing free. */
export interface Closed {
  readonly parameters: readonly Variable[]
  readonly results: Many
}
/** A primitive over closed programs, with any number of results. */
export interface Control<A> {
  readonly kind: 'control'
  readonly name: string
  types(inputs: readonly Type[], attributes: A): readonly Type[]
  evaluate(inputs: readonly Constant[], attributes: A): readonly Tensor[]
  batch(inputs: Many, batched: readonly boolean[], attributes: A): Many
  /** The results, and the map from tangents of the operands to tangents of the results. */
  linearize(
    inputs: Many,
    active: readonly boolean[],
    attributes: A
  ): readonly [Many, (tangents: readonly Tangent[]) => readonly Tangent[]]
  transpose(linear: readonly boolean[], cotangents: readonly Tangent[], inputs: Many, attributes: A): readonly Tangent[]
  /** The programs that it carries. */
  programs(attributes: A): readonly Closed[]
  /** The same with others in their place, which take and give the same types. */
  withPrograms(attributes: A, programs: readonly Closed[]): A
  /** What is printed of the attributes beside the programs. */
  show?(attributes: A): string
}
export type FirstOrder<I extends Many = Many, A = unknown> =
  | Linear<I, A>
  | Multilinear<I, A>
  | Smooth<I, A>
  | LocallyConstant<I, A>
export type Primitive = FirstOrder | Control<unknown>

const describe = (x: Tensor): string =>
  isConstant(x)
    ? showData(x.shape, x.dtype, x.data)
    : `unknown ${x.dtype} ${showShape(x.shape)}, ${isExpression(x) ? `a result of ${x.equation.primitive.name}` : 'an argument of a transformed function'}`

const inspect = Symbol.for('nodejs.util.inspect.custom')

// Classes, so that a tensor that lands in a string or a sum by accident meets these methods; nothing else inherits from them.
abstract class Base {
  abstract readonly tag: Tensor['tag']
  readonly shape: Shape
  readonly dtype: Dtype
  constructor(shape: Shape, dtype: Dtype) {
    this.shape = shape
    this.dtype = dtype
  }
  toString(): string {
    return describe(this)
  }
  [inspect](): string {
    return describe(this)
  }
  toJSON(): never {
    throw mistake('InvalidArgument', 'JSON.stringify', 'a tensor has no JSON form of its own; use Tensor.toArray')
  }
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === 'string') return describe(this)
    return item('coercion to a number')(this)
  }
}
class KnownTensor extends Base implements Constant {
  readonly tag = 'constant'
  readonly data: Data
  constructor(shape: Shape, dtype: Dtype, data: Data) {
    super(shape, dtype)
    this.data = data
  }
}
class UnknownTensor extends Base implements Variable {
  readonly tag = 'variable'
  readonly id: number
  constructor(shape: Shape, dtype: Dtype, id: number) {
    super(shape, dtype)
    this.id = id
  }
}
class ResultTensor extends Base implements Expression {
  readonly tag = 'expression'
  readonly equation: Equation
  readonly index: number
  constructor(shape: Shape, dtype: Dtype, equation: Equation, index: number) {
    super(shape, dtype)
    this.equation = equation
    this.index = index
  }
}

export const isConstant = (x: Tensor): x is Constant => x.tag === 'constant'
export const isVariable = (x: Tensor): x is Variable => x.tag === 'variable'
export const isExpression = (x: Tensor): x is Expression => x.tag === 'expression'
export const isTensor = (x: unknown): x is Tensor => x instanceof Base

let births = 0
/** The one piece of state: numbers for unknowns, in order of birth. */
const nextBirth = (): number => births++

export const constant = (shape: Shape, dtype: Dtype, data: Data): Constant => new KnownTensor(shape, dtype, data)
export const variable = ({ shape, dtype }: Type): Variable => new UnknownTensor(shape, dtype, nextBirth())

const equation = (primitive: Primitive, inputs: Many, attributes: unknown, types: readonly Type[]): Equation => {
  const outputs: Expression[] = []
  const made: Equation = { id: nextBirth(), primitive, inputs, attributes, outputs }
  for (let index = 0; index < types.length; index++) {
    outputs.push(new ResultTensor(types[index]!.shape, types[index]!.dtype, made, index))
  }
  return made
}

/** The number of an unknown's birth; a constant has none. */
export const birth = (x: Tensor): number =>
  isVariable(x) ? x.id : isExpression(x) ? x.equation.id : Number.POSITIVE_INFINITY

const allKnown = (xs: Many): xs is readonly Constant[] => {
  for (let i = 0; i < xs.length; i++) if (xs[i]!.tag !== 'constant') return false
  return true
}

/** The rule of meaning, for primitives with one result. */
export const apply = <I extends Many, A>(primitive: FirstOrder<I, A>, inputs: I, attributes: A): Tensor => {
  const general: FirstOrder = primitive
  const type = general.type(inputs, attributes)
  if (allKnown(inputs)) return general.evaluate(inputs, attributes, type)
  return general.simplify?.(inputs, attributes) ?? equation(general, inputs, attributes, [type]).outputs[0]!
}
/** The rule of meaning, for primitives over programs. */
export const applyControl = <A>(primitive: Control<A>, inputs: Many, attributes: A): Many => {
  if (allKnown(inputs)) return primitive.evaluate(inputs, attributes)
  return equation(primitive as Primitive, inputs, attributes, primitive.types(inputs, attributes)).outputs
}
/** An equation again, on other inputs. */
export const reapply = (e: Equation, inputs: Many): Many =>
  e.primitive.kind === 'control'
    ? applyControl(e.primitive, inputs, e.attributes)
    : [apply(e.primitive, inputs, e.attributes)]

/** One stored element for all indices. */
export const uniform = ({ shape, dtype }: Type, value: number): Constant => {
  const data = allocate(dtype, 1)
  data[0] = value
  return constant(shape, dtype, data)
}
/** Whether a tensor is known to hold one value everywhere; −0 and 0 are told apart. */
export const isUniform = (x: Tensor, value: number): boolean =>
  isConstant(x) && x.data.length === 1 && Object.is(x.data[0], value)
export const zeros = (type: Type): Constant => uniform(type, 0)
export const orZeros = (tangent: Tangent, type: Type): Tensor => tangent ?? zeros(type)

/** One element for each index; not a copy. */
export const elements = (x: Constant): Data => {
  const n = size(x.shape)
  return x.data.length === n ? x.data : allocate(x.dtype, n).fill(x.data[0]!)
}

const called = (x: Tensor): string =>
  `${isExpression(x) ? `the result of ${x.equation.primitive.name}` : 'an argument'}, ${x.dtype} ${showShape(x.shape)}`

/** An unknown that outlived the function it was made for; the operation is the one that met it. */
export const escaped = (operation: string, x: Tensor): Mistake =>
  mistake(
    'EscapedVariable',
    operation,
    `${called(x)}, belongs to a transformed function that has already returned; return it from that function (valueAndGradAux passes more results along)`
  )

/** The tensor, if its elements are known; the operation that wanted to read them is named in the error otherwise. */
export const known =
  (operation: string) =>
  (x: Tensor): Constant => {
    if (isConstant(x)) return x
    if (!isTracing()) throw escaped(operation, x)
    throw mistake(
      'UnknownValue',
      operation,
      `${called(x)}, ` +
        'is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold'
    )
  }
/** The one element of a tensor of any rank. */
export const item =
  (operation: string) =>
  (x: Tensor): number => {
    const { shape, data } = known(operation)(x)
    if (size(shape) !== 1)
      throw mistake(
        'NotScalar',
        operation,
        `a tensor of shape ${showShape(shape)} has ${size(shape)} elements, not one`
      )
    return data[0]!
  }
