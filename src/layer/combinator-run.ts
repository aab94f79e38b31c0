/** Combinators as they run: one input to several layers, the same layer again, a layer under a condition, leading axes as features. */
import { cond } from '../control/cond.js'
import { concat } from '../operation/joining.js'
import * as Tree from '../operation/tree.js'
import { cast } from '../primitive/conversion.js'
import type { Dtype } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, normalizeAxis, type Shape, showShape } from '../structure/shape.js'
import { isConstant, isTensor, type Tensor } from '../tensor/tensor.js'
import { leaves } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import { around } from './around.js'
import {
  called,
  childrenOf,
  composite,
  followed,
  forwardEach,
  sameTree,
  sequentialOf,
  toldOf,
  under
} from './composition.js'
import { shapesOf } from './inspection.js'
import {
  fitsTail,
  isShape,
  type Memory,
  type Mode,
  type RunLayer,
  type RunShape,
  showSizes,
  unknownSize,
  type Values
} from './runtime.js'

/** What all of several layers take: the longest of their inputs, over whose leading axes the others are lifted. */
const commonInput = (operation: string, layers: readonly RunLayer[]): RunShape => {
  const [first] = layers
  if (first === undefined) throw mistake('InvalidArgument', `Layer.${operation}`, 'needs at least one layer')
  let [input, before] = [first.input, called(first, 0)]
  layers.forEach((layer, i) => {
    const chain = toldOf(operation, called(layer, i), () => followed({ input, output: input }, layer))
    if (chain === undefined)
      throw mistake(
        'ShapeMismatch',
        operation,
        `${called(layer, i)} expects input ${showSizes(layer.input)} but ${before} expects ${showSizes(input)}`
      )
    if (showSizes(chain.input) !== showSizes(input)) before = called(layer, i)
    input = chain.input
  })
  return input
}
/** What each layer gives for the input that all of them take. */
const outputsFor = (input: RunShape, layers: readonly RunLayer[]): readonly RunShape[] =>
  layers.map(layer => followed({ input, output: input }, layer)!.output)

/** One input to all layers; their outputs side by side. */
const fannedOut = (
  kind: 'branch' | 'concat',
  name: string,
  layers: readonly RunLayer[],
  join: {
    readonly shapes: (outputs: readonly RunShape[]) => RunShape
    readonly values: (outputs: readonly Values[]) => Values
  }
): RunLayer => {
  const input = commonInput(kind, layers)
  const children = childrenOf(`Layer.${kind}`, layers)
  return {
    ...composite(kind, name, children),
    input,
    output: join.shapes(outputsFor(input, layers)),
    shapeOf: given => join.shapes(layers.map(layer => layer.shapeOf(given))),
    shapesInside: given => layers.map(() => given),
    forward: forwardEach(children, x => layers.map(() => x), join.values)
  }
}

export const branchOf = (layers: readonly RunLayer[]): RunLayer =>
  fannedOut('branch', 'Branch', layers, { shapes: outputs => outputs, values: outputs => outputs })

/** The shape of tensors joined along an axis counted from the end, sizes that are not known among theirs. */
const joined = (axis: number, layers: readonly RunLayer[], outputs: readonly RunShape[]): Shape =>
  outputs.reduce<Shape | undefined>((sum, output, i) => {
    if (!isShape(output))
      throw mistake('ShapeMismatch', 'concat', `${called(layers[i]!, i)} produces ${showSizes(output)}, not one tensor`)
    const at = normalizeAxis('concat', output.length, axis)
    if (sum === undefined) return output
    const others = (shape: Shape): Shape => shape.map((extent, j) => (j === at ? unknownSize : extent))
    if (!sameTree(others(sum), others(output)))
      throw mistake(
        'ShapeMismatch',
        'concat',
        `${called(layers[i]!, i)} produces ${showSizes(output)} but ${called(layers[0]!, 0)} produces ${showSizes(outputs[0]!)}: they differ apart from axis ${axis}`
      )
    return sum.map((extent, j) => {
      const other = output[j]!
      if (j !== at) return extent === unknownSize ? other : extent
      return extent === unknownSize || other === unknownSize ? unknownSize : extent + other
    })
  }, undefined)!

export const concatOf = (axis: number, layers: readonly RunLayer[]): RunLayer => {
  if (!Number.isInteger(axis) || axis >= 0)
    throw mistake(
      'InvalidArgument',
      'Layer.concatAlong',
      `axis is ${axis}; it is counted from the end, so that leading axes do not matter: -1 is the last`
    )
  return {
    ...fannedOut('concat', 'Concat', layers, {
      shapes: outputs => joined(axis, layers, outputs),
      values: outputs => concat(axis)(outputs as readonly Tensor[])
    }),
    settings: { axis }
  }
}

