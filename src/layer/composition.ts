/**
 * Layers made of layers. Randomness and buffers are threaded through in order, so that grouping changes nothing:
 * `sequential(a, sequential(b, c))` draws the same parameters and masks as `sequential(sequential(a, b), c)`.
 */

import { add } from '../primitive/arithmetic.js'
import { isMistake, mistake, within } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import {
  type Child,
  elementwise,
  fitsTail,
  isShape,
  type Look,
  type Memory,
  part,
  type RunLayer,
  type RunShape,
  showSizes,
  together,
  unknownSize,
  type Values
} from './runtime.js'

/** How a layer is called in messages: by its name, or by its place and kind. */
export const called = (layer: RunLayer, index: number): string =>
  layer.name === undefined ? `layer ${index} (${layer.kind})` : `layer '${layer.name}'`

export const checkName = (name: string): string => {
  // Parameters under '__proto__' would be the record's prototype, and no tree would find them.
  if (name === '' || name.includes('.') || /^\d+$/.test(name) || name === '__proto__') {
    throw mistake(
      'InvalidArgument',
      'Layer.named',
      `'${name}' cannot be a layer name: names have no dots, are not numbers and not empty or __proto__, so that paths stay readable both ways`
    )
  }
  return name
}

export const childrenOf = (operation: string, layers: readonly RunLayer[]): readonly Child[] => {
  const children = layers.map((layer, i) => ({ name: layer.name ?? String(i), layer }))
  const names = new Set<string>()
  for (const { name } of children) {
    if (names.has(name))
      throw mistake('DuplicateName', operation, `layer name '${name}' is used twice; Layer.named gives another`)
    names.add(name)
  }
  return children
}

/** Draws the parameters of children, one after the other. */
const initAll =
  (children: readonly Child[]): RunLayer['init'] =>
  options =>
  key => {
    let rest = key
    const values = children.map(({ layer }) => {
      const [drawn, next] = layer.init(options)(rest)
      rest = next
      return drawn
    })
    return [together(children, values), rest]
  }

/** How a transparent child is called, which has its parent's paths: as `show` calls it. */
const inner = 'inner'
/** Paths below a transparent child as its parent tells them: another `inner` is the inner one of this one, so that neither hides the other. */
const seenThrough = (path: readonly string[]): readonly string[] =>
  path.every(name => name === inner) ? [inner, ...path] : path

/** One child's forward pass inside its parent's: its own part of parameters and buffers, its name in the path of mistakes. */
export const forwardChild = (
  { name, layer }: Child,
  params: Values,
  mode: 'training' | 'evaluation',
  look: Look | undefined
) => {
  const below: Look | undefined =
    look && ((path, output) => look(name === undefined ? seenThrough(path) : [name, ...path], output))
  const run = layer.forward(part(params, name), mode, below)
  return (x: Values, { buffers, key }: Memory): [Values, Memory] => {
    const apply = () => run(x)({ buffers: part(buffers, name), key })
    const [output, after] = name === undefined ? apply() : within(name)(apply)
    look?.([name ?? inner], output)
    return [output, after]
  }
}

/** What layers so far take and give. */
export interface Chain {
  readonly input: RunShape
  readonly output: RunShape
}
const isList = (tree: RunShape): tree is readonly RunShape[] => Array.isArray(tree) && !isShape(tree)
/** The tree with more leading axes in each of its shapes. */
export const under = (leading: Shape, tree: RunShape): RunShape =>
  isShape(tree)
    ? [...leading, ...tree]
    : isList(tree)
      ? tree.map(part => under(leading, part))
      : Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, under(leading, part)]))
export const sameTree = (a: RunShape, b: RunShape): boolean => {
  if (isShape(a) || isShape(b)) return isShape(a) && isShape(b) && a.length === b.length && fitsTail(a, b)
  const [partsA, partsB] = [Object.entries(a), new Map(Object.entries(b))]
  return (
    Array.isArray(a) === Array.isArray(b) &&
    partsA.length === partsB.size &&
    partsA.every(([name, part]) => partsB.has(name) && sameTree(part, partsB.get(name)!))
  )
}

/** What they take and give together with one more, as `Then` in the types; undefined where sizes differ. */
export const followed = ({ input, output }: Chain, layer: RunLayer): Chain | undefined => {
  const wanted = layer.input
  if (isShape(output) && isShape(wanted)) {
    if (!fitsTail(wanted, output)) return undefined
    const missing = wanted.slice(0, Math.max(0, wanted.length - output.length))
    const leading = output.slice(0, Math.max(0, output.length - wanted.length))
    const own = output.slice(leading.length)
    // Of sizes that are all known a layer tells more than it declares.
    const exact = missing.length === 0 && !own.includes(unknownSize) ? layer.shapeOf(own) : layer.output
    return { input: under(missing, input), output: under(leading, exact) }
  }
  if (layer.kind === 'parallel' && isList(output) && output.length === layer.children.length) {
    const own = isList(input) && input.length === output.length ? input : undefined
    const parts = layer.children.map((child, i) =>
      followed({ input: (own ?? output)[i]!, output: output[i]! }, child.layer)
    )
    const fitting = parts.filter(part => part !== undefined)
    if (fitting.length < parts.length) return undefined
    return { input: own ? fitting.map(part => part.input) : input, output: fitting.map(part => part.output) }
  }
  return sameTree(output, wanted) ? { input, output: layer.output } : undefined
}

