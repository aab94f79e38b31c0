import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/compiler/program.js'
import { cond } from '../../src/control/cond.js'
import { interpreter } from '../../src/engine/interpreter.js'
import * as _ from '../../src/engine/jit.js'
import { wasm } from '../../src/engine/wasm/wasm.js'
import * as T from '../../src/Tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { hessian } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'
import { close, matrix, network, networkLoss, numbers, type Scalar, scalar, vector } from '../transform/close.js'

/** A function, and how often it was run. */
const counted = <A extends readonly unknown[], B>(f: (...xs: A) => B) => {
  let count = 0
  return {
    count: () => count,
    f: (...xs: A): B => {
      count++
      return f(...xs)
    }
  }
}

describe('tracing', () => {
  test('happens once for each signature', () => {
    const { f, count } = counted((x: T.Tensor) => T.sum()(T.square(x)))
    const compiled = _.jit(f)
    const at = (...xs: readonly T.Tensor[]): readonly number[] => xs.map(x => T.item(compiled(x)))
    expect(at(T.tensor([1, 2]), T.tensor([3, 4]), T.tensor([5, 6]))).toEqual([5, 25, 61])
    expect(count()).toBe(1)
    expect(at(T.tensor([1, 2, 3]))).toEqual([14])
    expect(count()).toBe(2)
    expect(at(T.tensor([1, 2], { dtype: 'float64' }), T.tensor([1, 2], { dtype: 'int32' }))).toEqual([5, 5])
    expect(count()).toBe(4)
    expect(at(T.tensor([[1, 2]]), T.scalar(3))).toEqual([5, 9])
    expect(count()).toBe(6)
    // All of them are still known.
    expect(at(T.tensor([1, 1]), T.tensor([1, 1, 1]), T.scalar(1), T.tensor([2, 0], { dtype: 'float64' }))).toEqual([
      2, 3, 1, 4
    ])
    expect(count()).toBe(6)
  })
  test('records are told apart by their names, not by the order of them', () => {
    const { f, count } = counted((p: { readonly a: Scalar; readonly b: Scalar }) => pipe(p.a, T.sub(p.b)))
    const compiled = _.jit(f)
    expect(T.item(compiled({ a: scalar(5), b: scalar(3) }))).toBe(2)
    expect(T.item(compiled({ b: scalar(3), a: scalar(5) }))).toBe(2)
    expect(count()).toBe(1)
    const more = { a: scalar(5), b: scalar(3), c: scalar(1) }
    expect(T.item(compiled(more))).toBe(2)
    expect(count()).toBe(2)
  })
  test('arrays and records, and trees that differ in where a leaf hangs, are different', () => {
    const { f, count } = counted((_tree: unknown) => scalar(1))
    const compiled = _.jit(f)
    const x = scalar(1)
    for (const tree of [x, [x], [[x]], { 0: x }, { x }, { x: [x] }, [x, x], [], {}]) compiled(tree)
    expect(count()).toBe(9)
    for (const tree of [x, [x], [[x]], { 0: x }, { x }, { x: [x] }, [x, x], [], {}]) compiled(tree)
    expect(count()).toBe(9)
  })
  test('is when printing happens: once, and of unknowns', () => {
    const printed: string[] = []
    const compiled = _.jit((x: T.Tensor<[2]>) => {
      printed.push(String(x), `${T.exp(x)}`)
      return x
    })
    compiled(T.zeros([2]))
    compiled(T.ones([2]))
    expect(printed).toEqual([
      'unknown float32 [2], an argument of a transformed function',
      'unknown float32 [2], a result of exp'
    ])
  })
  test('is the one time that a value outside is read', () => {
    let factor = 2
    const compiled = _.jit((x: Scalar) => pipe(x, T.mul(factor)))
    expect(T.item(compiled(scalar(1)))).toBe(2)
    factor = 3
    expect(T.item(compiled(scalar(1)))).toBe(2)
  })
})

