/** The laws of shared, frozen, mapped and otherwise drawn parameters; and words that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { optimizers } from '../../laws/optimizer-table.js'
import * as _ from '../../laws/sharing.js'
import * as Initializer from '../../src/Initializer.js'
import { around } from '../../src/layer/around.js'
import { typed, untyped } from '../../src/layer/layer.js'
import { mapPaths, partAt, withoutPart, withPart } from '../../src/layer/parameter-paths.js'
import type { AnyLayer } from '../../src/layer/types.js'
import * as Optimizer from '../../src/Optimizer.js'
import { mul } from '../../src/primitive/arithmetic.js'
import { stopGradient } from '../../src/primitive/conversion.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

const all = fc.oneof(...Object.values(optimizers))

describe('tie', () => {
  for (const law of _.tieLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, _.tieCase, 30))
})
describe('freeze', () => {
  for (const law of _.freezeLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, _.freezeCase, 40))
  for (const law of _.freezeTrainingLaws())
    test(`${law.name}: ${law.statement}`, () => holds(law, _.freezeTrainingCase(all), 60))
})
describe('mapParameters', () => {
  for (const law of _.mappingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, _.mappingCase, 40))
})
describe('initializedWith', () => {
  for (const law of _.drawingLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, _.drawingCase, 30))
})

describe('a broken word is caught', () => {
  const part = (values: unknown, path: string): Tensor => partAt(values, path) as Tensor
  const tieWith =
    (change: (part: Tensor) => Tensor, keeps = false): _.Sharing['tie'] =>
    ({ from, to, by = x => x }) =>
    model => {
      const run = untyped(model)
      return typed<AnyLayer>(
        around('tie', 'Tied', run, {
          init: options => key => {
            const [params, rest] = run.init(options)(key)
            return [keeps ? params : withoutPart(params, to), rest]
          },
          forward: (params, mode) =>
            run.forward(withPart(params, to, mapPaths('test', (_, leaf) => change(by(leaf)))(part(params, from))), mode)
        })
      )
    }
  test('a tie that keeps a place for what is tied', () => {
    const laws = _.tieLaws({ ..._.sharing, tie: tieWith(x => x, true) })
    fails(named(laws, 'tied record'), _.tieCase)
  })
  test('a tie through which one of the gradients is lost', () => {
    const laws = _.tieLaws({ ..._.sharing, tie: tieWith(stopGradient) })
    fails(named(laws, 'gradient of a tied parameter'), _.tieCase)
  })
  test('a tie that does more than its function', () => {
    const tie: _.Sharing['tie'] = tieWith(x => mul(x, 1.5))
    fails(named(_.tieLaws({ ..._.sharing, tie }), 'tied'), _.tieCase)
  })
  test('a freeze that stops gradients only: weight decay moves what is frozen', () => {
    const freeze: _.Sharing['freeze'] = frozen => layer => {
      const { frozen: _frozen, ...run } = untyped(_.sharing.freeze(frozen)(layer))
      return typed<AnyLayer>(run)
    }
    const laws = { ..._.sharing, freeze }
    const decaying = fc.constant(Optimizer.sgd({ learningRate: 0.1, weightDecay: 0.1 }))
    fails(named(_.freezeTrainingLaws(laws), 'training leaves what is frozen'), _.freezeTrainingCase(decaying))
    fails(named(_.freezeLaws(laws), 'frozen is told'), _.freezeCase)
  })
  test('a freeze that lets gradients through', () => {
    const freeze: _.Sharing['freeze'] = frozen => layer =>
      typed<AnyLayer>({ ...untyped(_.sharing.freeze(frozen)(layer)), forward: untyped(layer).forward })
    fails(named(_.freezeLaws({ ..._.sharing, freeze }), 'gradient of what is frozen'), _.freezeCase)
  })
  test('a mapping that is applied to what is drawn as well', () => {
    const mapParameters: _.Sharing['mapParameters'] = f => layer => {
      const run = untyped(_.sharing.mapParameters(f)(layer))
      return typed<AnyLayer>({
        ...run,
        init: options => key => {
          const [params, rest] = run.init(options)(key)
          return [mapPaths('test', f)(params), rest]
        }
      })
    }
    fails(named(_.mappingLaws({ ..._.sharing, mapParameters }), 'mapped'), _.mappingCase)
  })
  test('a mapping that is applied twice', () => {
    const mapParameters: _.Sharing['mapParameters'] = f =>
      _.sharing.mapParameters((path, leaf) => f(path, f(path, leaf)))
    const laws = _.mappingLaws({ ..._.sharing, mapParameters })
    fails(named(laws, 'mapped'), _.mappingCase)
    fails(named(laws, 'mapping twice'), _.mappingCase)
  })
  test('a mapping whose gradient stops', () => {
    const mapParameters: _.Sharing['mapParameters'] = f =>
      _.sharing.mapParameters((path, leaf) => stopGradient(f(path, leaf)))
    fails(named(_.mappingLaws({ ..._.sharing, mapParameters }), 'gradient through a mapping'), _.mappingCase)
  })
  test('draws by path, which grouping changes', () => {
    const initializedWith: _.Sharing['initializedWith'] = choose =>
      _.sharing.initializedWith((path, shape) =>
        choose(path, shape) === undefined ? undefined : Initializer.constant(path.length)
      )
    fails(named(_.drawingLaws({ ..._.sharing, initializedWith }), 'drawing in any grouping'), _.drawingCase)
  })
  test('draws that take from the key what nobody asked for', () => {
    const initializedWith: _.Sharing['initializedWith'] = choose =>
      _.sharing.initializedWith((path, shape) => choose(path, shape) ?? Initializer.normal())
    const laws = _.drawingLaws({ ..._.sharing, initializedWith })
    fails(named(laws, 'nothing chosen'), _.drawingCase)
    fails(named(laws, 'what is not chosen'), _.drawingCase)
  })
})
