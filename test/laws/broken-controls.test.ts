/** Loops, choices and kept functions that are wrong in a way somebody could have got wrong, and for each a law that sees it, whatever the seed. */
import type fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Case } from '../../laws/case.js'
import { controls, unboundedControls } from '../../laws/controls.js'
import { adjointness, centralDifference } from '../../laws/derivatives.js'
import { words as derivativeWords } from '../../laws/first-derivatives.js'
import { forwardDerivatives } from '../../laws/forward-derivatives.js'
import type { Law } from '../../laws/law.js'
import { type LoopWords, loopLaws, loops, words } from '../../laws/loops.js'
import { vmapIsMap } from '../../laws/transformations.js'
import { callPrimitive, customJvp } from '../../src/control/call.js'
import { condPrimitive } from '../../src/control/cond.js'
import { scanPrimitive } from '../../src/control/scan.js'
import { whilePrimitive } from '../../src/control/while.js'
import { mul } from '../../src/primitive/arithmetic.js'
import { stopGradient } from '../../src/primitive/conversion.js'
import { cos, sin } from '../../src/primitive/elementary.js'
import { broadcast, permute } from '../../src/primitive/movement.js'
import { not } from '../../src/primitive/selection.js'
import { reverse, slice } from '../../src/primitive/window.js'
import {
  applyControl,
  type Control,
  isExpression,
  item,
  type Primitive,
  reapply,
  type Tensor,
  variable
} from '../../src/tensor/tensor.js'
import { interpret } from '../../src/transform/graph.js'
import { fails, named } from './verdict.js'

/** A control with wrong rules, which its derivatives have too. */
const wrongly = <A>(right: Control<A>, wrong: Partial<Control<A>>): Control<A> => {
  const again = (x: Tensor): Tensor =>
    isExpression(x) && x.equation.primitive === (right as Primitive)
      ? applyControl(made, x.equation.inputs, x.equation.attributes as A)[x.index]!
      : x
  const made: Control<A> = {
    ...right,
    ...wrong,
    linearize: (inputs, active, attributes) => {
      const [outputs, push] = (wrong.linearize ?? right.linearize)(inputs, active, attributes)
      return [outputs, tangents => push(tangents).map(t => t && again(t))]
    }
  }
  return made
}
/** A case with a control exchanged for a wrong one. */
const exchanged = <A>(of: fc.Arbitrary<Case>, right: Control<A>, wrong: Partial<Control<A>>): fc.Arbitrary<Case> => {
  const made = wrongly(right, wrong)
  return of.map(({ f, inputs }) => {
    const unknowns = inputs.map(variable)
    const root = f(unknowns)
    return {
      inputs,
      f: xs => {
        const [y] = interpret<Tensor>([root], new Map(unknowns.map((v, i) => [v as Tensor, xs[i]!])), {
          independent: x => x,
          equation: (e, values) =>
            e.primitive === (right as Primitive) ? applyControl(made, values, e.attributes as A) : reapply(e, values)
        })
        return y!
      }
    }
  })
}

/** The first two axes after the batch exchanged, where that leaves the shape as it is. */
const turned = (x: Tensor): Tensor =>
  x.shape.length > 2 && x.shape[0] === x.shape[1] ? permute([1, 0, ...x.shape.keys()].toSpliced(2, 2))(x) : x

const { secondForwards } = forwardDerivatives(derivativeWords)

