import * as fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/Plot.js'
import type { Layer } from '../../src/plot/specification.js'
import { render } from './render.js'

const readings: readonly _.Point[] = [
  [35.7, 0.5],
  [55.9, 14],
  [58.2, 15],
  [81.9, 28],
  [21.8, -4]
]
const linear = (x: number): number => 0.537 * x - 17.3
const network = (x: number): number => linear(x) + Math.sin(x / 9)
const from20to90 = Array.from({ length: 71 }, (_unused, i) => 20 + i)

const fit = _.fit({
  title: 'Celsius against the unknown thermometer',
  x: { label: 'unknown thermometer (°F)', domain: [20, 90] },
  y: { label: 'temperature (°C)' },
  points: { name: 'readings', points: readings },
  curves: [
    { name: 'linear model', points: from20to90.map(x => [x, linear(x)]) },
    { name: 'network', points: from20to90.map(x => [x, network(x)]) }
  ],
  crosses: { name: 'network at the readings', points: readings.map(([x]) => [x, network(x)]) }
})

const epochs = Array.from({ length: 5000 }, (_unused, i) => ({
  epoch: i + 1,
  trainLoss: 3 + 80 * 0.99 ** i,
  validationLoss: 4 + 90 * 0.99 ** i
}))
const history = pipe(epochs, _.history({ title: 'Network', label: 'mean squared error (°C²)' }))

const inputs = Array.from({ length: 61 }, (_unused, i) => (i - 30) / 10)
const activation = _.activation({
  name: 'tanh',
  points: inputs.map(x => [x, Math.tanh(x)]),
  derivative: inputs.map(x => [x, 1 - Math.tanh(x) ** 2])
})

const bowl: _.Surface = {
  xs: inputs,
  ys: inputs,
  values: inputs.map(y => inputs.map(x => x * x + y * y + 0.01)),
  paths: [
    {
      name: 'from the left',
      points: [
        [-3, 1],
        [-1, 0.5],
        [0, 0]
      ]
    },
    {
      name: 'from the right',
      points: [
        [3, 2],
        [1, 1],
        [0, 0]
      ]
    }
  ]
}
const axes = { x: { label: 'w' }, y: { label: 'b' } }

const pictures: Readonly<Record<string, _.Specification>> = {
  fit,
  'fit without names': _.fit({
    ...axes,
    points: readings,
    curves: [
      {
        name: 'line',
        points: [
          [20, -6],
          [90, 31]
        ]
      }
    ],
    crosses: readings
  }),
  'fit of data alone': _.fit({ ...axes, points: readings, curves: [] }),
  history,
  'history without validation': _.history()(epochs.map(({ epoch, trainLoss }) => ({ epoch, trainLoss }))),
  'history, linear, with a domain': _.history({ scale: 'linear', domain: [0, 20] })(epochs),
  'history, logarithmic, with a domain': _.history({ domain: [1, 20] })(epochs),
  'history of a run that diverged': _.history()(
    [1, 10, 1e30, Infinity, Number.NaN].map((trainLoss, i) => ({ epoch: i + 1, trainLoss }))
  ),
  'history of nothing': _.history()([]),
  'history of one epoch': _.history()([{ epoch: 1, trainLoss: 3 }]),
  'history of zeros': _.history()([{ epoch: 1, trainLoss: 0 }]),
  activation,
  'activation without derivative': _.activation({ name: 'identity', points: inputs.map(x => [x, x]) }),
  heatmap: _.heatmap({ title: 'A bowl', ...axes, z: { label: 'loss' } })(bowl),
  'heatmap, logarithmic': _.heatmap({ ...axes, z: { label: 'loss', scale: 'log' } })(bowl),
  'heatmap of a plain': _.heatmap({ ...axes, z: { label: 'loss' } })({
    ...bowl,
    values: inputs.map(() => inputs.map(() => 1))
  }),
  'heatmap with holes': _.heatmap({ ...axes, z: { label: 'loss', scale: 'log' } })({
    ...bowl,
    values: inputs.map(y => inputs.map(x => 1 / x + 0 * y))
  }),
  scatter: _.scatter(axes)([
    {
      name: 'setosa',
      points: [
        [1.4, 0.2],
        [1.3, 0.2]
      ]
    },
    { name: 'virginica', points: [[6, 2.5]] }
  ]),
  line: _.line({ x: { label: 'x', scale: 'log' }, y: { label: 'y', scale: 'log' } })([
    { name: 'a power', points: inputs.map(x => [x, x ** 3]) }
  ]),
  path: _.chart(axes)([
    {
      name: 'there and back',
      points: [
        [0, 0],
        [1, 1],
        [0, 2]
      ],
      as: 'path'
    }
  ]),
  'more names than colours': _.line(axes)(
    Array.from({ length: 9 }, (_unused, i) => ({
      name: `line ${i}`,
      points: [
        [0, 0],
        [1, i]
      ]
    }))
  ),
  'nothing at all': _.chart(axes)([]),
  empty: _.empty,
  beside: _.beside(fit, history),
  above: _.above(fit, _.beside(history, activation)),
  grid: _.grid(2)([activation, activation, activation])
}

