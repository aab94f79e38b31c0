/** Tensors made of plain numbers, and what is read off them: there and back nothing changes. */
import fc from 'fast-check'
import { matmul } from '../src/primitive/contraction.js'
import { reshape } from '../src/primitive/movement.js'
import { allocate, type Dtype } from '../src/structure/dtype.js'
import { range, size } from '../src/structure/shape.js'
import * as Library from '../src/Tensor.js'
import { constant, elements, known, type Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { any as anyShape } from './operation-case.js'

/** What `Tensor` exports beside operations: what makes tensors of numbers, and what is read off them. */
export const words = [
  'tensor',
  'fromData',
  'scalar',
  'full',
  'zeros',
  'ones',
  'arange',
  'linspace',
  'eye',
  'shape',
  'dtype',
  'rank',
  'size',
  'item',
  'toArray',
  'toData',
  'show',
  'isTensor',
  'equals',
  'Eq'
] as const
export type ReadingName = (typeof words)[number]
/** What the laws are about: this library's words, or an instance that may be wrong. */
export type ReadingWords = Pick<typeof Library, ReadingName>

/** A law, and the words that it is about. */
export interface ReadingLaw {
  readonly law: Law<Tensor>
  readonly about: readonly ReadingName[]
}

const dtypes: readonly Dtype[] = ['float32', 'float64', 'int32', 'bool']
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double()
)
/** Tensors of all dtypes, −0, NaN and infinities among their elements. */
export const tensors: fc.Arbitrary<Tensor> = fc.tuple(anyShape, fc.constantFrom(...dtypes)).chain(([shape, dtype]) => {
  const of = dtype === 'bool' ? fc.nat(1) : dtype === 'int32' ? fc.integer() : numbers
  return fc.array(of, { minLength: size(shape), maxLength: size(shape) }).map(values => {
    const data = allocate(dtype, values.length)
    data.set(values)
    return constant(shape, dtype, data)
  })
})

export const readingLaws = (w: ReadingWords = Library): readonly ReadingLaw[] => {
  const about = (words: readonly ReadingName[], named: Law<Tensor>): ReadingLaw => ({ about: words, law: named })
  const numbersOf = (x: Tensor): readonly number[] => Array.from(w.toData(x))
  const first = (x: Tensor): number => numbersOf(x)[0]!
  return [
    about(
      ['tensor', 'toArray', 'dtype'],
      law('arrays and back', 'tensor(toArray x, dtype x) = x, and it has that dtype', x => {
        const again = w.tensor(w.toArray(x) as never, { dtype: w.dtype(x) }) as Tensor
        return w.equals(x)(again) && w.dtype(again) === x.dtype
      })
    ),
    about(
      ['fromData', 'toData', 'shape', 'dtype'],
      law('data and back', 'fromData(shape x, toData x) = x, with the same dtype', x => {
        const again = w.fromData(w.shape(x), w.toData(x))
        return w.equals(x)(again) && w.dtype(again) === x.dtype
      })
    ),
    about(
      ['fromData', 'toData'],
      law('copies', 'who writes to data that were given or taken changes no tensor', x => {
        const before = Array.from(elements(known('a law')(x)))
        const data = w.toData(x)
        const made = w.fromData(w.shape(x), data)
        data.fill(7)
        w.toData(made).fill(7)
        return [x, made].every(each => numbersOf(each).every((value, i) => Object.is(value, before[i])))
      })
    ),
    about(
      ['shape', 'rank', 'size', 'toData'],
      law('sizes', 'rank x = |shape x|, size x = Π shape x = |toData x|', x => {
        const shape = w.shape(x)
        return w.rank(x) === shape.length && w.size(x) === size(shape) && w.toData(x).length === size(shape)
      })
    ),
    about(
      ['scalar', 'item', 'rank'],
      law('one number', 'item(scalar(a)) = a, whatever its axes', x => {
        const one = w.scalar(first(x), { dtype: x.dtype })
        return (
          w.rank(one) === 0 && Object.is(w.item(one), first(x)) && Object.is(w.item(reshape([1, 1])(one)), first(x))
        )
      })
    ),
    about(
      ['full', 'zeros', 'ones'],
      law('constants', 'zeros s = full(s, 0), ones s = full(s, 1), every element of full(s, a) is a', x => {
        const [shape, options] = [w.shape(x), { dtype: w.dtype(x) }]
        return (
          w.equals(w.full(shape, 0, options))(w.zeros(shape, options)) &&
          w.equals(w.full(shape, 1, options))(w.ones(shape, options)) &&
          numbersOf(w.full(shape, first(x), options)).every(each => Object.is(each, first(x)))
        )
      })
    ),
    about(
      ['arange', 'linspace'],
      law('ranges', 'arange(b, a, s)[i] = a + i s; linspace(a, b, n) from a to b in n equal steps', (x, choice) => {
        const [count, start, step] = [w.size(x) + 1, choice % 7, 1 + (choice % 3)]
        const ends = [start, start + (count - 1) * step] as const
        const expected = range(count).map(i => start + i * step)
        const same = (found: Tensor): boolean => numbersOf(found).join() === expected.join()
        return same(w.arange(ends[1] + 1, { start, step })) && same(w.linspace(...ends, count, { dtype: 'float64' }))
      })
    ),
    about(
      ['eye'],
      law('unit matrix', 'eye(n) v = v', x => {
        const column = w.fromData(
          [w.size(x), 1],
          Float64Array.from(range(w.size(x)), i => i - 1.5)
        )
        const unit = w.eye(w.size(x), { dtype: 'float64' })
        return w.equals(column)(matmul({ left: false, right: false })(unit, column))
      })
    ),
    about(
      ['equals', 'Eq'],
      law(
        'equality',
        'x = x; x ≠ y for another shape, dtype or element; equals y x = Eq.equals(x, y) = Eq.equals(y, x)',
        x => {
          const data = w.toData(x)
          const last = data[data.length - 1]!
          data[data.length - 1] = last === 1 ? 0 : 1
          const others = [
            reshape([...w.shape(x), 1])(x),
            w.fromData(w.shape(x), x.dtype === 'int32' ? new Float32Array(data) : new Int32Array(data)),
            w.fromData(w.shape(x), data)
          ]
          const alike = (y: Tensor): readonly boolean[] => [w.equals(y)(x), w.Eq.equals(x, y), w.Eq.equals(y, x)]
          return (
            alike(x).every(Boolean) &&
            alike(w.fromData(w.shape(x), w.toData(x))).every(Boolean) &&
            !others.flatMap(alike).some(Boolean)
          )
        }
      )
    ),
    about(
      ['isTensor'],
      law('recognition', 'x is a tensor; its arrays, data and shape are none', x => {
        return w.isTensor(x) && ![w.toArray(x), w.toData(x), w.shape(x), null, undefined].some(w.isTensor)
      })
    ),
    about(
      ['show'],
      law('printing', 'show x = String x, the same for equal tensors, and names each dtype but float32', x => {
        const shown = w.show(x)
        return (
          shown === String(x) &&
          shown === w.show(w.fromData(w.shape(x), w.toData(x))) &&
          shown.startsWith('tensor(') &&
          shown.includes(`dtype=${x.dtype}`) === (x.dtype !== 'float32')
        )
      })
    )
  ]
}
