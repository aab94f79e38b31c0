/**
 * Recurrent layers with arbitrary settings, over short sequences: what is long and stacked costs most, so most are neither.
 * The rectifier's kinks lie inside the loop, where no input is known to miss them: it is left to examples.
 */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { untyped } from '../src/layer/layer.js'
import type { RunShape } from '../src/layer/runtime.js'
import type { Shape } from '../src/structure/shape.js'
import { type Subject, smooth, tensorOf } from './layer-case.js'

const few = fc.integer({ min: 1, max: 2 })
const steps = fc.constantFrom(1, 1, 2, 2, 2, 3)
const options = fc.record({
  layers: fc.constantFrom(1, 1, 1, 1, 1, 2),
  bidirectional: fc.constantFrom(false, false, false, false, false, true),
  bias: fc.boolean(),
  dropout: fc.constantFrom(0, 0.5)
})
type Make = typeof Layer.rnn | typeof Layer.gru | typeof Layer.lstm

/** Recurrent layers of a kind, with the features of their inputs. */
const made = (makes: fc.Arbitrary<Make>) =>
  fc.tuple(makes, few, few, options).map(([make, features, hidden, settings]) => ({
    layer: (make as typeof Layer.gru)(features, hidden, settings),
    features,
    bidirectional: settings.bidirectional
  }))

const sequences =
  (features: number) =>
  (lead: Shape): fc.Arbitrary<unknown> =>
    steps.chain(count => tensorOf([...lead, count, features]))

const of = (make: Make): fc.Arbitrary<Subject> =>
  made(fc.constant(make)).map(({ layer, features }) => ({ layer, kinks: [], input: sequences(features) }))

/** One tensor or two, of the shapes that a carried layer declares. */
const stateOf = (declared: RunShape, lead: Shape): fc.Arbitrary<unknown> => {
  const { state } = declared as unknown as { readonly state: Shape | { readonly h: Shape; readonly c: Shape } }
  return 'h' in state
    ? fc.record({ h: tensorOf([...lead, ...state.h]), c: tensorOf([...lead, ...state.c]) })
    : tensorOf([...lead, ...state])
}

const cellOf = (make: typeof Layer.rnnCell | typeof Layer.gruCell | typeof Layer.lstmCell): fc.Arbitrary<Subject> =>
  fc
    .tuple(few, few, fc.boolean())
    .map(([features, hidden, bias]) => smooth((make as typeof Layer.gruCell)(features, hidden, { bias })))

/** Any recurrent layer. */
export const recurrences = made(fc.constantFrom<Make[]>(Layer.rnn, Layer.gru, Layer.lstm))

export const recurrent = {
  rnn: of(Layer.rnn),
  gru: of(Layer.gru),
  lstm: of(Layer.lstm),
  carried: recurrences.map(
    ({ layer, features }): Subject => ({
      layer: Layer.carried(layer),
      kinks: [],
      input: lead =>
        fc.record({ input: sequences(features)(lead), state: stateOf(untyped(Layer.carried(layer)).input, lead) })
    })
  ),
  rnnCell: cellOf(Layer.rnnCell),
  gruCell: cellOf(Layer.gruCell),
  lstmCell: cellOf(Layer.lstmCell),
  lastStep: fc.constant(smooth(Layer.lastStep))
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
