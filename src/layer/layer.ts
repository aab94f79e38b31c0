/**
 * Layers: pure functions over immutable parameters, composed.
 *
 * 1. Composition: `sequential(f, g).apply(p)(x) = g.apply(p[1])(f.apply(p[0])(x))`
 * 2. Identity: `sequential(identity, f)`, `sequential(f, identity)` and `f` agree in outputs and in the leaves that are drawn
 * 3. Associativity: both groupings of three layers agree in outputs, leaves and masks
 * 4. Lifting: `f(batch)[i] = f(batch[i])`, unless a layer says that it is coupled over its batch
 */
import type { State } from 'fp-ts/lib/State.js'
import * as Tree from '../operation/tree.js'
import { type Key, key as keyOf } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { checkName, identityLayer, parallelOf, residualOf, sequentialOf } from './composition.js'
import type {
  Appended,
  Checked,
  Distinct,
  Endo,
  LayerName,
  Onto,
  Parallel,
  ResidualOf,
  SequentialOf
} from './composition-types.js'
import { checkOutput } from './inspection.js'
import { linearOf } from './linear.js'
import { empty, fitsTail, type RunLayer, showSizes, trailing, type Values } from './runtime.js'
import { dropoutOf, runningMeanOf } from './stateful.js'
import type { AnyLayer, Empty, Layer, LinearOf, Named, Pointwise } from './types.js'

/** The run-time part of a layer with the compiler's types put on: the one place where the two meet. */
export const typed = <L extends AnyLayer>(run: RunLayer): L => {
  const apply =
    (params: Values, buffers: Values = run.buffers) =>
    (x: Values): Values =>
      run.forward(params, 'evaluation')(x)({ buffers, key: keyOf(0) })[0]
  return { ...run, apply } as RunLayer as RunLayer & L
}
/** And taken off again. */
export const untyped = (layer: AnyLayer): RunLayer => layer as RunLayer & AnyLayer

/**
 * The fully connected layer, `x Wᵀ + b`: `torch.nn.Linear`, in layout and in initialisation.
 *
 * `weight [outFeatures, inFeatures]` and `bias [outFeatures]` are drawn equally likely from ±1/√inFeatures. `bias` is true unless given.
 * Shapes: `[…, inFeatures] → […, outFeatures]`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const linear = Layer.linear(3, 2)
 * const params = Layer.initialize(linear)(Random.key(42))
 * deepStrictEqual(Tensor.shape(params.weight), [2, 3])
 * deepStrictEqual(Tensor.shape(linear.apply(params)(Tensor.ones([5, 3]))), [5, 2])
 */
export const linear = <I extends number, O extends number, Bias extends boolean = true>(
  inFeatures: I,
  outFeatures: O,
  { bias = true as Bias }: { readonly bias?: Bias } = {}
): LinearOf<I, O, Bias> => typed<AnyLayer>(linearOf(inFeatures, outFeatures, bias)) as LinearOf<I, O, Bias>

/**
 * The layer that changes nothing, the unit of `sequential`: `torch.nn.Identity`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.identity.apply({})(Tensor.tensor([1, 2]))), [1, 2])
 */
export const identity: Pointwise<'identity'> = typed(identityLayer)

/**
 * Layers one after the other: `torch.nn.Sequential`. Composition of functions, and of their parameters.
 *
 * Parameters are a record by name (see `named`) or place; layers without parameters are left out of it.
 *
 * @throws a Mistake that names both layers and sizes if they do not fit; where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
 * const params = Layer.initialize(model)(Random.key(42))
 * deepStrictEqual(Object.keys(params), ['0', '2'])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([9, 1]))), [9, 1])
 */
export const sequential = <Ls extends readonly AnyLayer[]>(...layers: Checked<Ls>): SequentialOf<Ls> =>
  typed<AnyLayer>(sequentialOf((layers as readonly AnyLayer[]).map(untyped))) as SequentialOf<Ls>

/**
 * The same layer under a name, by which its parameters, its line in `show` and messages are known.
 *
 * @throws a Mistake for a name that is empty, a number, or has a dot: paths such as `hidden.weight` must stay readable both ways
 *
 * @example
 * import { Layer, Random } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.named('hidden_linear', Layer.linear(1, 8)), Layer.tanh)
 * deepStrictEqual(Object.keys(Layer.initialize(model)(Random.key(42))), ['hidden_linear'])
 */
export const named = <const N extends string, L extends AnyLayer>(name: LayerName<N>, layer: L): Named<N, L> =>
  ({ ...layer, name: checkName(name as string) }) as AnyLayer as Named<N, L>

const listOf = (layer: RunLayer): readonly RunLayer[] =>
  layer.kind === 'sequential' && layer.name === undefined ? layer.children.map(child => child.layer) : [layer]
/**
 * One more layer at the end: `pipe(sequential(a, b), andThen(c))` is `sequential(a, b, c)`, `torch.nn.Sequential.append`.
 *
 * @example
 * import { Layer, pipe } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const model = pipe(Layer.linear(1, 13), Layer.andThen(Layer.tanh), Layer.andThen(Layer.linear(13, 1)))
 * strictEqual(Layer.show(model), Layer.show(Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))))
 */
export const andThen =
  <L extends AnyLayer>(next: L) =>
  <A extends AnyLayer>(before: Onto<A, L>): Appended<A, L> =>
    typed<AnyLayer>(sequentialOf([...listOf(untyped(before as A)), untyped(next)])) as Appended<A, L>

