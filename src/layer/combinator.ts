/**
 * Combinators: layers made of layers, beside `sequential`, `parallel` and `residual`.
 *
 * 1. `branch(f, g)(x) = [f(x), g(x)]`, and `concat(f, g)` is `branch(f, g)`, its outputs joined
 * 2. `repeat(m + n)(f) = sequential(repeat(m)(f), repeat(n)(f))`, in outputs and in the leaves that are drawn
 * 3. `when(true, f) = f`, `when(false, f) = identity`
 * 4. `split(f, g) = first(f) ⋙ second(g)`, `fanout(f, g) = branch(identity, identity) ⋙ split(f, g)`: arrows, whose randomness goes from left to right
 */
import type { Shape } from '../structure/shape-types.js'
import { branchOf, concatOf, liftOf, type Condition as RunCondition, repeatOf, whenOf } from './combinator-run.js'
import type {
  BranchOf,
  ConcatOf,
  Condition,
  Fanned,
  FromEnd,
  Joining,
  Keeping,
  Lifted,
  RepeatOf,
  WhenOf
} from './combinator-types.js'
import { parallelOf } from './composition.js'
import type { Distinct, Parallel } from './composition-types.js'
import { identity, typed, untyped } from './layer.js'
import type { RunLayer } from './runtime.js'
import type { AnyLayer, Input } from './types.js'

// The types of the arguments hold messages: what they come to is not known where they are generic.
const plain = (layer: unknown): RunLayer => untyped(layer as AnyLayer)
const plainAll = (layers: unknown): readonly RunLayer[] => (layers as readonly AnyLayer[]).map(untyped)

/**
 * One input to all of several layers, side by side: `x → [f(x), g(x), …]`.
 *
 * Parameters are a record by name or place, as those of `sequential`. Shapes: `[…, I] → ([…, O₁], […, O₂], …)`, where `I` is the longest
 * of the inputs, over whose leading axes the other layers are lifted.
 *
 * @throws a Mistake if the inputs do not fit each other, or there is no layer; where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const both = Layer.branch(Layer.linear(2, 3), Layer.named('gate', Layer.linear(2, 1)))
 * const params = Layer.initialize(both)(Random.key(1))
 * const [a, b] = both.apply(params)(Tensor.ones([5, 2]))
 * deepStrictEqual([Tensor.shape(a), Tensor.shape(b), Object.keys(params)], [[5, 3], [5, 1], ['0', 'gate']])
 */
export const branch = <Ls extends readonly AnyLayer[]>(...layers: Fanned<Ls>): BranchOf<Ls> =>
  typed<AnyLayer>(branchOf(plainAll(layers))) as BranchOf<Ls>

/**
 * One input to all of several layers, and their outputs joined along an axis of the features, counted from the end: `torch.cat` of branches,
 * as in Inception (Szegedy et al. 2015), where channels are axis −3.
 *
 * Shapes: `[…, I] → […, O]`, where `O` has the sum of the sizes along that axis. Dtypes are promoted to the one that holds all.
 *
 * @throws a Mistake if inputs do not fit each other, if outputs differ apart from the axis, or if it is not among their features (see `lift`);
 * where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rows = Layer.lift([2])(Layer.linear(3, 4))
 * const model = Layer.concatAlong(-2)(rows, Layer.lift([2])(Layer.linear(3, 4)))
 * deepStrictEqual(Tensor.shape(model.apply(Layer.initialize(model)(Random.key(1)))(Tensor.ones([5, 2, 3]))), [5, 4, 4])
 */
export const concatAlong =
  <Axis extends number>(axis: FromEnd<Axis>) =>
  <Ls extends readonly AnyLayer[]>(...layers: Joining<Axis, Ls>): ConcatOf<Axis, Ls> =>
    typed<AnyLayer>(concatOf(axis as number, plainAll(layers))) as ConcatOf<Axis, Ls>

/**
 * One input to all of several layers, and their outputs joined along the last axis: `torch.cat` of branches. `concatAlong` takes another axis.
 *
 * Shapes: `[…, I] → […, O₁ + O₂ + …]`. Dtypes are promoted to the one that holds all.
 *
 * @throws a Mistake if inputs do not fit each other, if outputs differ apart from the last axis or have none among their features (see `lift`);
 * where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.concat(Layer.linear(2, 3), Layer.linear(2, 4)), Layer.linear(7, 1))
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([5, 2]))), [5, 1])
 */
export const concat = <Ls extends readonly AnyLayer[]>(...layers: Joining<-1, Ls>): ConcatOf<-1, Ls> =>
  typed<AnyLayer>(concatOf(-1, plainAll(layers))) as ConcatOf<-1, Ls>

/**
 * The same layer so many times, each with parameters of its own, under "0", "1", …: `torch.nn.Sequential(*[layer for _ in range(n)])`.
 *
 * Drawn one after the other: `repeat(2)(f)` is `sequential(f, f)`. No times is the identity.
 *
 * @throws a Mistake if input and output differ in shape (where the sizes are literal, it does not compile), or for what is no number of times
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const block = Layer.residual(Layer.sequential(Layer.linear(4, 4), Layer.tanh))
 * const model = Layer.repeat(3)(block)
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Object.keys(params), ['0', '1', '2'])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([5, 4]))), [5, 4])
 */
