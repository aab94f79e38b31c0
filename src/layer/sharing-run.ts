/** Parameters that are shared, frozen, mapped or drawn otherwise, as it runs. */
import * as Tree from '../operation/tree.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import type { Initializer } from '../random/initializer.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { entries } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import { around, outline } from './around.js'
import { namedLeaves } from './inspection.js'
import { frozenIn, isWithin, mapPaths, partAt, requirePart, withoutPart, withPart } from './parameter-paths.js'
import type { RunLayer, Values } from './runtime.js'

export interface Tie {
  readonly from: string
  readonly to: string
  readonly by?: ((x: Tensor) => Tensor) | undefined
}

const below = (path: string, rest: string): string => (rest === '' ? path : `${path}.${rest}`)
/** What stands at `to`: what stands at `from`, every tensor of it changed by a function. */
const shared = (part: Values, by: Tie['by']): Values => (by === undefined ? part : Tree.map(leaf => by(leaf))(part))

/** The two parts of a tie must be alike once the function has been applied. */
const checkTie = (parameters: Values, { from, to, by }: Tie): void => {
  const [source, target] = [from, to].map(path => requirePart('tie', parameters, path))
  if (isWithin(from)(to) || isWithin(to)(from))
    throw mistake('InvalidArgument', 'tie', `'${from}' and '${to}' are one, or one within the other`)
  const given = new Map(
    entries(trace('tie', (part: Values) => shared(part, by), source).tree).map(([path, leaf]) => [path.join('.'), leaf])
  )
  const wanted = entries(target)
  for (const [names, leaf] of wanted) {
    const rest = names.join('.')
    const other = given.get(rest)
    if (other === undefined || given.size !== wanted.length)
      throw mistake('TreeMismatch', 'tie', `'${from}' has other parameters than '${to}'`)
    if (!sameShape(other.shape, leaf.shape))
      throw mistake(
        'ShapeMismatch',
        'tie',
        `'${below(to, rest)}' is ${showShape(leaf.shape)}, and '${below(from, rest)}'${by === undefined ? '' : ', changed as told,'} is ${showShape(other.shape)}${by === undefined && sameShape([...other.shape].reverse(), leaf.shape) ? '; by: Tensor.transpose may be missing' : ''}`
      )
  }
}

export const tieOf = (ties: readonly Tie[], inner: RunLayer): RunLayer => {
  // One after the other: what the one before has left out is there no more.
  const without = (params: Values): Values => ties.reduce((rest, { to }) => withoutPart(rest, to), params)
  ties.reduce(
    (parameters, tie) => {
      checkTie(parameters, tie)
      return withoutPart(parameters, tie.to)
    },
    outline('tie', inner)
  )
  const isFrozen = frozenIn(inner)
  /** What is not to be trained gets no gradient by another use either. */
  const stopped = (from: string): ((part: Values) => Values) =>
    mapPaths('tie', (path, leaf) => (isFrozen(below(from, path).split('.')) ? stopGradient(leaf) : leaf))
  // Backwards, as they were left out: the first tie may be of what a later one has left out.
  const whole = (params: Values): Values =>
    [...ties].reverse().reduce((rest, { from, to, by }) => {
      const part = partAt(rest, from)
      if (part === undefined)
        throw mistake('TreeMismatch', 'tie', `the parameters have no '${from}'; are they of another model?`)
      return withPart(rest, to, shared(stopped(from)(part), by))
    }, params)
  return around('tie', 'Tied', inner, {
    settings: { ties: ties.map(({ from, to }) => ({ from, to })) },
    init: options => key => {
      const [params, rest] = inner.init(options)(key)
      return [without(params), rest]
    },
    forward: (params, mode, look) => inner.forward(whole(params), mode, look)
  })
}

export type Chosen = string | readonly string[] | ((path: string) => boolean)

export const freezeOf = (chosen: Chosen, inner: RunLayer): RunLayer => {
  const paths = typeof chosen === 'function' ? [] : typeof chosen === 'string' ? [chosen] : chosen
  if (paths.length > 0) {
    const parameters = outline('freeze', inner)
    for (const path of paths) requirePart('freeze', parameters, path)
  }
  const frozen = typeof chosen === 'function' ? chosen : (path: string) => paths.some(outer => isWithin(outer)(path))
  const stop = mapPaths('freeze', (path, leaf) => (frozen(path) ? stopGradient(leaf) : leaf))
  return around('freeze', 'Frozen', inner, {
    settings: typeof chosen === 'function' ? {} : { paths },
    frozen,
    forward: (params, mode, look) => inner.forward(stop(params), mode, look)
  })
}

export const mapParametersOf = (f: (path: string, parameter: Tensor) => Tensor, inner: RunLayer): RunLayer => {
  const mapped = mapPaths('mapParameters', f)
  return around('mapParameters', 'Reparameterized', inner, {
    forward: (params, mode, look) => inner.forward(mapped(params), mode, look)
  })
}

/** What an initializer draws, in the shape and dtype of the parameter that it is drawn for. */
const checkDrawn = (path: string, drawn: unknown, { shape, dtype }: Tensor): Tensor => {
  if (!isTensor(drawn) || !sameShape(drawn.shape, shape))
    throw mistake(
      'ShapeMismatch',
      'initializedWith',
      `'${path}' is ${showShape(shape)}, and the initializer for it gives ${isTensor(drawn) ? showShape(drawn.shape) : `the ${typeof drawn} ${String(drawn)}`}`
    )
  return cast(dtype)(drawn)
}

export const initializedWithOf = (
  choose: (path: string, shape: Shape) => Initializer | undefined,
  inner: RunLayer
): RunLayer =>
  around('initializedWith', 'Initialized', inner, {
    init: options => key => {
      const [params, after] = inner.init(options)(key)
      let rest = after
      const drawn = new Map<string, Tensor>()
      // In the order of the layers, so that grouping them otherwise draws the same.
      for (const [path, leaf] of namedLeaves(inner, params)) {
        const initializer = isFloat(leaf) ? choose(path, leaf.shape) : undefined
        if (initializer === undefined) continue
        const [value, next] = initializer(leaf.shape, options)(rest)
        drawn.set(path, checkDrawn(path, value, leaf))
        rest = next
      }
      return [mapPaths('initializedWith', (path, leaf) => drawn.get(path) ?? leaf)(params), rest]
    }
  })