/**
 * Layers side by side, the arrows' `***`: `[x, y] → [f(x), g(y)]`.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const both = Layer.parallel(Layer.linear(2, 3), Layer.tanh)
 * const [a, b] = both.apply(Layer.initialize(both)(Random.key(1)))([Tensor.ones([5, 2]), Tensor.zeros([5, 7])])
 * deepStrictEqual([Tensor.shape(a), Tensor.shape(b)], [[5, 3], [5, 7]])
 */
export const parallel = <Ls extends readonly AnyLayer[]>(...layers: Distinct<Ls>): Parallel<Ls> =>
  typed<Parallel<Ls>>(parallelOf((layers as readonly AnyLayer[]).map(untyped)))

/**
 * A layer with its input added to its output: `x + f(x)` (He et al. 2016).
 *
 * @throws a Mistake if input and output differ in shape; where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const doubled = Layer.residual(Layer.identity)
 * deepStrictEqual(Tensor.toArray(doubled.apply(Layer.initialize(doubled)(Random.key(1)))(Tensor.tensor([1, 2]))), [2, 4])
 */
export const residual = <L extends AnyLayer>(inner: Endo<L>): ResidualOf<L> =>
  typed<AnyLayer>(residualOf(untyped(inner as L))) as ResidualOf<L>

/**
 * In training each element is 0 with a probability, and the others are divided by what remains: `torch.nn.Dropout`. In evaluation nothing happens.
 *
 * The coins come from the key that is passed through the forward pass. `probability` is 0.5 unless given.
 *
 * @throws a Mistake if the probability is not between 0 and 1
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const dropout = Layer.dropout({ probability: 0.5 })
 * const [output] = dropout.forward({}, 'training')(Tensor.ones([4]))({ buffers: {}, key: Random.key(3) })
 * deepStrictEqual([...new Set(Tensor.toArray(output))].sort(), [0, 2])
 */
export const dropout = ({ probability = 0.5 }: { readonly probability?: number } = {}): Pointwise<'dropout'> =>
  typed(dropoutOf({ kind: 'dropout', name: 'Dropout', probability, shared: 0 }))

/**
 * The input less its mean over the batch in training, less the running mean in evaluation: the simplest layer that remembers.
 *
 * `mean ← (1 − momentum) · mean + momentum · batch mean`; momentum is 0.1 unless given. It is coupled over its batch.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const centre = Layer.runningMean(1, { momentum: 0.5 })
 * const memory = { buffers: centre.buffers, key: Random.key(1) }
 * const [output, after] = centre.forward({}, 'training')(Tensor.tensor([[2], [4]]))(memory)
 * deepStrictEqual(Tensor.toArray(output), [[-1], [1]])
 * deepStrictEqual(Tensor.toArray(after.buffers.mean), [1.5])
 */
export const runningMean = <N extends number>(
  features: N,
  { momentum = 0.1 }: { readonly momentum?: number } = {}
): Layer<Empty, [N], [N], { readonly mean: Tensor<[N]> }, 'runningMean'> => typed(runningMeanOf(features, momentum))

/**
 * A user's own layer, as good as a built-in one: what a subclass of `torch.nn.Module` is in PyTorch.
 *
 * `input` and `output` are the last axes; `apply` gets tensors with any leading axes. The output's shape is checked against what is declared.
 * Floating parameters are drawn as `init` does, in the dtype that `Layer.initialize` is asked for.
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import * as S from 'fp-ts/lib/State.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const scaling = Layer.make({
 *   name: 'scaling',
 *   input: [3],
 *   output: [3],
 *   init: pipe(Random.draw(Random.uniform([3])), S.map(factor => ({ factor }))),
 *   apply: ({ factor }) => x => pipe(x, Tensor.mul(factor))
 * })
 * const model = Layer.sequential(Layer.linear(2, 3), scaling)
 * deepStrictEqual(Layer.namedParameters(model)(Layer.initialize(model)(Random.key(1))).map(([name]) => name), [
 *   '0.weight',
 *   '0.bias',
 *   '1.factor'
 * ])
 */
export const make = <P, const I extends Shape, const O extends Shape, const K extends string>({
  name,
  input,
  output,
  init,
  apply,
  settings = empty
}: {
  readonly name: K
  readonly input: I
  readonly output: O
  readonly init: State<Key, P>
  readonly apply: (params: P) => (x: Tensor<readonly [...Shape, ...I]>) => Tensor
  /** Plain data for `spec` and `show`. */
  readonly settings?: { readonly [name: string]: number | string | boolean }
}): Layer<P, [...I], [...O], Empty, K> =>
  typed({
    kind: name,
    printed: {
      name,
      settings: Object.entries(settings)
        .map(([setting, value]) => `${setting}=${value}`)
        .join(', ')
    },
    settings,
    children: [],
    input,
    output,
    shapeOf: trailing(name, input, output),
    batchCoupled: false,
    init:
      ({ dtype }) =>
      key => {
        const [params, rest] = init(key)
        return [Tree.castFloats(dtype)(params), rest]
      },
    buffers: empty,
    forward: params => {
      const run = apply(params as P)
      return given => memory => {
        const x = given as Tensor
        if (x.shape.length < input.length || !fitsTail(input, x.shape)) {
          throw mistake('ShapeMismatch', name, `input ${showShape(x.shape)} does not end in ${showSizes(input)}`)
        }
        return [checkOutput(name, output, input, x.shape, run(x as Tensor<readonly [...Shape, ...I]>)), memory]
      }
    }
  })