const broken: readonly (readonly [string, Law<Case>, fc.Arbitrary<Case>])[] = [
  [
    'a loop transposed forwards',
    adjointness,
    exchanged(controls.fold, scanPrimitive, {
      transpose: (linear, cotangents, inputs, loop) =>
        scanPrimitive.transpose(linear, cotangents, inputs, { ...loop, backwards: !loop.backwards })
    })
  ],
  [
    'a loop that forgets what is the same in every step',
    adjointness,
    exchanged(controls.fold, scanPrimitive, {
      transpose: (linear, cotangents, inputs, loop) =>
        scanPrimitive
          .transpose(linear, cotangents, inputs, loop)
          .map((c, i) => (i >= loop.carries + loop.sequences ? undefined : c))
    })
  ],
  [
    'a loop that forgets its outputs',
    adjointness,
    exchanged(controls['outputs of a scan'], scanPrimitive, {
      transpose: (linear, cotangents, inputs, loop) =>
        scanPrimitive.transpose(
          linear,
          cotangents.map((c, i) => (i < loop.carries ? c : undefined)),
          inputs,
          loop
        )
    })
  ],
  [
    'a loop batched along the wrong axis',
    vmapIsMap,
    exchanged(controls.fold, scanPrimitive, {
      batch: (inputs, batched, loop) =>
        scanPrimitive.batch(
          inputs.map((x, i) => (batched[i] && i >= loop.carries && i < loop.carries + loop.sequences ? turned(x) : x)),
          batched,
          loop
        )
    })
  ],
  [
    'a loop of unknown length that loses a tangent',
    centralDifference,
    exchanged(unboundedControls['whileLoop whose members stop apart'], whilePrimitive, {
      linearize: (inputs, active, loop) => {
        const [outputs, push] = whilePrimitive.linearize(inputs, active, loop)
        return [outputs, tangents => push(tangents.map((t, i) => (i < loop.carries ? t : undefined)))]
      }
    })
  ],
  [
    'a loop of unknown length whose first carry moves twice as fast',
    secondForwards,
    exchanged(unboundedControls.whileLoop, whilePrimitive, {
      linearize: (inputs, active, loop) => {
        const [outputs, push] = whilePrimitive.linearize(inputs, active, loop)
        return [outputs, tangents => push(tangents.map((t, i) => (i === 0 ? t && mul(t, 2) : t)))]
      }
    })
  ],
  [
    'a loop of unknown length that all members leave with the first',
    vmapIsMap,
    exchanged(unboundedControls['whileLoop whose members stop apart'], whilePrimitive, {
      batch: (inputs, batched, loop) => {
        const n = inputs[batched.indexOf(true)]!.shape[0]!
        const all = inputs.map((x, i) => (batched[i] ? x : broadcast([n, ...x.shape])(x)))
        const alike = all.map(x =>
          x.dtype === 'int32' && n > 0
            ? broadcast(x.shape)(
                slice({ start: x.shape.map(() => 0), step: x.shape.map(() => 1), shape: [1, ...x.shape.slice(1)] })(x)
              )
            : x
        )
        return whilePrimitive.batch(
          alike,
          all.map(() => true),
          loop
        )
      }
    })
  ],
  [
    'a choice that transposes the other branch',
    adjointness,
    exchanged(controls.cond, condPrimitive, {
      transpose: (linear, cotangents, [condition, ...inputs], branches) =>
        condPrimitive.transpose(linear, cotangents, [not(condition!), ...inputs], branches)
    })
  ],
  [
    'a choice that the first member makes for all',
    vmapIsMap,
    exchanged(controls['cond on a condition given'], condPrimitive, {
      batch: ([condition, ...inputs], batched, branches) => {
        const n = condition!.shape[0]!
        if (!batched[0] || n === 0) return condPrimitive.batch([condition!, ...inputs], batched, branches)
        const first = broadcast([n])(slice({ start: [0], step: [1], shape: [1] })(condition!))
        return condPrimitive.batch([first, ...inputs], batched, branches)
      }
    })
  ],
  [
    'a kept function whose cotangents come back in the opposite order',
    adjointness,
    exchanged(controls.checkpoint, callPrimitive, {
      transpose: (linear, cotangents, inputs, body) =>
        callPrimitive.transpose(linear, cotangents, inputs, body).toReversed()
    })
  ],
  [
    'a kept function that loses a cotangent',
    adjointness,
    exchanged(controls.checkpoint, callPrimitive, {
      transpose: (linear, cotangents, inputs, body) =>
        callPrimitive
          .transpose(linear, cotangents, inputs, body)
          .map((c, i) => (i === inputs.length - 1 ? undefined : c))
    })
  ],
  [
    'a custom rule off by a thousandth',
    centralDifference,
    controls.customJvp.map(({ inputs }) => ({
      inputs,
      f: ([x]) =>
        customJvp(
          (y: Tensor) => sin(y),
          (y, t) => mul(mul(cos(y), 1.001), t)
        )(x!)
    }))
  ]
]

