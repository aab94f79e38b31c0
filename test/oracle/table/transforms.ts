/** Functions of one vector, and every derivative of theirs that the library can take, in every way that it can. */
import * as t from 'io-ts'
import { grad, hessian, hvp, jacfwd, jacrev, jvp, linearize, pipe, Tensor } from '../../../src/index.js'
import { type Case, checkMeaning, differences, type Meaning, meaning, type Named, toleranceOf } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

/** What the file says of its functions: here they are written again, so that their words say what this library's mean. */
const described = t.strict({
  function: t.string,
  math: t.string,
  torch: t.string,
  n: t.number,
  m: t.number,
  scalar: t.boolean
})
const value = <N extends string>(
  names: readonly N[],
  f: (given: Readonly<Record<N, Tensor.Tensor>>) => Tensor.Tensor
) => meaning([...names, 'v'], described, () => given => ({ value: f(given) }))

const affine = (matrix: Tensor.Tensor, offset: Tensor.Tensor) => (x: Tensor.Tensor) =>
  pipe(matrix, Tensor.matmul(x), Tensor.add(offset))

const table: Readonly<Record<string, Meaning>> = {
  rosenbrock: value(['x'], ({ x }) => {
    const next = pipe(x, Tensor.slice({ axis: 0, start: 1 }))
    const here = pipe(x, Tensor.slice({ axis: 0, stop: -1 }))
    const valley = pipe(next, Tensor.sub(Tensor.square(here)), Tensor.square, Tensor.mul(100))
    const slope = pipe(1, Tensor.sub(here), Tensor.square)
    return pipe(valley, Tensor.add(slope), Tensor.sum())
  }),
  softmax_matvec: value(['x', 'A'], ({ x, A }) => pipe(A, Tensor.matmul(x), Tensor.softmax({ axis: 0 }))),
  logsumexp_affine: value(['x', 'A', 'b'], ({ x, A, b }) => pipe(x, affine(A, b), Tensor.logsumexp({ axis: 0 }))),
  tanh_mlp: value(['x', 'W1', 'b1', 'W2', 'b2'], ({ x, W1, b1, W2, b2 }) =>
    pipe(x, affine(W1, b1), Tensor.tanh, affine(W2, b2))
  ),
  bilinear_form: value(['x', 'M'], ({ x, M }) => {
    const rows = M.shape[0]!
    return pipe(
      x,
      Tensor.slice({ axis: 0, stop: rows }),
      Tensor.matmul(M),
      Tensor.matmul(pipe(x, Tensor.slice({ axis: 0, start: rows })))
    )
  }),
  product_chain: value(['x'], ({ x }) => {
    const factors = pipe(x, Tensor.sin, Tensor.add(1))
    return Tensor.stack(0)(
      Array.from({ length: x.shape[0]! }, (_, i) =>
        pipe(factors, Tensor.slice({ axis: 0, stop: i + 1 }), Tensor.prod())
      )
    )
  })
}

type Vector = Tensor.Tensor
type Function = (x: Vector) => Vector
type Scalar = (x: Vector) => Tensor.Tensor<[]>

const along =
  (v: Vector) =>
  (f: Function): Function =>
  x =>
    jvp(f)(x, v)[1]
/** f on the line through x, as a function of the distance: its derivatives at 0 are those of f along v. */
const onLine =
  (f: Function, x: Vector, v: Vector): Function =>
  distance =>
    f(pipe(v, Tensor.mul(distance), Tensor.add(x)))

/** Every derivative at x, along v where it has a direction, in every way that there is to take it. */
const waysTo = (
  f: Function,
  weighted: Scalar,
  x: Vector,
  v: Vector
): Readonly<Record<string, Readonly<Record<string, () => Tensor.Tensor>>>> => {
  // The cotangent of a scalar function is a factor, which its own Hessian does not have.
  const scalar = f as Scalar
  const zero = Tensor.scalar(0, { dtype: 'float64' })
  const [one, line] = [Tensor.onesLike(zero), onLine(f, x, v)]
  const d = along(v)
  return {
    jacobian: { jacfwd: () => jacfwd(f)(x), jacrev: () => jacrev(f)(x) },
    jvp: {
      jvp: () => jvp(f)(x, v)[1],
      linearize: () => linearize(f)(x)[1](v),
      'on a line': () => along(one)(line)(zero),
      'jacrev on a line': () => jacrev(line)(zero)
    },
    second_directional: {
      'jvp twice': () => d(d(f))(x),
      'twice on a line': () => along(one)(along(one)(line))(zero),
      'jacfwd of jacrev on a line': () => jacfwd(jacrev(line))(zero)
    },
    third_directional: {
      'jvp three times': () => d(d(d(f)))(x),
      'three times on a line': () => along(one)(along(one)(along(one)(line)))(zero),
      'jacrev of jacfwd of jacrev on a line': () => jacrev(jacfwd(jacrev(line)))(zero)
    },
    hessian: {
      hessian: () => hessian(scalar)(x),
      'jacrev of grad': () => jacrev(grad(scalar))(x),
      'jacfwd of jacrev': () => jacfwd(jacrev(f))(x),
      'jacrev of jacfwd': () => jacrev(jacfwd(f))(x)
    },
    hvp: { hvp: () => hvp(scalar)(x, v), 'grad of jvp': () => grad((y: Vector) => d(f)(y) as Tensor.Tensor<[]>)(x) },
    hessian_of_weighted_sum: {
      hessian: () => hessian(weighted)(x),
      'jacrev of grad': () => jacrev(grad(weighted))(x)
    }
  }
}

const check = (program: Meaning, c: Case, way: Way): readonly string[] => {
  const { value: expectedValue, ...expected } = c.outputs
  const [x, v] = [c.inputs['x']!, c.inputs['v']!]
  const apply = program(c)
  const f: Function = y => apply({ ...c.inputs, ...c.params, x: y })['value']!
  const weighted: Scalar = y => pipe(f(y), Tensor.mul(c.cotangent['value']!), Tensor.sum())
  const derivatives = Object.entries(expected).flatMap(([name, wanted]) =>
    Object.keys(waysTo(f, weighted, x, v)[name] ?? { 'there is none': undefined }).flatMap(each => {
      const compute = way.run(
        (y: Vector, w: Vector) => waysTo(f, weighted, y, w)[name]?.[each]?.() ?? Tensor.zeros([0])
      )
      return differences(`${name} (${each})`, toleranceOf(c))(wanted)(compute(x, v))
    })
  )
  const valueOnly: Named = { value: expectedValue! }
  return [...checkMeaning(program, { ...c, outputs: valueOnly }, way), ...derivatives]
}

export const transforms = suite('transforms', table, check)