/** A layer that may follow itself: what it gives is what it takes. */
const checkKeeps = (operation: 'repeat' | 'when', { input, output }: RunLayer): void => {
  if (sameTree(input, output)) return
  throw mistake(
    'ShapeMismatch',
    operation,
    `needs a layer with equal input and output, not ${showSizes(input)} to ${showSizes(output)}`
  )
}

export const repeatOf = (count: number, layer: RunLayer): RunLayer => {
  if (!Number.isInteger(count) || count < 0)
    throw mistake('InvalidArgument', 'Layer.repeat', `${count} times; it must be a whole number of 0 or more`)
  checkKeeps('repeat', layer)
  const { name: _, ...copy } = layer
  return {
    ...sequentialOf(new Array<RunLayer>(count).fill(copy)),
    kind: 'repeat',
    settings: { count },
    input: layer.input,
    output: layer.output
  }
}

/** True always or never, in one of the modes, or as a function of the input says. */
export type Condition = boolean | Mode | ((x: Values) => Tensor)

type Run = (x: Values) => (memory: Memory) => [Values, Memory]
/** The input where a layer is left out, in the dtypes in which the layer would give it: they do not hang on the condition. */
const left = (x: Values, dtypes: readonly Dtype[]): Values => {
  let next = 0
  return Tree.map(leaf => cast(dtypes[next++] ?? leaf.dtype)(leaf))(x)
}
const dtypesOf = (output: Values): readonly Dtype[] => leaves(output).map(leaf => leaf.dtype)

/** What a layer gives where a scalar, which may be unknown, is true, and otherwise its input. `silent` is the layer that nobody looks into. */
const chosen =
  (condition: Tensor, run: Run, silent: Run): Run =>
  x =>
  memory => {
    // A known condition is looked up, so that whoever looks at the layers inside sees numbers.
    if (isConstant(condition)) {
      if (condition.data[0]) return run(x)(memory)
      return [left(x, dtypesOf(trace('when', (y: Values) => silent(y)(memory)[0], x).tree)), memory]
    }
    let dtypes: readonly Dtype[] = []
    const yes = ([y, before]: readonly [Values, Memory]) => {
      const after = silent(y)(before)
      dtypes = dtypesOf(after[0])
      return after
    }
    const no = ([y, before]: readonly [Values, Memory]): [Values, Memory] => [left(y, dtypes), before]
    return cond(condition, yes, no)([x, memory])
  }

const isOneBool = (value: unknown): value is Tensor =>
  isTensor(value) && value.dtype === 'bool' && value.shape.length === 0
const shownValue = (value: unknown): string =>
  isTensor(value) ? `${value.dtype} ${showShape(value.shape)}` : `the ${typeof value} ${String(value)}`

export const whenOf = (condition: Condition, inner: RunLayer): RunLayer => {
  checkKeeps('when', inner)
  const settings = typeof condition === 'function' ? {} : { condition }
  const forward: RunLayer['forward'] = (params, mode, look) => {
    if (typeof condition !== 'function')
      return condition === true || condition === mode ? inner.forward(params, mode, look) : x => memory => [x, memory]
    const [run, silent] = [inner.forward(params, mode, look), inner.forward(params, mode)]
    return x => {
      const holds = condition(x)
      if (!isOneBool(holds))
        throw mistake('ShapeMismatch', 'when', `the condition must give one bool, not ${shownValue(holds)}`)
      return chosen(holds, run, silent)(x)
    }
  }
  return around('when', 'When', inner, {
    settings,
    // Where the whole input decides, each example depends on the others.
    batchCoupled: inner.batchCoupled || typeof condition === 'function',
    forward
  })
}

const endsIn = (wanted: RunShape, given: RunShape): boolean =>
  isShape(wanted)
    ? isShape(given) && given.length >= wanted.length && fitsTail(wanted, given)
    : !isShape(given) &&
      Object.entries(wanted).every(([name, part]) => {
        const other = (given as Readonly<Record<string, RunShape>>)[name]
        return other !== undefined && endsIn(part as RunShape, other)
      })

export const liftOf = (leading: Shape, inner: RunLayer): RunLayer => {
  const input = under(checkShape('Layer.lift', leading), inner.input)
  const check = (given: RunShape): void => {
    if (!endsIn(input, given))
      throw mistake('ShapeMismatch', 'lift', `input ${showSizes(given)} does not end in ${showSizes(input)}`)
  }
  return around('lift', 'Lift', inner, {
    settings: { leading },
    input,
    output: under(leading, inner.output),
    shapeOf: given => {
      check(given)
      return inner.shapeOf(given)
    },
    forward: (params, mode, look) => {
      const run = inner.forward(params, mode, look)
      return x => {
        check(shapesOf(x))
        return run(x)
      }
    }
  })
}
