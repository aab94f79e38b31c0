/**
 * Where buffers lie in one arena: those whose lifetimes do not meet may share memory.
 *
 * The largest come first, each into the lowest gap that is free throughout its lifetime. What is taken is kept in a segment tree over time:
 * each node has the union of the stretches taken by buffers alive throughout its span, and of those alive at some time in it. Packing is
 * dense, so such a union is few stretches however many buffers it is made of, and a lifetime, which is a few nodes, sees few obstacles:
 * n buffers cost about n log n. Where much is left unused, the buffer that ends last comes first and all are placed again.
 */
export interface Request {
  readonly bytes: number
  /** The first and the last time it is alive, `from ≤ to`; two that are alive at the same time do not overlap in memory. */
  readonly from: number
  readonly to: number
}
export interface MemoryPlan {
  /** The address of each request. */
  readonly addresses: readonly number[]
  /** The first address after all requests; where they are none, the start. */
  readonly end: number
  /** The largest number of bytes alive at the same time, each request padded. */
  readonly live: number
}
export type Planner = (requests: readonly Request[], start?: number) => MemoryPlan

const vector = 16
const cacheLine = 64
const roundUp = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit

/** Buffers are whole vectors long. */
export const padded = (bytes: number): number => roundUp(bytes, vector)
/** Small buffers lie side by side, so that small programs stay in few cache lines; others begin with a line. */
export const alignment = (bytes: number): number => (bytes < cacheLine ? vector : cacheLine)

/** A request that takes memory, alive from the first to the last of the times at which requests begin, which are counted from 0. */
interface Lifetime {
  readonly request: number
  readonly bytes: number
  readonly unit: number
  readonly first: number
  readonly last: number
}

/** Disjoint stretches of memory in ascending order: begin, end, begin, end, … */
type Stretches = number[]

/** The first stretch that ends at an address or after it, from a stretch `at` on: found by steps that double, then halve. */
const reaching = (stretches: Stretches, address: number, at: number): number => {
  let step = 2
  while (at + step < stretches.length && stretches[at + step + 1]! < address) {
    at += step
    step *= 2
  }
  for (; step >= 2; step /= 2) if (at + step < stretches.length && stretches[at + step + 1]! < address) at += step
  return at < stretches.length && stretches[at + 1]! < address ? at + 2 : at
}
const include = (stretches: Stretches, begin: number, end: number): void => {
  const from = reaching(stretches, begin, 0)
  // Those that the new one touches become one with it.
  let to = from
  while (to < stretches.length && stretches[to]! <= end) to += 2
  if (to === from) stretches.splice(from, 0, begin, end)
  else {
    stretches[from] = Math.min(begin, stretches[from]!)
    stretches[from + 1] = Math.max(end, stretches[to - 1]!)
    if (to > from + 2) stretches.splice(from + 2, to - from - 2)
  }
}

/** The lowest address from `start` on, a multiple of `unit`, where `bytes` are free of all obstacles. */
const lowestGap = (obstacles: readonly Stretches[], start: number, { bytes, unit }: Lifetime): number => {
  let address = roundUp(start, unit)
  const next = obstacles.map(() => 0)
  // Each in turn moves the address out of its way, until all have been passed without a move.
  for (let i = 0, passed = 0; passed < obstacles.length; i = i + 1 === obstacles.length ? 0 : i + 1) {
    const stretches = obstacles[i]!
    let at = reaching(stretches, address + 1, next[i]!)
    passed++
    for (; at < stretches.length && stretches[at]! < address + bytes; at = reaching(stretches, address + 1, at)) {
      address = roundUp(stretches[at + 1]!, unit)
      passed = 1
    }
    next[i] = at
  }
  return address
}

/** The nodes of a segment tree (root 1, below `node` the nodes `2 node` and `2 node + 1`) that a span of leaves is made of, and those that hold a part of it. */
const nodesOf = (
  first: number,
  last: number
): { readonly parts: readonly number[]; readonly above: readonly number[] } => {
  const [parts, above]: [number[], number[]] = [[], []]
  for (let [left, right] = [first, last + 1]; left < right; left >>= 1, right >>= 1) {
    if (left & 1) parts.push(left++)
    if (right & 1) parts.push(--right)
  }
  for (let level = 1; first >> level > 0; level++) {
    const below = (1 << level) - 1
    const cut = (first & below) !== 0
    if (cut) above.push(first >> level)
    if (((last + 1) & below) !== 0 && !(cut && first >> level === last >> level)) above.push(last >> level)
  }
  return { parts, above }
}

