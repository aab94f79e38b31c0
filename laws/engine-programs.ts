/**
 * Whole programs put together at random, for the laws of engines: every primitive and control, on shapes and numbers of all kinds, values used often
 * or never, results that are arguments, constants, views and each other.
 *
 * A program is data, a list of lines that each hold a name and a few numbers, and any such list is one: it shrinks line by line and number by
 * number. What a counterexample shows is the program that was traced, and its inputs.
 */
import fc from 'fast-check'
import { show, trace } from '../src/compiler/program.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { cos } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { type Constant, elements, type Many, type Tensor, uniform } from '../src/tensor/tensor.js'
import { jvp } from '../src/transform/forward.js'
import { grad } from '../src/transform/reverse.js'
import { furtherOperations, nestingOperations } from './engine-controls.js'
import { drawFrom, limitedValue, type Operation } from './engine-draw.js'
import { primitiveOperations } from './engine-operations.js'
import { filled, large, type Recipe, recipesOf, type Sizes, shapesOf, small, word } from './engine-values.js'
import { primitiveNames } from './primitives.js'

/** A function of many tensors with many results, and two points of one type. */
export interface EngineCase {
  readonly f: (xs: Many) => Many
  readonly inputs: readonly Constant[]
  /** Inputs of the same shapes and dtypes with other elements. */
  readonly others: readonly Constant[]
  /** The program that is traced, and its inputs. */
  readonly about: () => string
}

const operations: { readonly [name: string]: Operation } = {
  ...primitiveOperations,
  ...furtherOperations,
  ...nestingOperations
}
const nestingNames = Object.keys(nestingOperations)
const plainNames = [...primitiveNames, ...Object.keys(furtherOperations)]
/** All that a line can be. */
export const operationNames: readonly string[] = [...plainNames, ...nestingNames]

interface Line {
  readonly name: string
  readonly numbers: readonly number[]
  readonly inner: readonly Line[]
}
/** What is done to the whole: nothing, or a derivative of all floating results in all floating inputs. */
type Whole = 'itself' | 'grad' | 'jvp'
interface Draft {
  readonly recipes: readonly Recipe[]
  readonly lines: readonly Line[]
  /** Places of further results. */
  readonly results: readonly number[]
  readonly whole: Whole
  /** The largest number of elements. */
  readonly limit: number
}

const numbers = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
const plainLine: fc.Arbitrary<Line> = fc.record({
  name: fc.constantFrom(...plainNames),
  numbers,
  inner: fc.constant([])
})
const nesting = (line: fc.Arbitrary<Line>): fc.Arbitrary<Line> =>
  fc.record({
    name: fc.constantFrom(...nestingNames),
    numbers,
    inner: fc.array(line, { minLength: 1, maxLength: 4, size: 'max' })
  })
/** What networks and their losses are made of, with conditions and parts in between. */
const networkLine: fc.Arbitrary<Line> = fc.record({
  name: fc.constantFrom(
    ...['dense', 'dense', 'softmax', 'normalized', 'affine', 'twice', 'matmul', 'sum', 'amax', 'tanh', 'sigmoid'],
    ...['mul', 'add', 'sub', 'where', 'less', 'maximum', 'log', 'take', 'slice', 'permute', 'reshape', 'broadcast']
  ),
  numbers,
  inner: fc.constant([])
})
const innerLine = fc.oneof({ weight: 9, arbitrary: plainLine }, { weight: 1, arbitrary: nesting(plainLine) })
const line = fc.oneof({ weight: 9, arbitrary: plainLine }, { weight: 1, arbitrary: nesting(innerLine) })

/** The values given, and one for each line. */
const run = (lines: readonly Line[], given: Many, limit: number): Many => {
  const values: Tensor[] = [...given]
  for (const { name, numbers, inner } of lines) {
    const seen = [...values]
    const half = Math.ceil(inner.length / 2)
    const parts = { first: inner.slice(0, half), second: inner.slice(half) }
    const last = (xs: Many): Tensor => xs[xs.length - 1]!
    const draw = drawFrom(values, numbers, {
      run: (further, part) => last(run(part === undefined ? inner : parts[part], [...seen, ...further], limit)),
      alone: xs => last(run(inner, xs, limit))
    })
    values.push(limitedValue(operations[name]!(draw), limit))
  }
  return values
}

/** Not all weights alike, or a gradient would not tell its elements apart. */
const weighed = (xs: Many): Tensor<[]> =>
  xs
    .filter(isFloat)
    .map((x, i): Tensor => mul(sumAll(cast('float64')(x)), 1 - i / 4))
    .reduce((a, b) => add(a, b), uniform({ shape: [], dtype: 'float64' }, 0)) as Tensor<[]>

/** The derivative in the floating inputs, the others being held. */
const gradient =
  (f: (xs: Many) => Many) =>
  (xs: Many): Many => {
    const floats = xs.filter(isFloat)
    const around = (ys: Many): Many => {
      let next = 0
      return xs.map(x => (isFloat(x) ? ys[next++]! : x))
    }
    return floats.length === 0 ? f(xs) : [...grad((ys: Many) => weighed(f(around(ys))))(floats)]
  }