describe('jit f = f', () => {
  test('in trees, with results that are arguments or constants', () => {
    const f = ({ x, y: [y] }: { x: Scalar; y: readonly [T.Tensor<[2]>] }, z: Scalar) => ({
      sum: [pipe(y, T.add(x)), pipe(y, T.add(z))] as const,
      x,
      seven: T.scalar(7),
      none: {},
      nothing: [] as const
    })
    const given = [{ x: scalar(1), y: [T.tensor([1, 2], { dtype: 'float64' })] }, scalar(10)] as const
    const [plain, compiled] = [f(...given), _.jit(f)(...given)]
    expect(Object.keys(compiled)).toEqual(Object.keys(plain))
    expect(numbers(compiled)).toEqual(numbers(plain))
    expect([compiled.none, compiled.nothing]).toEqual([{}, []])
  })
  test('on unknown arguments it is the function itself, in every other transformation', () => {
    const { f, count } = counted((x: Scalar) => pipe(T.sin(x), T.mul(x)))
    const compiled = _.jit(f)
    const x = scalar(0.7)
    close(grad(compiled)(x), grad(f)(x), 0)
    close(grad(grad(compiled))(x), grad(grad(f))(x), 0)
    close(vmap(compiled)(vector(1, 2)), vmap(f)(vector(1, 2)), 0)
    close(jvp(compiled)(x, x), jvp(f)(x, x), 0)
    close(_.jit((y: Scalar) => compiled(compiled(y)))(x), f(f(x)), 0)
    const before = count()
    compiled(x)
    compiled(x)
    expect(count()).toBe(before + 1)
    close(grad(compiled)(x), grad(f)(x), 0)
  })
  test('where it closes over an unknown of the function around it', () => {
    const inner = (x: Scalar) => _.jit((y: Scalar): Scalar => pipe(y, T.mul(x)))(scalar(2))
    close(grad(inner)(scalar(5)), 2)
    close(grad((x: Scalar): Scalar => T.square(inner(x)))(scalar(5)), 40)
    expect(T.toArray(vmap(inner)(vector(1, 2)))).toEqual([2, 4])
    close(_.jit(inner)(scalar(5)), 10)
    // Made outside, called inside: what it closes over is another unknown each time.
    let captured = scalar(0)
    const outside = _.jit((y: Scalar): Scalar => pipe(y, T.mul(captured)))
    const using = (x: Scalar): Scalar => {
      captured = x
      return outside(scalar(2))
    }
    close([grad(using)(scalar(5)), grad(using)(scalar(6))], [scalar(2), scalar(2)])
  })
  test('of derivatives of derivatives, up to rounding, and in the interpreter to the bit', () => {
    for (const [engine, tolerance] of [
      [wasm, 1e-14],
      [interpreter, 0]
    ] as const) {
      close(_.jit(hessian(networkLoss), { engine })(network), hessian(networkLoss)(network), tolerance)
      close(_.jit(grad(networkLoss), { engine })(network), grad(networkLoss)(network), tolerance)
    }
  })
  test('bit for bit, NaN, infinities and −0 included', () => {
    const f = (x: T.Tensor<[2, 3]>) => pipe(T.log(x), T.mul(x), T.maximum(T.neg(x)))
    const x = matrix([
      [-0, 0, 1],
      [Number.NaN, Number.POSITIVE_INFINITY, -1]
    ])
    expect(T.equals(f(x))(_.jit(f)(x))).toBe(true)
  })
})

test('an engine is asked once for each program, and runs it', () => {
  const compiled: string[] = []
  const engine: Engine = {
    name: 'spying',
    compile: program => {
      compiled.push(program.equations.map(e => e.primitive.name).join(' '))
      return interpreter.compile(program)
    }
  }
  const f = _.jit((x: T.Tensor) => T.sum()(T.sin(x)), { engine })
  f(T.zeros([2]))
  f(T.ones([2]))
  f(T.ones([3]))
  expect(compiled).toEqual(['sin sum', 'sin sum'])
})

describe('mistakes', () => {
  test('reading what is not known yet', () => {
    const f = _.jit((x: Scalar) => (T.item(x) > 0 ? x : T.neg(x)))
    expect(told(() => f(scalar(1)))).toBe(
      'UnknownValue: item: an argument, float64 [], is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold'
    )
    const chosen = _.jit((x: Scalar) => cond(T.greater(0)(x), (y: Scalar) => y, T.neg<[]>)(x))
    expect([T.item(chosen(scalar(1))), T.item(chosen(scalar(-2)))]).toEqual([1, 2])
  })
  test('arguments that are no tensors', () => {
    const f = _.jit((x: Scalar, n: number) => pipe(x, T.pow(n)))
    expect(told(() => f(scalar(1), 3))).toBe(
      "TreeMismatch: jit: '1' is the number 3; leaves must be tensors (Tensor.scalar makes one of a number)"
    )
  })
  test('a tensor that outlived the function it belonged to', () => {
    const leaked: T.Tensor[] = []
    grad((x: Scalar) => {
      leaked.push(x, T.sin(x))
      return x
    })(scalar(1))
    const [argument, result] = leaked
    const after =
      'belongs to a transformed function that has already returned; return it from that function (valueAndGradAux passes more results along)'
    expect(told(() => T.item(result!))).toBe(`EscapedVariable: item: the result of sin, float64 [], ${after}`)
    expect(told(() => T.toArray(argument!))).toBe(`EscapedVariable: toArray: an argument, float64 [], ${after}`)
    expect(told(() => _.jit((y: Scalar) => T.mul(result!)(y))(scalar(1)))).toBe(
      `EscapedVariable: mul: the result of sin, float64 [], ${after}`
    )
    expect(told(() => _.jit((_y: Scalar) => result!)(scalar(1)))).toBe(
      `EscapedVariable: the function: the result of sin, float64 [], ${after}`
    )
    expect(told(() => T.item(grad((y: Scalar): Scalar => T.mul(result!)(y) as Scalar)(scalar(2))))).toBe(
      `EscapedVariable: item: the result of sin, float64 [], ${after}`
    )
    // A function that throws leaves nothing behind.
    expect(
      told(() =>
        grad(() => {
          throw new Error('no')
        })(scalar(1))
      )
    ).toBe('Error: no')
    expect(told(() => T.item(result!))).toContain('EscapedVariable')
  })
})
