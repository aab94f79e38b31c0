/** Groups of parameters, each with an optimizer of its own. */
import * as Tree from '../operation/tree.js'
import { mistake } from '../structure/mistake.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Context, Optimizer, OptimizerState } from './optimizer.js'

type Group = Readonly<Record<string, Tensor>>
interface Member {
  readonly label: string
  readonly optimizer: Optimizer
  /** Where its states begin among those of all. */
  readonly start: number
}

/**
 * A different optimizer for each group of parameters, by the label that a function gives to a path: `optax.multi_transform`, the parameter groups of
 * `torch.optim`.
 *
 * Paths are as `Tree.entries` gives them. Each optimizer sees its group alone: a record of its leaves by path, so that a global norm is that of the
 * group. The states are those of the optimizers in the order of the record.
 *
 * @throws a Mistake, when used, if a label has no optimizer
 *
 * @example
 * import { Optimizer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const optimizer = Optimizer.partition(path => (path.endsWith('bias') ? 'biases' : 'weights'))({
 *   biases: Optimizer.sgd({ learningRate: 0.5 }),
 *   weights: Optimizer.lion({ learningRate: 0.25 })
 * })
 * const params = { weight: Tensor.tensor([1]), bias: Tensor.tensor([1]) }
 * const gradients = { weight: Tensor.tensor([4]), bias: Tensor.tensor([4]) }
 * const context = { loss: Tensor.scalar(0), step: Tensor.scalar(0, { dtype: 'int32' }), valueAndGrad: () => [Tensor.scalar(0), gradients] as const }
 * const [updates] = optimizer.update(gradients, optimizer.init(params), params, context)
 * deepStrictEqual([updates.weight, updates.bias].map(Tensor.toArray), [[-0.25], [-2]])
 */
export const partition =
  <Label extends string>(labelOf: (path: string) => Label) =>
  (optimizers: Readonly<Record<Label, Optimizer>>): Optimizer => {
    const members: Member[] = []
    let slots = 0
    for (const [label, optimizer] of Object.entries<Optimizer>(optimizers)) {
      members.push({ label, optimizer, start: slots })
      slots += optimizer.slots
    }
    const labelled = (path: string): string => {
      const label = labelOf(path)
      if (members.some(member => member.label === label)) return label
      throw mistake(
        'InvalidArgument',
        'Optimizer.partition',
        `'${path}' is labelled '${label}', for which there is no optimizer; there are ${members.map(member => `'${member.label}'`).join(', ') || 'none'}`
      )
    }
    /** The groups of a tree by label. Every path is looked at, whatever groups are asked for. */
    const grouped = (tree: unknown): ((label: string) => Group) => {
      const all = Tree.entries(tree).map(([path, leaf]) => ({ label: labelled(path), entry: [path, leaf] as const }))
      return label => Object.fromEntries(all.filter(each => each.label === label).map(({ entry }) => entry))
    }
    /** The tree with the leaves of groups in place of its own. */
    const withGroups = <P>(groups: readonly Group[], tree: P): P => {
      const leaves = new Map(groups.flatMap(Tree.entries))
      return Tree.mapWithPath((path, leaf) => leaves.get(path) ?? leaf)(tree)
    }
    /** What an optimizer may look at, for parameters of its group alone: the others stay where they are. */
    const within = <P>(label: string, params: P, { loss, step, valueAndGrad }: Context<P>): Context<Group> => ({
      loss,
      step,
      valueAndGrad: at => {
        const [value, gradients] = valueAndGrad(withGroups([at], params))
        return [value, grouped(gradients)(label)]
      }
    })
    return {
      slots,
      init: params => {
        const groupOf = grouped(params)
        return members.flatMap(({ label, optimizer }) => optimizer.init(groupOf(label)))
      },
      update: (gradients, state, params, context) => {
        const [gradientsOf, paramsOf] = [grouped(gradients), grouped(params)]
        const steps = members.map(({ label, optimizer, start }): readonly [Group, OptimizerState] =>
          optimizer.update(
            gradientsOf(label),
            state.slice(start, start + optimizer.slots),
            paramsOf(label),
            within(label, params, context)
          )
        )
        return [
          withGroups(
            steps.map(([updates]) => updates),
            gradients
          ),
          steps.flatMap(([, next]) => next)
        ]
      }
    }
  }
