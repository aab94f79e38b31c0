/** What must hold of every layer: those of the library, and a user's own. */
import { select } from '../src/data/dataset.js'
import { shapesOf } from '../src/layer/inspection.js'
import { untyped } from '../src/layer/layer.js'
import { frozenIn } from '../src/layer/parameter-paths.js'
import { fitsTail, isShape, type RunShape, type Values } from '../src/layer/runtime.js'
import type { Mode } from '../src/layer/types.js'
import { map } from '../src/operation/tree.js'
import { reshape } from '../src/primitive/movement.js'
import { concat } from '../src/primitive/window.js'
import { isFloat } from '../src/structure/dtype.js'
import { range, size } from '../src/structure/shape.js'
import { entries, leaves, refill } from '../src/tensor/tree.js'
import { type Case, derivativeLaws } from './derivatives.js'
import { contramap, type Law, law } from './law.js'
import type { LayerCase } from './layer-case.js'
import { close, copy, identical } from './same.js'
import { functionLaws } from './transformations.js'

const modes: readonly Mode[] = ['training', 'evaluation']

/** The forward pass of a case in a mode, with all that comes out of it. */
const run = ({ layer, params, memory, x }: LayerCase, mode: Mode) => untyped(layer).forward(params, mode)(x)(memory)

const endsIn = (declared: RunShape, actual: RunShape): boolean =>
  isShape(declared)
    ? isShape(actual) && actual.length >= declared.length && fitsTail(declared, actual)
    : Object.entries(declared).every(([name, part]) =>
        endsIn(part as RunShape, (actual as unknown as Readonly<Record<string, RunShape>>)[name] ?? [])
      )

export const purity: Law<LayerCase> = law(
  'purity',
  'forward(p)(x)(m) = forward(p)(x)(m), to the last bit, and p, x and m are what they were',
  subject => {
    const { params, memory, x } = subject
    const before = copy({ params, memory, x })
    return (
      modes.every(mode => identical(run(subject, mode), run(subject, mode))) && identical(before, { params, memory, x })
    )
  }
)

export const evaluation: Law<LayerCase> = law(
  'evaluation',
  'apply(p, b)(x) = fst(forward(p, evaluation)(x)(b, key)), for every key, and the buffers stay',
  subject => {
    const { layer, params, memory, x } = subject
    const { apply } = layer as unknown as { apply: (params: Values, buffers: Values) => (x: Values) => Values }
    const [output, after] = run(subject, 'evaluation')
    return identical(apply(params, memory.buffers)(x), output) && identical(after, memory)
  }
)

export const declaredShapes: Law<LayerCase> = law(
  'declared shapes',
  'shape(forward(p)(x)) = shapeOf(shape(x)), which ends in what the layer declares, and no buffer changes its shape',
  subject => {
    const { input, output, shapeOf } = untyped(subject.layer)
    const given = shapesOf(subject.x)
    return modes.every(mode => {
      const [result, after] = run(subject, mode)
      return (
        identical(shapesOf(result), shapeOf(given)) &&
        identical(shapesOf(after.buffers), shapesOf(subject.memory.buffers)) &&
        endsIn(input, given) &&
        endsIn(output, shapesOf(result))
      )
    })
  }
)

export const drawing: Law<LayerCase> = law(
  'drawing',
  'init draws the same from the same key, in the dtype that is asked for',
  ({ layer, memory: { key } }) =>
    (['float32', 'float64'] as const).every(dtype => {
      const drawn = untyped(layer).init({ dtype })
      return identical(drawn(key), drawn(key)) && leaves(drawn(key)[0]).every(leaf => leaf.dtype === dtype)
    })
)

const example = (i: number) => (batch: Values) => map(x => reshape(x.shape.slice(1))(x))(select([i])(batch)) as Values

/** Of cases with leading axes; without one there is no batch. */
export const lifting: Law<LayerCase> = law(
  'lifting',
  'apply(p)(batch)[i] ≈ apply(p)(batch[i]), unless the layer is coupled over its batch',
  subject => {
    const [count] = subject.lead
    if (count === undefined || untyped(subject.layer).batchCoupled) return true
    const [whole] = run(subject, 'evaluation')
    return range(count).every(i =>
      close(1e-12)(example(i)(whole), run({ ...subject, x: example(i)(subject.x) }, 'evaluation')[0])
    )
  }
)

/**
 * The layer as a function of its parameters and inputs together, its floating outputs in one row: what laws of derivatives are about.
 * Whatever is not floating (indices, masks) is held, and so are parameters that are not to be trained.
 */
const functionOf =
  (mode: Mode) =>
  (subject: LayerCase): Case => {
    const { layer, params, memory, x } = subject
    const point = [params, x]
    const all = leaves(point)
    const frozen = entries(params).map(([path]) => frozenIn(untyped(layer))(path))
    const moves = all.map((leaf, i) => isFloat(leaf) && frozen[i] !== true)
    return {
      inputs: all.filter((_, i) => moves[i]),
      f: values => {
        let next = 0
        const moved = all.map((leaf, i) => (moves[i] ? values[next++]! : leaf))
        const [p, y] = refill(point, moved) as unknown as readonly Values[]
        const [output] = untyped(layer).forward(p, mode)(y)(memory)
        return concat(0)(
          leaves(output)
            .filter(isFloat)
            .map(leaf => reshape([size(leaf.shape)])(leaf))
        )
      }
    }
  }
/** The laws of derivatives and transformations, of layers in training and in evaluation. */
export const functionLawsOfLayers: readonly Law<LayerCase>[] = modes.flatMap(mode =>
  [...derivativeLaws, ...functionLaws].map(({ name, ...rest }) =>
    contramap(functionOf(mode))({ ...rest, name: `${name}, in ${mode}` })
  )
)

/** Every law of a single layer. */
export const layerLaws: readonly Law<LayerCase>[] = [
  purity,
  evaluation,
  declaredShapes,
  drawing,
  lifting,
  ...functionLawsOfLayers
]