export const repeat =
  <N extends number>(count: N) =>
  <L extends AnyLayer>(layer: Keeping<'repeat', L>): RepeatOf<N, L> =>
    typed<AnyLayer>(repeatOf(count, plain(layer))) as RepeatOf<N, L>

/**
 * A layer under a condition; without it, its input goes on as it is. The parameters are those of the layer in any case.
 *
 * The condition is a boolean, a mode (`'training'` or `'evaluation'`), or a function of the input that gives one bool, which may be unknown:
 * then only what is chosen is computed, except under `vmap` (see `Control.cond`), and the layer is coupled over its batch, as all of it is
 * what the function sees.
 *
 * @throws a Mistake if input and output differ in shape (where the sizes are literal, it does not compile), or if the function does not give one bool
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const large = (x: Tensor.Tensor) => pipe(x, Tensor.abs, Tensor.max(), Tensor.greater(1))
 * const tamed = Layer.when(large, Layer.tanh)
 * deepStrictEqual(Tensor.toArray(tamed.apply({})(Tensor.tensor([0.5, -1]))), [0.5, -1])
 * deepStrictEqual(Tensor.toArray(Tensor.round(tamed.apply({})(Tensor.tensor([100, -100])))), [1, -1])
 */
export const when = <L extends AnyLayer>(condition: Condition<Input<L>>, layer: Keeping<'when', L>): WhenOf<L> =>
  typed<AnyLayer>(whenOf(condition as RunCondition, plain(layer))) as WhenOf<L>

/**
 * A layer with more axes, before its own, among its features: the same numbers, and a declared shape.
 *
 * Every layer is lifted over leading axes by itself; this says how many and how long they are, where shapes have to be told: an activation is
 * `[] → []`, and `lift([13])(tanh)` is `[13] → [13]`. Then outputs can be joined by `concat`, and arrows composed by `Category`.
 *
 * @throws a Mistake if the axes are no sizes, or, when applied, if an input does not end in them
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const both = Layer.concat(Layer.lift([2])(Layer.relu), Layer.lift([2])(Layer.identity))
 * deepStrictEqual(Tensor.toArray(both.apply({})(Tensor.tensor([[-1, 2]]))), [[0, 2, -1, 2]])
 */
export const lift =
  <const Leading extends Shape>(leading: Leading) =>
  <L extends AnyLayer>(layer: L): Lifted<Leading, L> =>
    typed<AnyLayer>(liftOf(leading, untyped(layer))) as Lifted<Leading, L>

/**
 * A layer for the first of a pair: `[x, y] → [f(x), y]`, the arrows' `first`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.first(Layer.linear(2, 3))
 * const [a, b] = model.apply(Layer.initialize(model)(Random.key(1)))([Tensor.ones([5, 2]), Tensor.ones([5, 7])])
 * deepStrictEqual([Tensor.shape(a), Tensor.shape(b)], [[5, 3], [5, 7]])
 */
export const first = <L extends AnyLayer>(layer: L): Parallel<[L, typeof identity]> =>
  typed<Parallel<[L, typeof identity]>>(parallelOf([untyped(layer), untyped(identity)]))

/**
 * A layer for the second of a pair: `[x, y] → [x, f(y)]`, the arrows' `second`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.second(Layer.linear(2, 3))
 * const [a, b] = model.apply(Layer.initialize(model)(Random.key(1)))([Tensor.ones([5, 7]), Tensor.ones([5, 2])])
 * deepStrictEqual([Tensor.shape(a), Tensor.shape(b)], [[5, 7], [5, 3]])
 */
export const second = <L extends AnyLayer>(layer: L): Parallel<[typeof identity, L]> =>
  typed<Parallel<[typeof identity, L]>>(parallelOf([untyped(identity), untyped(layer)]))

/**
 * Two layers, one for each of a pair: `[x, y] → [f(x), g(y)]`, the arrows' `***`, which is `parallel` of two.
 *
 * @throws a Mistake if both have one name; where it is literal, it does not compile
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [a, b] = Layer.split(Layer.relu, Layer.identity).apply({})([Tensor.tensor([-1]), Tensor.tensor([-1])])
 * deepStrictEqual([Tensor.toArray(a), Tensor.toArray(b)], [[0], [-1]])
 */
export const split = <Both extends readonly [AnyLayer, AnyLayer]>(...both: Distinct<Both>): Parallel<Both> =>
  typed<Parallel<Both>>(parallelOf(plainAll(both)))

/**
 * Two layers for one input: `x → [f(x), g(x)]`, the arrows' `&&&`, which is `branch` of two.
 *
 * @throws a Mistake if the inputs do not fit each other, or both have one name; where these are literal, it does not compile
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [a, b] = Layer.fanout(Layer.relu, Layer.identity).apply({})(Tensor.tensor([-1]))
 * deepStrictEqual([Tensor.toArray(a), Tensor.toArray(b)], [[0], [-1]])
 */
export const fanout = <Both extends readonly [AnyLayer, AnyLayer]>(...both: Fanned<Both>): BranchOf<Both> =>
  typed<AnyLayer>(branchOf(plainAll(both))) as BranchOf<Both>
