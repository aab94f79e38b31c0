/** The position, along an axis, of the first largest or smallest element; NaN is before all. */
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import {
  block,
  branchIf,
  f32x4,
  f64x2,
  i32,
  i32x4,
  type Local,
  label,
  local,
  loop,
  nothing,
  reinterpret,
  type Scalar,
  type Statement,
  sequence,
  set,
  share,
  type Value,
  type Vector,
  when
} from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { bool, type Element, float32, float64, int32 } from './element.js'
import { nested } from './loops.js'

type Best = 'largest' | 'smallest'

/** Code that finds, for some columns side by side, the positions of the best, and stores them. */
interface Search {
  readonly columns: number
  readonly code: (best: Best, from: Local<'i32'>, to: Local<'i32'>, extent: number, stepBytes: number) => Statement
}

/** Steps through the elements after the first: `k` counts, `at` points. */
const others = (
  from: Local<'i32'>,
  extent: number,
  stepBytes: number,
  body: (k: Local<'i32'>, at: Local<'i32'>) => Statement
): Statement => {
  if (extent === 1) return nothing
  const [k, at, again] = [local('i32'), local('i32'), label()]
  return sequence(
    set(k, i32.const(1)),
    set(at, i32.add(from, i32.const(stepBytes))),
    loop(
      again,
      body(k, at),
      set(at, i32.add(at, i32.const(stepBytes))),
      set(k, i32.add(k, i32.const(1))),
      branchIf(again, i32.ne(k, i32.const(extent)))
    )
  )
}

const ofOne = <T extends Scalar>({ type, load, le, ge, ne }: Element<T>): Search => ({
  columns: 1,
  code: (which, from, to, extent, stepBytes) => {
    const noBetter = which === 'largest' ? le : ge
    const [best, found, done] = [local(type), local('i32'), label()]
    return sequence(
      set(best, load(from)),
      set(found, i32.const(0)),
      block(
        done,
        branchIf(done, ne(best, best)),
        others(from, extent, stepBytes, (k, at) =>
          share(load(at), x =>
            // NaN is not "no better" either, and nothing is better than it.
            when(i32.eqz(noBetter(x, best)), set(best, x), set(found, k), branchIf(done, ne(x, x)))
          )
        )
      ),
      i32.store(to, found)
    )
  }
})

interface Lanes<V extends Vector> {
  readonly type: V
  readonly lanes: number
  readonly load: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly select: (mask: Value<Vector>, a: Value<V>, b: Value<V>) => Value<V>
  readonly le: (a: Value<V>, b: Value<V>) => Value<Vector>
  readonly ge: (a: Value<V>, b: Value<V>) => Value<Vector>
  readonly eq: (a: Value<V>, b: Value<V>) => Value<Vector>
}
const ofLanes = <V extends Vector>({ type, lanes, load, select, le, ge, eq }: Lanes<V>): Search => ({
  columns: lanes,
  code: (which, from, to, extent, stepBytes) => {
    const noBetter = which === 'largest' ? le : ge
    // Lanes of float64 are two of these positions wide, which are then the same.
    const [best, found] = [local(type), local('i32x4')]
    return sequence(
      set(best, load(from)),
      set(found, i32x4.const(0)),
      others(from, extent, stepBytes, (k, at) =>
        share(load(at), x =>
          share(i32x4.andNot(reinterpret('i32x4', eq(best, best)), reinterpret('i32x4', noBetter(x, best))), better =>
            sequence(set(best, select(better, x, best)), set(found, i32x4.select(better, i32x4.splat(k), found)))
          )
        )
      ),
      lanes === 4 ? i32x4.store(to, found) : i32x4.storeHalf(to, i32x4.shuffle(found, found, 0, 2, 0, 2), 0)
    )
  }
})
const searches: Readonly<Record<Dtype, readonly Search[]>> = {
  float32: [ofLanes(f32x4), ofOne(float32)],
  float64: [ofLanes(f64x2), ofOne(float64)],
  int32: [ofLanes(i32x4), ofOne(int32)],
  bool: [ofOne(bool)]
}

export interface Position {
  readonly source: Place
  readonly result: Place
  readonly axis: number
}
/** Both dense. */
const position =
  (best: Best) =>
  ({ source, result, axis }: Position): Statement => {
    const { shape, dtype } = source
    if (size(shape) === 0) return nothing
    const bytes = bytesOf[dtype]
    const [extent, inner] = [shape[axis]!, size(shape.slice(axis + 1))]
    const slabs = { extent: size(shape.slice(0, axis)), steps: [extent * inner * bytes, inner * 4] }
    const [from, to] = [local('i32'), local('i32')]
    const parts: Statement[] = []
    let begin = 0
    for (const { columns, code } of searches[dtype]) {
      const count = Math.floor((inner - begin) / columns)
      if (count === 0) continue
      parts.push(
        set(from, i32.const(source.base + begin * bytes)),
        set(to, i32.const(result.base + begin * 4)),
        nested(
          [slabs, { extent: count, steps: [columns * bytes, columns * 4] }],
          [from, to],
          code(best, from, to, extent, inner * bytes)
        )
      )
      begin += count * columns
    }
    return sequence(...parts)
  }
export const argmax = position('largest')
export const argmin = position('smallest')
