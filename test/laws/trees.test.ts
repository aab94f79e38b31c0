/** Trees keep their laws, and instances that are broken are seen to be. */
import { describe, test } from 'vitest'
import { tree } from '../../laws/arbitrary.js'
import { type TreeWords, treeLaws, words } from '../../laws/trees.js'
import { add, mul, sub } from '../../src/primitive/arithmetic.js'
import { cast } from '../../src/primitive/conversion.js'
import { reverse } from '../../src/primitive/window.js'
import { isFloat } from '../../src/structure/dtype.js'
import { type Tensor, zeros } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

describe('trees', () => {
  test.each(treeLaws())('$name: $statement', law => holds(law, tree, 100))
})

const broken: readonly (readonly [string, string, Partial<TreeWords>])[] = [
  [
    'a map that loses the last leaf',
    'functor identity',
    { map: f => t => words.fill(words.leaves(t).map((x, i, all) => (i === all.length - 1 ? zeros(x) : f(x))))(t) }
  ],
  ['a map that takes records for arrays', 'functor identity', { map: f => t => words.leaves(t).map(f) }],
  ['a map that applies twice', 'functor composition', { map: f => words.map(x => f(f(x))) }],
  ['a map that does a little more', 'functor identity', { map: f => words.map(x => mul(f(x), 1.001)) }],
  [
    'a map that leaves the first leaf as it is',
    'map by leaves',
    { map: f => t => words.fill(words.leaves(t).map((x, i) => (i === 0 ? x : f(x))))(t) }
  ],
  ['leaves that leave one out', 'fill after leaves', { leaves: t => words.leaves(t).slice(1) }],
  [
    'a fill that starts at the second value',
    'leaves after fill',
    { fill: values => words.fill([...values.slice(1), ...values.slice(0, 1)]) }
  ],
  [
    'a fill that adds to what was there',
    'last fill wins',
    { fill: values => t => words.fill(words.leaves(t).map((x, i) => add(x, values[i]!)))(t) }
  ],
  ['paths without their ends', 'paths', { entries: t => words.entries(t).map(([path, x]) => [path.slice(0, -1), x]) }],
  ['a fold from the right', 'reduce by leaves', { reduce: (start, f) => t => words.leaves(t).reduceRight(f, start) }],
  [
    'leaves paired by the order of insertion',
    'zip pairs by name',
    { zipWith: f => b => a => words.fill(words.leaves(a).map((x, i) => f(x, words.leaves(b)[i]!)))(a) }
  ],
  ['a zip that exchanges its operands', 'zip by leaves', { zipWith: f => words.zipWith((a, b) => f(b, a)) }],
  ['a zip of a tree with itself', 'zip by leaves', { zipWith: f => () => a => words.zipWith(f)(a)(a) }],
  [
    'a map with paths that gives names without those above',
    'map with paths',
    { mapWithPath: f => words.mapWithPath((path, x) => f(path.slice(path.lastIndexOf('.') + 1), x)) }
  ],
  [
    'a zip with paths that pairs by the order of insertion',
    'zip with paths',
    {
      zipWithPath: f => b => a => words.fill(words.entries(a).map(([path, x], i) => f(path, x, words.leaves(b)[i]!)))(a)
    }
  ],
  ['a zip that maps in its own way', 'zip and map', { zipWith: f => words.zipWith((a, b) => mul(f(a, b), 1.001)) }],
  [
    'a lens that gets another leaf',
    'set what was got',
    { at: path => ({ ...words.at(path), get: t => words.leaves(t)[0]! }) }
  ],
  ['a lens that does not set', 'get what was set', { at: path => ({ ...words.at(path), set: () => t => t }) }],
  [
    'a lens that adds to what was there',
    'last set wins',
    { at: path => ({ ...words.at(path), set: x => t => words.at(path).set(add(x, words.at(path).get(t)))(t) }) }
  ],
  [
    'a lens that sets all leaves',
    'set elsewhere',
    { at: path => ({ ...words.at(path), set: x => words.map(() => x) }) }
  ],
  ['floats that become whole', 'cast floats', { castFloats: dtype => words.map(x => cast(dtype)(cast('int32')(x))) }],
  ['all leaves in another dtype', 'cast floats', { castFloats: dtype => words.map(cast(dtype)) }],
  ['floats left as they are', 'cast floats', { castFloats: () => t => t }],
  [
    'a cast that leaves the first leaf out',
    'cast leaf by leaf',
    { castFloats: dtype => t => words.fill(words.leaves(t).map((x, i) => (i === 0 ? x : cast(dtype)(x))))(t) }
  ],
  [
    'a cast there and back',
    'cast once',
    {
      castFloats: dtype =>
        words.map(x => (x.dtype === dtype ? cast(dtype === 'float32' ? 'float64' : 'float32')(x) : cast(dtype)(x)))
    }
  ],
  [
    'a cast that drops digits that float32 has',
    'widened and back',
    { castFloats: dtype => t => words.castFloats(dtype)(dtype === 'float64' ? words.map(shortened)(t) : t) }
  ],
  ['a zero that is one', 'zero', { zerosLike: words.map(x => add(mul(x, 0), 1)) }],
  ['a sum that is a difference', 'commutative', { add: words.sub }],
  ['a sum that is a mean', 'associative', { add: b => a => words.scale(0.5)(words.add(b)(a)) }],
  ['a difference that is a sum', 'inverse', { sub: words.add }],
  ['a multiple that forgets the sign', 'distributive', { scale: factor => words.scale(Math.abs(factor)) }],
  ['a multiple that is off by a millionth', 'scaling', { scale: factor => words.scale(factor + 1e-6) }],
  ['a multiple that is a power', 'distributive', { scale: factor => words.scale(factor * factor) }],
  [
    'an inner product of one leaf',
    'norm',
    { dot: b => a => words.dot(words.leaves(b)[0] ?? [])(words.leaves(a)[0] ?? []) }
  ],
  [
    'an inner product of opposite orders',
    'inner product',
    { dot: b => a => words.dot(words.map(backwards)(b))(words.map(x => mul(x, x))(a)) }
  ],
  ['a norm that is a sum', 'norm', { norm: t => words.dot(t)(t) }]
]
/** A float with fewer binary digits, as half precision has them. */
function shortened(x: Tensor): Tensor {
  return isFloat(x) ? sub(add(x, 4096), 4096) : x
}
function backwards(x: Parameters<Parameters<TreeWords['map']>[0]>[0]) {
  return reverse([...x.shape.keys()])(x)
}
describe('every broken tree is caught within 100 runs', () => {
  test.each(broken)('%s (%s)', (_, name, wrong) => fails(named(treeLaws({ ...words, ...wrong }), name), tree))
})