describe('every broken control is caught within 100 runs', () => {
  test.each(broken)('%s', (_, law, of) => fails(law, of))
})

const withoutLast = (xs: Tensor): Tensor => {
  const [length, ...rest] = xs.shape
  const window = {
    start: xs.shape.map(() => 0),
    step: xs.shape.map(() => 1),
    shape: [Math.max(0, length! - 1), ...rest]
  }
  return slice(window)(xs)
}
const brokenWords: readonly (readonly [string, string, Partial<LoopWords>])[] = [
  ['a fold from the right', 'fold is reduce', { fold: f => (h, xs) => words.fold(f)(h, reverse([0])(xs)) }],
  [
    'a fold that leaves the last one out',
    'fold is reduce',
    { fold: f => (h, xs) => words.fold(f)(h, withoutLast(xs)) }
  ],
  [
    'a fold that starts with a step on the start itself',
    'fold over nothing',
    { fold: f => (h, xs) => words.fold(f)(f(h, h), xs) }
  ],
  ['a fold that goes to zero at the end', 'fold in parts', { fold: f => (h, xs) => mul(words.fold(f)(h, xs), 0.5) }],
  [
    'a scan that looks before it steps',
    'scan is fold, looked at',
    { scan: f => (h, xs) => words.scan((c, x) => [f(c, x)[0], c])(h, xs) }
  ],
  [
    'a scan whose outputs are in the opposite order',
    'scan without a carry is map',
    {
      scan: f => (h, xs) => {
        const [last, all] = words.scan(f)(h, xs)
        return [last, reverse([0])(all)]
      }
    }
  ],
  [
    'a fold that holds its closure constant',
    'gradient of a fold',
    { fold: f => (h, xs) => words.fold((c, x) => stopGradient(f(c, x)))(h, xs) }
  ],
  [
    'a loop that steps before it asks',
    'whileLoop that never begins',
    { whileLoop: c => f => start => words.whileLoop(c)(f)(f(start)) }
  ],
  [
    'a loop that leaves a step out',
    'whileLoop is while',
    { whileLoop: c => f => start => words.whileLoop(carry => c(f(carry)))(f)(start) }
  ],
  [
    'a loop of one step',
    'whileLoop is at rest',
    { whileLoop: c => f => start => (item('a test')(c(start)) !== 0 ? f(start) : start) }
  ],
  [
    'a loop that steps again when it is entered again',
    'whileLoop, unrolled',
    {
      whileLoop: c => f => start =>
        words
          .whileLoop(c)(f)(start)
          .map(x => (x.dtype === 'int32' ? x : mul(x, 0.5)))
    }
  ],
  [
    'a loop that holds its closure constant',
    'tangents of a whileLoop',
    { whileLoop: c => f => start => words.whileLoop(c)(carry => f(carry).map(stopGradient))(start) }
  ],
  ['branches exchanged', 'cond', { cond: (condition, yes, no) => words.cond(condition, no, yes) }],
  [
    'a choice without a derivative',
    'gradient of a cond',
    { cond: (c, yes, no) => x => words.cond(c, yes, no)(stopGradient(x)) }
  ],
  [
    'a choice that does something of its own',
    'cond of the same',
    { cond: (c, yes, no) => x => mul(words.cond(c, yes, no)(x), 1.001) }
  ]
]
describe('every broken loop or choice is caught within 100 runs', () => {
  test.each(brokenWords)('%s (%s)', (_, name, wrong) => fails(named(loopLaws({ ...words, ...wrong }), name), loops))
})