/** Each at the lowest address that those before it in the order leave free: addresses in this order. */
const place = (order: readonly Lifetime[], times: number, start: number): readonly number[] => {
  let leaves = 1
  while (leaves < times) leaves *= 2
  const none = (): readonly Stretches[] => Array.from({ length: 2 * leaves }, () => [])
  const [throughout, sometime] = [none(), none()]
  return order.map(lifetime => {
    const { parts, above } = nodesOf(leaves + lifetime.first, leaves + lifetime.last)
    const obstacles = [...parts.map(node => sometime[node]!), ...above.map(node => throughout[node]!)]
    const begin = lowestGap(
      obstacles.filter(stretches => stretches.length > 0),
      start,
      lifetime
    )
    const end = begin + lifetime.bytes
    for (const node of parts) include(throughout[node]!, begin, end)
    for (const node of parts) include(sometime[node]!, begin, end)
    for (const node of above) include(sometime[node]!, begin, end)
    return begin
  })
}

/** No better is looked for than so many times the bytes alive, nor longer than placing so many lifetimes in all takes. */
const enough = 1.1
const effort = 40_000
const mostRounds = 16

interface Placement {
  readonly order: readonly Lifetime[]
  readonly addresses: readonly number[]
  readonly end: number
}
const improved = (initial: readonly Lifetime[], times: number, start: number, sufficient: number): Placement => {
  const rounds = Math.max(1, Math.min(mostRounds, Math.floor(effort / (initial.length + 1))))
  let best: Placement = { order: initial, addresses: [], end: Number.POSITIVE_INFINITY }
  let order = initial
  for (let round = 0; round < rounds && best.end > sufficient; round++) {
    const addresses = place(order, times, start)
    let [end, highest] = [start, 0]
    order.forEach(({ bytes }, i) => {
      if (addresses[i]! + bytes > end) [end, highest] = [addresses[i]! + bytes, i]
    })
    if (end < best.end) best = { order, addresses, end }
    order = [order[highest]!, ...order.slice(0, highest), ...order.slice(highest + 1)]
  }
  return best
}

const duration = ({ first, last }: Lifetime): number => last - first + 1
const bySize = (a: Lifetime, b: Lifetime): number =>
  b.bytes - a.bytes || duration(b) - duration(a) || a.first - b.first || a.unit - b.unit
const byArea = (a: Lifetime, b: Lifetime): number => b.bytes * duration(b) - a.bytes * duration(a) || bySize(a, b)

const largestSum = (lifetimes: readonly Lifetime[], times: number): number => {
  const changes = new Float64Array(times + 1)
  for (const { bytes, first, last } of lifetimes) {
    changes[first]! += bytes
    changes[last + 1]! -= bytes
  }
  let [sum, largest] = [0, 0]
  for (const change of changes) {
    sum += change
    if (sum > largest) largest = sum
  }
  return largest
}

/**
 * Addresses from `start` on, multiples of `alignment`, such that requests alive at the same time do not overlap. The same for the same
 * requests; in another order, equal requests may change places.
 */
export const memoryPlan: Planner = (requests, start = cacheLine) => {
  // Lifetimes that meet do so when the later of them begins, so that no other times need to be told apart.
  const times = [...new Set(requests.map(({ from }) => from))].sort((a, b) => a - b)
  const notAfter = (time: number): number => {
    let [low, high] = [0, times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }
  const lifetimes = requests
    .map(
      ({ bytes, from, to }, request): Lifetime => ({
        request,
        bytes: padded(bytes),
        unit: alignment(bytes),
        first: notAfter(from) - 1,
        last: notAfter(to) - 1
      })
    )
    .filter(({ bytes }) => bytes > 0)
  const live = largestSum(lifetimes, times.length)
  const sufficient = start + enough * live
  let best = improved([...lifetimes].sort(bySize), times.length, start, sufficient)
  if (best.end > sufficient && lifetimes.length <= effort / mostRounds) {
    const other = improved([...lifetimes].sort(byArea), times.length, start, sufficient)
    if (other.end < best.end) best = other
  }
  const addresses = requests.map(() => roundUp(start, vector))
  best.order.forEach(({ request }, i) => {
    addresses[request] = best.addresses[i]!
  })
  return { addresses, end: best.end, live }
}
