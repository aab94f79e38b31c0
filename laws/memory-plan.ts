/**
 * Memory plans: buffers alive at the same time do not overlap, and little more is used than is alive.
 *
 * Every law looks at pairs or times one by one, as a planner must not.
 */
import fc from 'fast-check'
import {
  alignment,
  type MemoryPlan,
  memoryPlan,
  type Planner,
  padded,
  type Request
} from '../src/compiler/memory-plan.js'
import { type Law, law } from './law.js'

export interface Requests {
  readonly requests: readonly Request[]
  readonly start: number
}
const meet = (a: Request, b: Request): boolean => a.from <= b.to && b.from <= a.to

/** The largest sum over requests alive at the same time. */
const most = (requests: readonly Request[], measure: (request: Request) => number): number =>
  Math.max(
    0,
    ...requests.map(({ from: time }) =>
      requests.reduce((sum, request) => sum + (request.from <= time && time <= request.to ? measure(request) : 0), 0)
    )
  )
const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i])
const shuffled = (requests: readonly Request[], choice: number): readonly Request[] =>
  requests
    .map((request, i) => ({ request, rank: Math.imul(choice + 1, (i + 1) * 0x9e3779b1) >>> 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ request }) => request)
const disjoint = (requests: readonly Request[], { addresses }: MemoryPlan): boolean =>
  requests.every((a, i) =>
    requests
      .slice(0, i)
      .every(
        (b, j) =>
          !meet(a, b) ||
          addresses[i]! + padded(a.bytes) <= addresses[j]! ||
          addresses[j]! + padded(b.bytes) <= addresses[i]!
      )
  )
const apart: (planner: Planner) => Law<Requests> = planner =>
  law('apart', 'alive at the same time ⇒ no byte in common, padding included', ({ requests, start }) =>
    disjoint(requests, planner(requests, start))
  )

/** What any plan must be. */
export const planLaws = (planner: Planner = memoryPlan): readonly Law<Requests>[] => [
  apart(planner),
  law('aligned', 'every address is at the start or after it, a multiple of its alignment', ({ requests, start }) => {
    const { addresses } = planner(requests, start)
    return (
      addresses.length === requests.length &&
      addresses.every(
        (address, i) => address >= start && (requests[i]!.bytes === 0 || address % alignment(requests[i]!.bytes) === 0)
      )
    )
  }),
  law('end', 'end = the largest address + size', ({ requests, start }) => {
    const { addresses, end } = planner(requests, start)
    const ends = requests.flatMap(({ bytes }, i) => (bytes === 0 ? [] : [addresses[i]! + padded(bytes)]))
    return end === Math.max(start, ...ends)
  }),
  law('live', 'live = the largest sum of sizes alive at the same time ≤ end − start', ({ requests, start }) => {
    const { live, end } = planner(requests, start)
    return live === most(requests, ({ bytes }) => padded(bytes)) && live <= end - start
  }),
  law('deterministic', 'plan r = plan r', ({ requests, start }) => {
    const [one, other] = [
      planner(requests, start),
      planner(
        requests.map(request => ({ ...request })),
        start
      )
    ]
    return sameNumbers(one.addresses, other.addresses) && one.end === other.end
  }),
  law(
    'in any order',
    'r′ a permutation of r ⇒ plan r′ is apart and ends where plan r does',
    ({ requests, start }, choice) => {
      const other = shuffled(requests, choice)
      const plan = planner(other, start)
      return disjoint(other, plan) && plan.end === planner(requests, start).end
    }
  ),
  law('at any time', 'times stretched and moved ⇒ the same plan', ({ requests, start }, choice) => {
    const [scale, shift] = [1 + (choice % 7), choice % 1000]
    const moved = requests.map(({ bytes, from, to }) => ({
      bytes,
      from: from * scale + shift,
      to: to * scale + shift + (choice % scale)
    }))
    return sameNumbers(planner(requests, start).addresses, planner(moved, start).addresses)
  })
]

/** What must not be wasted. Alignment costs each buffer at most a line. */
export const within = (factor: number, planner: Planner = memoryPlan): Law<Requests> =>
  law('dense', `end − start ≤ ${factor} × live + alignment`, ({ requests, start }) => {
    const { end, live } = planner(requests, start)
    return end - start <= factor * live + most(requests, ({ bytes }) => (bytes < 64 ? 0 : 48)) + 48
  })

const sizes: fc.Arbitrary<number> = fc.oneof(
  fc.nat(70),
  fc.integer({ min: 0, max: 1 << 20 }),
  fc.nat(20).map(n => 2 ** n),
  fc.constantFrom(0, 4, 16, 48, 63, 64, 65, 4096)
)
const starts = fc.oneof(
  fc.constant(64),
  fc.nat(100).map(n => 64 * n)
)
const collected = (lifetimes: fc.Arbitrary<Request>, maxLength: number): fc.Arbitrary<Requests> =>
  fc.record({ requests: fc.array(lifetimes, { maxLength, size: 'max' }), start: starts })

/** Any lifetimes. */
export const anyRequests: fc.Arbitrary<Requests> = collected(
  fc
    .record({ bytes: sizes, from: fc.nat(60), duration: fc.oneof(fc.nat(3), fc.nat(60)) })
    .map(({ bytes, from, duration }) => ({ bytes, from, to: from + duration })),
  60
)
/** Activations, each kept until its layer is gone back through. */
export const nestedRequests: fc.Arbitrary<Requests> = fc.record({
  requests: fc
    .array(sizes, { maxLength: 60, size: 'max' })
    .map(layers => layers.map((bytes, i) => ({ bytes, from: i, to: 2 * layers.length - i }))),
  start: starts
})
/** Forward and back through layers: activations kept, gradients passed on, and what each layer needs for itself. */
export const trainingRequests: fc.Arbitrary<Requests> = fc.record({
  requests: fc
    .array(fc.record({ kept: sizes, forward: sizes, back: sizes }), { maxLength: 30, size: 'max' })
    .map(layers =>
      layers.flatMap(({ kept, forward, back }, i) => {
        const [there, home] = [2 * i, 4 * layers.length - 2 * i]
        return [
          { bytes: kept, from: there, to: home },
          { bytes: forward, from: there, to: there + 1 },
          { bytes: kept, from: home, to: home + 2 },
          { bytes: back, from: home, to: home + 1 }
        ]
      })
    ),
  start: starts
})