/** What a layer says against a shape, told with how it is called. */
export const toldOf = <A>(operation: string, name: string, run: () => A): A => {
  try {
    return run()
  } catch (error) {
    throw isMistake(error) ? mistake(error._tag, operation, `${name}: ${error.detail}`) : error
  }
}

/** The shapes of a sequence: what its first layer needs, with the leading axes that later ones ask for, and what its last gives. */
const chainShapes = ([first, ...rest]: readonly RunLayer[]): Chain => {
  if (first === undefined) return { input: [], output: [] }
  return rest.reduce<Chain>(
    (chain, layer, i) => {
      const next = toldOf('sequential', called(layer, i + 1), () => followed(chain, layer))
      if (next !== undefined) return next
      const before = called(rest[i - 1] ?? first, i)
      throw mistake(
        'ShapeMismatch',
        'sequential',
        `${called(layer, i + 1)} expects input ${showSizes(layer.input)} but ${before} produces ${showSizes(chain.output)}`
      )
    },
    { input: first.input, output: first.output }
  )
}

/** What layers made of others have in common. */
export const composite = (
  kind: string,
  name: string,
  children: readonly Child[]
): Omit<RunLayer, 'forward' | 'input' | 'output' | 'shapeOf'> => ({
  kind,
  printed: { name, settings: '' },
  settings: {},
  children,
  batchCoupled: children.some(({ layer }) => layer.batchCoupled),
  init: initAll(children),
  buffers: together(
    children,
    children.map(({ layer }) => layer.buffers)
  )
})

export const sequentialOf = (layers: readonly RunLayer[]): RunLayer => {
  const children = childrenOf('Layer.sequential', layers)
  return {
    ...composite('sequential', 'Sequential', children),
    ...chainShapes(layers),
    shapeOf: given =>
      children.reduce((shape, { name, layer }) => within(name ?? '')(() => layer.shapeOf(shape)), given),
    forward: (params, mode, look) => {
      const runs = children.map(child => forwardChild(child, params, mode, look))
      return x => memory => {
        let output = x
        let { key } = memory
        const buffers = runs.map(run => {
          const [next, after] = run(output, { buffers: memory.buffers, key })
          output = next
          key = after.key
          return after.buffers
        })
        return [output, { buffers: together(children, buffers), key }]
      }
    }
  }
}

/** A forward pass of children one after the other, each on an input of its own; their outputs are joined. */
export const forwardEach =
  (
    children: readonly Child[],
    inputsOf: (x: Values) => readonly Values[],
    join: (outputs: readonly Values[]) => Values
  ): RunLayer['forward'] =>
  (params, mode, look) => {
    const runs = children.map(child => forwardChild(child, params, mode, look))
    return x => memory => {
      const inputs = inputsOf(x)
      let { key } = memory
      const results = runs.map((run, i) => {
        const result = run(inputs[i], { buffers: memory.buffers, key })
        key = result[1].key
        return result
      })
      const buffers = together(
        children,
        results.map(([, after]) => after.buffers)
      )
      return [join(results.map(([output]) => output)), { buffers, key }]
    }
  }

/** Layers side by side: the i-th takes the i-th input and gives the i-th output. */
export const parallelOf = (layers: readonly RunLayer[]): RunLayer => {
  const children = childrenOf('Layer.parallel', layers)
  const checkInputs = (given: unknown): readonly unknown[] => {
    if (!Array.isArray(given) || given.length !== layers.length) {
      throw mistake('TreeMismatch', 'parallel', `needs an array of ${layers.length} inputs, one for each layer`)
    }
    return given
  }
  const shapesInside = (given: RunShape): readonly RunShape[] => checkInputs(given) as readonly RunShape[]
  return {
    ...composite('parallel', 'Parallel', children),
    input: layers.map(layer => layer.input),
    output: layers.map(layer => layer.output),
    shapeOf: given => shapesInside(given).map((shape, i) => layers[i]!.shapeOf(shape)),
    shapesInside,
    forward: forwardEach(children, checkInputs, outputs => outputs)
  }
}

/** `x + inner(x)` */
export const residualOf = (inner: RunLayer): RunLayer => {
  const child: Child = { name: undefined, layer: inner }
  if (
    isShape(inner.input) &&
    isShape(inner.output) &&
    (inner.input.length !== inner.output.length || !fitsTail(inner.input, inner.output))
  ) {
    throw mistake(
      'ShapeMismatch',
      'residual',
      `needs a layer with equal input and output, not ${showSizes(inner.input)} to ${showSizes(inner.output)}`
    )
  }
  return {
    ...composite('residual', 'Residual', [child]),
    input: inner.input,
    output: inner.output,
    shapeOf: inner.shapeOf,
    forward: (params, mode, look) => {
      const run = forwardChild(child, params, mode, look)
      return x => memory => {
        const [output, after] = run(x, memory)
        if (!isTensor(x) || !isTensor(output))
          throw mistake('TreeMismatch', 'residual', 'needs a layer from one tensor to one tensor')
        return [add(x as Tensor, output as Tensor), after]
      }
    }
  }
}

export const identityLayer: RunLayer = {
  ...elementwise('identity', 'Identity'),
  forward: () => x => memory => [x, memory]
}
