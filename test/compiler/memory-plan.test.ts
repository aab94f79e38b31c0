/** Memory plans keep their laws, planners that are broken are seen to be, and large plans take little time. */
import { describe, expect, test } from 'vitest'
import { anyRequests, nestedRequests, planLaws, trainingRequests, within } from '../../laws/memory-plan.js'
import { type MemoryPlan, memoryPlan, type Planner, type Request } from '../../src/compiler/memory-plan.js'
import { fails, holds, named } from '../laws/verdict.js'

describe('plans', () => {
  test.each(planLaws())('$name: $statement', law => holds(law, anyRequests, 300))
  test.each(planLaws())('of training, $name', law => holds(law, trainingRequests, 100))
  test('nested lifetimes waste nothing but alignment', () => holds(within(1), nestedRequests, 300))
  test('training stays within 1.3 of what is alive', () => holds(within(1.3), trainingRequests, 1000))
  test('random lifetimes stay within 1.3 of what is alive', () => holds(within(1.3), anyRequests, 1000))
})

describe('by hand', () => {
  const request = (bytes: number, from: number, to: number): Request => ({ bytes, from, to })
  test('nothing', () => expect(memoryPlan([])).toEqual({ addresses: [], end: 64, live: 0 }))
  test('scalars lie in one line', () => {
    const scalars = [0, 1, 2, 3].map(i => request(4, i, 10))
    expect([...memoryPlan(scalars).addresses].sort((a, b) => a - b)).toEqual([64, 80, 96, 112])
  })
  test('a chain needs two buffers', () => {
    const chain = Array.from({ length: 100 }, (_, i) => request(1000, i, i + 1))
    expect(memoryPlan(chain)).toMatchObject({ end: 64 + 1024 + 1008, live: 2016 })
  })
  test('one that begins when another ends does not share with it', () => {
    const [a, b] = memoryPlan([request(64, 0, 3), request(64, 3, 5)]).addresses
    expect(a).not.toBe(b)
  })
  test('one that begins after another has ended shares with it', () =>
    expect(memoryPlan([request(64, 0, 3), request(64, 4, 5)])).toEqual({ addresses: [64, 64], end: 128, live: 64 }))
  test('nothing takes no room', () =>
    expect(memoryPlan([request(0, 0, 9), request(64, 0, 9)])).toMatchObject({ end: 128, live: 64 }))
})

const steps = (count: number): readonly Request[] =>
  Array.from({ length: count }, (_, step) =>
    [100352, 401408, 5120, 64, 4, 65536].flatMap((bytes, layer) => [
      { bytes, from: 30 * step + layer, to: 30 * step + 29 - layer },
      { bytes, from: 30 * step + 20 + layer, to: 30 * step + 44 + layer }
    ])
  ).flat()
test('thirty thousand buffers of an unrolled loop', () => {
  const begun = performance.now()
  const { end, live } = memoryPlan(steps(2500))
  // Ten times what it takes, a tenth of what looking at all pairs would.
  expect(performance.now() - begun).toBeLessThan(2500)
  expect(end - 64).toBeLessThanOrEqual(1.05 * live)
})

const altered =
  (change: (plan: MemoryPlan, requests: readonly Request[]) => MemoryPlan): Planner =>
  (requests, start) =>
    change(memoryPlan(requests, start), requests)
const given =
  (change: (request: Request) => Request): Planner =>
  (requests, start) =>
    memoryPlan(requests.map(change), start)
let calls = 0
const broken: readonly (readonly [string, string, Planner])[] = [
  ['ends one too early', 'apart', given(r => ({ ...r, to: Math.max(r.from, r.to - 1) }))],
  ['begins one too late', 'apart', given(r => ({ ...r, from: Math.min(r.to, r.from + 1) }))],
  ['takes all sizes for one', 'apart', given(r => ({ ...r, bytes: Math.min(r.bytes, 64) }))],
  ['forgets the padding', 'apart', given(r => ({ ...r, bytes: Math.max(0, r.bytes - 16) }))],
  ['shares everything', 'apart', altered((plan, requests) => ({ ...plan, addresses: requests.map(() => 64) }))],
  ['loses the alignment', 'aligned', altered(plan => ({ ...plan, addresses: plan.addresses.map(a => a + 4) }))],
  ['aligns all to 16', 'aligned', altered(plan => ({ ...plan, addresses: plan.addresses.map(a => a + 16) }))],
  ['begins before the start', 'aligned', (requests, start = 64) => memoryPlan(requests, Math.max(0, start - 64))],
  ['ends where the last one begins', 'end', altered(p => ({ ...p, end: Math.max(64, ...p.addresses) }))],
  ['counts the padding twice', 'end', altered(p => ({ ...p, end: p.end + 64 }))],
  [
    'counts all as alive',
    'live',
    altered((p, requests) => ({ ...p, live: requests.reduce((sum, r) => sum + r.bytes, 0) }))
  ],
  ['begins elsewhere each time', 'deterministic', (r, start = 64) => memoryPlan(r, start + 64 * (calls++ % 2))],
  ['wastes what comes first', 'in any order', altered((p, [first]) => ({ ...p, end: p.end + (first?.bytes ?? 0) }))],
  [
    'looks at the clock',
    'at any time',
    altered((p, r) => ({ ...p, addresses: p.addresses.map(a => a + (r[0]?.from ?? 0)) }))
  ]
]
/** Nothing shares with anything. */
const bump: Planner = (requests, start = 64) => {
  let end = start
  const addresses = requests.map(({ bytes }) => {
    const address = end
    end += Math.ceil(bytes / 64) * 64
    return address
  })
  return { addresses, end, live: memoryPlan(requests, start).live }
}
describe('every broken planner is caught within 100 runs', () => {
  test.each(broken)('one that %s (%s)', (_, name, planner) => fails(named(planLaws(planner), name), anyRequests))
  test('one that shares nothing (dense)', () => fails(within(1.3, bump), trainingRequests))
})
