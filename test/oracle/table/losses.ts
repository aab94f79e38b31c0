/** Losses by the names of PyTorch's functions. */
import * as t from 'io-ts'
import { Loss, type Tensor } from '../../../src/index.js'
import { type Meaning, meaning } from '../oracle.js'
import { functions } from '../suite.js'

type Operands<N extends string> = Readonly<Record<N, Tensor.Tensor>>

const reduction = t.keyof({ mean: null, sum: null, none: null })
const divergence = t.keyof({ mean: null, sum: null, none: null, batchmean: null })

/** Of a prediction and a target. */
const against = <P extends t.Props>(
  props: P,
  loss: (
    options: t.TypeOf<t.ExactC<t.TypeC<P>>>
  ) => (target: Tensor.Tensor) => (prediction: Tensor.Tensor) => Tensor.Tensor
): Meaning =>
  meaning(
    ['input', 'target'],
    t.strict(props),
    options =>
      ({ input, target }) =>
        loss(options)(target)(input)
  )

/** Of operands of which a case may lack some, with options of which it may lack some. */
const partial =
  <N extends string, M extends string, P extends t.Props, Q extends t.Props>(
    names: readonly N[],
    more: readonly M[],
    props: P,
    others: Q,
    loss: (
      options: t.TypeOf<t.TypeC<P>> & t.TypeOf<t.PartialC<Q>>
    ) => (operands: Operands<N> & Partial<Operands<M>>) => Tensor.Tensor
  ): Meaning =>
  c =>
    meaning(
      [...names, ...more.filter(name => name in c.inputs)],
      t.exact(t.intersection([t.type(props), t.partial(others)])),
      options => operands => loss(options)(operands as Operands<N> & Partial<Operands<M>>)
    )(c)

/** An option under the name that it has here, where it is given. */
const renamed = <Name extends string, V>(name: Name, value: V | undefined): { readonly [K in Name]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: V }

const table: Readonly<Record<string, Meaning>> = {
  mse_loss: against({ reduction }, Loss.mse),
  l1_loss: against({ reduction }, Loss.l1),
  smooth_l1_loss: against({ beta: t.number, reduction }, Loss.smoothL1),
  huber_loss: against({ delta: t.number, reduction }, Loss.huber),
  binary_cross_entropy: partial(
    ['input', 'target'],
    ['weight'],
    { reduction },
    {},
    options =>
      ({ input, target, weight }) =>
        Loss.binaryCrossEntropy({ ...options, ...renamed('weight', weight) })(target)(input)
  ),
  binary_cross_entropy_with_logits: partial(
    ['input', 'target'],
    ['weight', 'pos_weight'],
    { reduction },
    {},
    options =>
      ({ input, target, weight, pos_weight }) =>
        Loss.binaryCrossEntropyWithLogits({
          ...options,
          ...renamed('weight', weight),
          ...renamed('positiveWeight', pos_weight)
        })(target)(input)
  ),
  cross_entropy: partial(
    ['input', 'target'],
    ['weight'],
    { reduction },
    { label_smoothing: t.number, ignore_index: t.number },
    ({ reduction, label_smoothing, ignore_index }) =>
      ({ input, target, weight }) =>
        Loss.crossEntropy({
          reduction,
          ...renamed('weight', weight),
          ...renamed('labelSmoothing', label_smoothing),
          ...renamed('ignoreIndex', ignore_index)
        })(target)(input)
  ),
  nll_loss: partial(
    ['input', 'target'],
    ['weight'],
    { reduction },
    { ignore_index: t.number },
    ({ reduction, ignore_index }) =>
      ({ input, target, weight }) =>
        Loss.nll({ reduction, ...renamed('weight', weight), ...renamed('ignoreIndex', ignore_index) })(target)(input)
  ),
  kl_div: against({ log_target: t.boolean, reduction: divergence }, ({ log_target, reduction }) =>
    Loss.klDivergence({ logTarget: log_target, reduction })
  ),
  poisson_nll_loss: partial(
    ['input', 'target'],
    [],
    { log_input: t.boolean, full: t.boolean, reduction },
    { eps: t.number },
    ({ log_input, full, reduction, eps }) =>
      ({ input, target }) =>
        Loss.poissonNll({ logInput: log_input, full, reduction, ...renamed('epsilon', eps) })(target)(input)
  ),
  gaussian_nll_loss: meaning(
    ['input', 'target', 'var'],
    t.strict({ full: t.boolean, eps: t.number, reduction }),
    ({ full, eps, reduction }) =>
      ({ input, target, var: variance }) =>
        Loss.gaussianNll({ full, epsilon: eps, reduction })(target)({ mean: input, variance })
  ),
  hinge_embedding_loss: against({ margin: t.number, reduction }, Loss.hingeEmbedding),
  margin_ranking_loss: meaning(
    ['input1', 'input2', 'target'],
    t.strict({ margin: t.number, reduction }),
    options =>
      ({ input1, input2, target }) =>
        Loss.marginRanking(options)(target)([input1, input2])
  ),
  cosine_embedding_loss: meaning(
    ['input1', 'input2', 'target'],
    t.strict({ margin: t.number, reduction }),
    options =>
      ({ input1, input2, target }) =>
        Loss.cosineEmbedding(options)(target)([input1, input2])
  ),
  triplet_margin_loss: meaning(
    ['anchor', 'positive', 'negative'],
    t.strict({ margin: t.number, p: t.number, eps: t.number, swap: t.boolean, reduction }),
    ({ margin, p, eps, swap, reduction }) => Loss.tripletMargin({ margin, p, epsilon: eps, swap, reduction })
  )
}

export const losses = functions('losses', table)
