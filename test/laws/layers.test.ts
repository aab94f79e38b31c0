/** The laws of layers, run on every layer of the library; and layers and compositions that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Chain, type Composing, chainOf, compositionLaws, library } from '../../laws/composition.js'
import type { Law } from '../../laws/law.js'
import { layerCase, type Subject, smooth } from '../../laws/layer-case.js'
import { fitting, layers, scaling, words } from '../../laws/layer-table.js'
import * as _ from '../../laws/layers.js'
import { Random, Tensor } from '../../src/index.js'
import * as Layer from '../../src/Layer.js'
import { sequentialOf } from '../../src/layer/composition.js'
import { typed, untyped } from '../../src/layer/layer.js'
import type { RunLayer } from '../../src/layer/runtime.js'
import type { AnyLayer } from '../../src/layer/types.js'
import { add, mul } from '../../src/primitive/arithmetic.js'
import { broadcast, sum } from '../../src/primitive/movement.js'
import { fails, holds } from './verdict.js'

describe('every layer', () => {
  test('is in the table of layers, or is a word about them', () => {
    expect([...Object.keys(layers), ...words].sort()).toEqual(Object.keys(Layer).sort())
  })
  for (const [name, subjects] of Object.entries(layers)) {
    test(`${name} obeys ${_.layerLaws.length} laws`, () => {
      for (const law of _.layerLaws) holds(law, layerCase(subjects), 10)
    })
  }
})

describe('composition', () => {
  const chains = chainOf(fc.integer({ min: 0, max: 4 }).chain(fitting))
  for (const law of compositionLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, chains, 60))
})

describe('a broken layer is caught', () => {
  const linear = untyped(Layer.linear(2, 3))
  const broken = (parts: Partial<RunLayer>): fc.Arbitrary<Subject> =>
    fc.constant(smooth(typed<AnyLayer>({ ...linear, ...parts })))
  const law = (name: string) => _.layerLaws.find(one => one.name === name)
  const centred = (x: Tensor.Tensor): Tensor.Tensor =>
    x.shape.length < 2 ? x : add(x, mul(broadcast(x.shape)(sum([0])(x)), -1 / (x.shape[0] ?? 1)))

  test('that counts its calls', () => {
    let calls = 0
    fails(
      _.purity,
      layerCase(
        broken({
          forward: (p, m) => x => s => [Tensor.add(calls++)(linear.forward(p, m)(x)(s)[0] as Tensor.Tensor), s]
        })
      )
    )
  })
  test('that writes to its input', () => {
    const writing: RunLayer['forward'] = (p, m) => x => s => {
      const result = linear.forward(p, m)(x)(s)
      ;(x as { data: Float64Array }).data[0]! += 1
      return result
    }
    fails(_.purity, layerCase(broken({ forward: writing })))
  })
  test('that draws in evaluation', () => {
    const noisy: RunLayer['forward'] = (p, m) => x => s =>
      linear.forward(p, m)(x)({ ...s, key: Random.split(s.key)[0] })
    fails(_.evaluation, layerCase(broken({ forward: noisy })))
  })
  test('that declares another shape', () => {
    fails(_.declaredShapes, layerCase(broken({ output: [4] })))
    fails(_.declaredShapes, layerCase(broken({ shapeOf: shape => shape })))
  })
  test('that ignores the dtype it is asked for', () => {
    fails(_.drawing, layerCase(broken({ init: () => linear.init({ dtype: 'float32' }) })))
  })
  test('that mixes its batch and does not say so', () => {
    fails(
      _.lifting,
      layerCase(broken({ forward: (p, m) => x => s => [centred(linear.forward(p, m)(x)(s)[0] as Tensor.Tensor), s] }))
    )
  })
  test('that hides half of its derivative', () => {
    const half: RunLayer['forward'] = (p, m) => x => s => {
      const output = linear.forward(p, m)(x)(s)[0] as Tensor.Tensor
      return [
        mul(add(output, output.tag === 'constant' ? output : Tensor.zeros(output.shape, { dtype: 'float64' })), 0.5),
        s
      ]
    }
    fails(law('central difference, in evaluation'), layerCase(broken({ forward: half })))
  })
})

describe('a broken composition is caught', () => {
  const law = (words: Partial<Composing>, name: string): Law<Chain> | undefined =>
    compositionLaws({ ...library, ...words }).find(one => one.name === name)
  const chains = chainOf(fc.integer({ min: 3, max: 4 }).chain(fitting))
  const sequentialWith =
    (change: (run: RunLayer) => Partial<RunLayer>): Composing['sequential'] =>
    (...ls) => {
      const run = sequentialOf(ls.map(untyped))
      return typed<AnyLayer>({ ...run, ...change(run) })
    }

  test('a sequence that draws each layer from the same key', () => {
    const sequential = sequentialWith(run => ({
      init: options => key => {
        const drawn = run.children.map(({ name, layer }) => [name, layer.init(options)(key)[0]] as const)
        return [Object.fromEntries(drawn), key]
      }
    }))
    fails(law({ sequential }, 'drawing in order'), chains)
  })
  test('a sequence that splits its key once more for its own sake', () => {
    const sequential = sequentialWith(run => ({ init: options => key => run.init(options)(Random.split(key)[0]) }))
    fails(law({ sequential }, 'associativity'), chains)
    fails(law({ sequential }, 'identity'), chains)
    fails(law({ sequential }, 'concatenation'), chains)
  })
  test('a sequence that forgets the key of a forward pass, so that masks repeat', () => {
    const sequential = sequentialWith(run => ({
      forward: (p, m) => x => s => {
        const [output, after] = run.forward(p, m)(x)(s)
        return [output, { ...after, key: s.key }]
      }
    }))
    const coin = Layer.dropout()
    const coins = chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 4), coin, coin]))
    fails(law({ sequential }, 'composition'), coins)
    fails(law({ sequential }, 'associativity'), coins)
  })
  test('a sequence that applies its layers in the other order', () => {
    const sequential: Composing['sequential'] = (...ls) => library.sequential(...[...ls].reverse())
    const square = fc.constant<readonly AnyLayer[]>([scaling(2), Layer.tanh])
    fails(law({ sequential }, 'composition'), chainOf(square))
  })
  test('an identity that doubles', () => {
    const identity = Layer.residual(Layer.identity) as AnyLayer
    fails(law({ identity }, 'identity'), chains)
    fails(law({ identity }, 'parallel of identities'), chains)
    fails(law({ identity }, 'parallel is first, then second'), chains)
  })
  test('a parallel that draws from the last branch first', () => {
    const parallel: Composing['parallel'] = (...ls) => {
      const run = untyped(library.parallel(...ls))
      return typed<AnyLayer>({
        ...run,
        init: options => key => {
          let rest = key
          const drawn = [...run.children].reverse().map(({ name, layer }) => {
            const [values, after] = layer.init(options)(rest)
            rest = after
            return [name, values] as const
          })
          return [Object.fromEntries(drawn), rest]
        }
      })
    }
    fails(law({ parallel }, 'parallel is first, then second'), chains)
  })
  test('a parallel that gives every branch the first input', () => {
    const twice = fc.constant([Layer.linear(2, 3), Layer.tanh] as readonly AnyLayer[])
    const parallel: Composing['parallel'] = (...ls) => {
      const run = untyped(library.parallel(...ls))
      return typed<AnyLayer>({
        ...run,
        forward: (p, m) => xs => run.forward(p, m)((xs as readonly unknown[]).map(() => (xs as readonly unknown[])[0]))
      })
    }
    fails(law({ parallel }, 'parallel is first, then second'), chainOf(twice))
  })
  test('a residual that leaves its input out', () => {
    fails(law({ residual: layer => layer }, 'residual'), chains)
  })
})
