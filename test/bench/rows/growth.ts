/** How the cost of an epoch of the chapter grows with the width of its network and with the number of readings. */
import { type Family, type Row, race } from '../harness/row.js'
import { contenders, type Size } from './chapter.js'

const factors = ({ quick }: { readonly quick: boolean }): readonly number[] =>
  quick ? [1, 16] : [1, 4, 16, 64, 256, 1024]
const row = (name: string, size: Size): Row =>
  race({
    name,
    unit: { _tag: 'Time', per: 'an epoch' },
    tolerance: 1e-3,
    targets: [],
    contenders: contenders({ ...size, look: true })
  })

export const family: Family = {
  name: 'growth',
  title: 'The chapter made larger: every epoch looked at',
  rows: settings => [
    // A wider network takes smaller steps, or it diverges.
    ...factors(settings).map(f => row(`width ${13 * f}, batch 9`, { width: 13 * f, batch: 9, learningRate: 1e-3 / f })),
    ...factors(settings)
      .slice(1)
      .map(f => row(`width 13, batch ${9 * f}`, { width: 13, batch: 9 * f, learningRate: 1e-3 }))
  ]
}