const layersOf = (picture: _.Specification): readonly Layer[] => ('layer' in picture ? picture.layer : [])
const count = (svg: string, part: string): number => svg.split(part).length - 1

describe.each(Object.entries(pictures))('%s', (_name, picture) => {
  test('is plain data: the same after a journey as JSON', () => {
    expect(JSON.parse(JSON.stringify(picture))).toStrictEqual(picture)
  })

  test('is compiled and drawn without a complaint, and without a number that is none', async () => {
    const { svg, complaints } = await render(picture)
    expect(complaints).toEqual([])
    expect(svg).toMatch(/^<svg .*<\/svg>$/s)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe('fit', () => {
  test('names its axes with units and reaches from 20 to 90', async () => {
    const { svg } = await render(fit)
    for (const words of [
      'Celsius against the unknown thermometer',
      'unknown thermometer (°F)',
      'temperature (°C)',
      'readings',
      'linear model',
      'network',
      'network at the readings'
    ]) {
      expect(svg).toContain(`>${words}</text>`)
    }
    for (const tick of [20, 30, 40, 50, 60, 70, 80, 90]) expect(svg).toContain(`>${tick}</text>`)
  })

  test('has every reading, both curves, and a cross in the network’s colour at every reading', () => {
    const [lines, marks] = layersOf(fit)
    const points = (layer: Layer | undefined, series: string): readonly unknown[] =>
      layer?.data.values.filter(value => value['series'] === series).map(({ x, y }) => [x, y]) ?? []
    expect(points(marks, 'readings')).toEqual(readings)
    expect(points(marks, 'network at the readings')).toEqual(readings.map(([x]) => [x, network(x)]))
    expect(points(lines, 'linear model')).toHaveLength(71)
    expect(points(lines, 'network')).toHaveLength(71)
    expect(marks?.encoding['color']?.scale).toEqual({
      domain: ['readings', 'linear model', 'network', 'network at the readings'],
      range: [_.palette[0], _.palette[1], _.palette[2], _.palette[2]]
    })
  })

  test('has bands in the colour of a curve, behind everything, as wide as they say', async () => {
    const picture = _.fit({
      ...axes,
      points: readings,
      curves: [{ name: 'mean', points: from20to90.map(x => [x, linear(x)]) }],
      bands: [{ name: 'deviations', points: from20to90.map(x => [x, linear(x) - 40, linear(x) + 50]) }]
    })
    const [area] = layersOf(picture)
    expect(area?.mark['type']).toBe('area')
    expect(area?.data.values[0]).toEqual({ series: 'deviations', x: 20, y: linear(20) - 40, y2: linear(20) + 50 })
    expect(area?.mark['color']).toBe(_.palette[1])
    const { svg } = await render(picture)
    for (const words of ['data', 'mean', 'deviations', '80']) expect(svg).toContain(`>${words}</text>`)
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  test('bands alone have a legend', async () => {
    const band = (name: string) => ({ name, as: 'band' as const, points: from20to90.map(x => [x, 0, x] as const) })
    const { svg } = await render(_.chart(axes)([band('narrow'), band('wide')]))
    for (const words of ['narrow', 'wide']) expect(svg).toContain(`>${words}</text>`)
  })

  test('a curve that leaves the picture is cut off at its border', async () => {
    const inside = _.fit({
      x: { label: 'x', domain: [0, 1] },
      y: { label: 'y' },
      points: [[0, 0]],
      curves: [
        {
          name: 'a',
          points: [
            [0, 0],
            [1, 1]
          ]
        }
      ]
    })
    const outside = _.fit({
      x: { label: 'x', domain: [0, 1] },
      y: { label: 'y' },
      points: [[0, 0]],
      curves: [
        {
          name: 'a',
          points: [
            [0, 0],
            [2, 1]
          ]
        }
      ]
    })
    expect((await render(inside)).svg).not.toContain('clip-path')
    expect((await render(outside)).svg).toContain('clip-path')
  })
})

describe('history', () => {
  test('draws a long run with few points, its first and last epoch and every peak among them', () => {
    const peak = epochs.map(one => (one.epoch === 3333 ? { ...one, trainLoss: 1000 } : one))
    const training = layersOf(_.history()(peak)).flatMap(({ data }) =>
      data.values.filter(value => value['series'] === 'training')
    )
    expect(training.length).toBeLessThan(600)
    expect(training[0]).toMatchObject({ x: 1, y: 83 })
    expect(training.at(-1)).toMatchObject({ x: 5000 })
    expect(training).toContainEqual(expect.objectContaining({ x: 3333, y: 1000 }))
  })

  test('what is not finite, and on a logarithmic axis what is not above 0, is a gap', () => {
    const ys = (scale: 'log' | 'linear'): readonly unknown[] =>
      layersOf(
        _.history({ scale })([2, 0, -1, Infinity, 3].map((trainLoss, i) => ({ epoch: i + 1, trainLoss })))
      ).flatMap(({ data }) => data.values.map(({ y }) => y))
    expect(ys('log')).toEqual([2, null, null, null, 3])
    expect(ys('linear')).toEqual([2, 0, -1, null, 3])
  })

  test('one name needs no legend', async () => {
    const { svg } = await render(
      _.history()([
        { epoch: 1, trainLoss: 2 },
        { epoch: 2, trainLoss: 1 }
      ])
    )
    expect(svg).not.toContain('>training</text>')
  })
})

describe('heatmap', () => {
  test('cells of one band side by side are one, and bands stand in the legend', async () => {
    const { svg } = await render(_.heatmap({ ...axes, z: { label: 'the loss' } })(bowl))
    expect(svg).toContain('>the loss</text>')
    expect(svg).toContain('>from the left</text>')
    const [ground] = layersOf(_.heatmap({ ...axes, z: { label: 'the loss' } })(bowl))
    expect(ground?.data.values.length).toBeLessThan(inputs.length ** 2 / 4)
  })

  test('each path begins at a circle and ends at a cross', () => {
    const ends = layersOf(_.heatmap({ ...axes, z: { label: 'loss' } })(bowl)).filter(
      ({ mark }) => mark['type'] === 'point'
    )
    expect(ends.map(({ data }) => data.values.map(({ x, y }) => [x, y]))).toEqual([
      [
        [-3, 1],
        [3, 2]
      ],
      [
        [0, 0],
        [0, 0]
      ]
    ])
  })
})

describe('composition', () => {
  const picture: fc.Arbitrary<_.Specification> = fc.letrec<{ any: _.Specification }>(tie => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(fit, history, activation, _.empty),
      fc.array(tie('any'), { maxLength: 3 }).map(all => _.beside(...all)),
      fc.array(tie('any'), { maxLength: 3 }).map(all => _.above(...all))
    )
  })).any

  test.each([
    ['beside', _.beside],
    ['above', _.above]
  ])('%s is a Monoid', (_name, join) => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 3 }), fc.array(picture, { maxLength: 3 }), picture, (as, bs, a) => {
        expect(join(join(...as), join(...bs))).toEqual(join(...as, ...bs))
        expect(join(a)).toEqual(a)
        expect(join(_.empty, a)).toEqual(a)
        expect(join(a, _.empty)).toEqual(a)
        expect(join()).toEqual(_.empty)
      })
    )
  })

  test('beside and above are not the same', () => {
    expect(_.beside(fit, history)).not.toEqual(_.above(fit, history))
    expect(_.beside(fit, history)).not.toEqual(_.beside(history, fit))
  })

  test('each picture keeps its own legend', async () => {
    const { svg } = await render(_.beside(history, history))
    expect(count(svg, '>validation</text>')).toBe(2)
  })

  test('a grid is rows above each other', () => {
    expect(_.grid(2)([fit, history, activation])).toEqual(_.above(_.beside(fit, history), activation))
    expect(_.grid(3)([])).toEqual(_.empty)
  })
})