const pushed =
  (f: (xs: Many) => Many) =>
  (xs: Many): Many =>
    jvp(f)(
      xs,
      xs.map(x => (isFloat(x) ? cos(x) : x))
    ).flat()
const wholes: { readonly [K in Whole]: (f: (xs: Many) => Many) => (xs: Many) => Many } = {
  itself: f => f,
  grad: gradient,
  jvp: pushed
}

/** All there is in a tensor, a few hundred elements of it: what a person needs to try it again. */
const told = (x: Constant): string => {
  const values = Array.from(elements(x).slice(0, 300), value => (Object.is(value, -0) ? '-0' : String(value)))
  return `${x.dtype}[${x.shape.join(',')}]${x.data.length === 1 ? ' stored once' : ''}: ${values.join(' ')}`
}

const caseOf = ({ recipes: given, lines, results, whole, limit }: Draft): EngineCase => {
  const inputs = given.map(filled)
  const f = wholes[whole]((xs: Many): Many => {
    const values = run(lines, xs, limit)
    return [values[values.length - 1]!, ...results.map(place => values[place % values.length]!)]
  })
  return {
    f,
    inputs,
    others: given.map((recipe, i) => filled({ ...recipe, seed: word(recipe.seed, i) & 0xffff })),
    about: () => [show(trace(f)(inputs)), ...inputs.map((x, i) => `x${i} = ${told(x)}`)].join('\n')
  }
}
/** A case that prints as what it is about. */
const readable = (c: EngineCase): EngineCase => ({ ...c, [fc.toStringMethod]: () => `\n${c.about()}\n` }) as EngineCase

/** Inputs of which some are alike, so that operations meet them as they are. */
const recipesIn = (sizes: Sizes): fc.Arbitrary<readonly Recipe[]> =>
  fc
    .tuple(fc.array(recipesOf(sizes), { minLength: 1, maxLength: 5, size: 'max' }), shapesOf(sizes), fc.nat(0xff))
    .map(([all, shape, alike]) => all.map((recipe, i) => ((alike >> i) % 2 === 1 ? { ...recipe, shape } : recipe)))

const drafted = (
  sizes: Sizes,
  lines: fc.Arbitrary<readonly Line[]>,
  results: fc.Arbitrary<readonly number[]>,
  whole: fc.Arbitrary<Whole>
): fc.Arbitrary<EngineCase> =>
  fc
    .record<Draft>({ recipes: recipesIn(sizes), lines, results, whole, limit: fc.constant(sizes.limit) })
    .map(draft => readable(caseOf(draft)))

const someWhole: fc.Arbitrary<Whole> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Whole>('itself') },
  { weight: 2, arbitrary: fc.constant<Whole>('grad') },
  { weight: 1, arbitrary: fc.constant<Whole>('jvp') }
)
/** Programs of one to so many lines, on tensors of some sizes. */
export const programsOf = (maxLines: number, sizes: Sizes = small): fc.Arbitrary<EngineCase> =>
  drafted(
    sizes,
    fc.array(line, { minLength: 1, maxLength: maxLines, size: 'max' }),
    fc.array(fc.nat(40), { maxLength: 4 }),
    someWhole
  )

/** Networks and their gradients, as far as chance makes them. */
export const networkPrograms: fc.Arbitrary<EngineCase> = drafted(
  small,
  fc.array(networkLine, { minLength: 2, maxLength: 12, size: 'max' }),
  fc.array(fc.nat(40), { maxLength: 2 }),
  fc.oneof({ weight: 1, arbitrary: fc.constant<Whole>('itself') }, { weight: 2, arbitrary: fc.constant<Whole>('grad') })
)
/** Short programs and long ones, and networks. */
export const enginePrograms: fc.Arbitrary<EngineCase> = fc.oneof(
  { weight: 3, arbitrary: programsOf(5) },
  { weight: 2, arbitrary: programsOf(12) },
  { weight: 1, arbitrary: programsOf(30) },
  { weight: 2, arbitrary: networkPrograms }
)
/** On tensors of many elements. */
export const largePrograms: fc.Arbitrary<EngineCase> = programsOf(6, large)

/** Programs of a single operation: the smallest in which it can go wrong. */
export const programOf = (name: string, sizes: Sizes = small): fc.Arbitrary<EngineCase> => {
  const inner = fc.array(plainLine, { minLength: 1, maxLength: 3, size: 'max' })
  const one: fc.Arbitrary<Line> = fc.record({
    name: fc.constant(name),
    numbers,
    inner: nestingNames.includes(name) ? inner : fc.constant([])
  })
  return drafted(
    sizes,
    one.map(each => [each]),
    fc.constant([]),
    fc.constant<Whole>('itself')
  )
}
