/** Element-wise work and rows: once in a call, and many times in one call, where what goes in and out counts little. */
import { Control, pipe, Tensor } from 'cotangent'
import { functions } from '../contenders/cotangent.js'
import { type Jax, type JaxArray, jaxFunction } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform } from '../harness/random.js'
import { type Family, faster, type Row, race, type Target, type Value } from '../harness/row.js'

interface Work {
  readonly name: string
  readonly input: Value
  readonly targets: readonly Target[]
  readonly ours: (x: Tensor.Tensor) => Tensor.Tensor
  readonly jax: (library: Jax) => (x: JaxArray) => JaxArray
  readonly tf: (library: Tf) => (x: TfTensor) => TfTensor
  /** Its name among PyTorch's workloads. */
  readonly torch: string
}

/** f ∘ f ∘ …, in one compiled call where there is a compiler. */
const again =
  (n: number) =>
  <A>(f: (x: A) => A) =>
  (x: A): A => {
    let y = x
    for (let i = 0; i < n; i++) y = f(y)
    return y
  }
const folded =
  (n: number, f: (x: Tensor.Tensor) => Tensor.Tensor) =>
  (x: Tensor.Tensor): Tensor.Tensor =>
    n === 1 ? f(x) : Control.fold((y: Tensor.Tensor, _: Tensor.Tensor) => f(y))(x, Tensor.zeros([n]))

const rowsOf = (work: Work, many: number): readonly Row[] =>
  [1, many].map(n => {
    const inputs = [work.input]
    return race({
      name: n === 1 ? `${work.name}, one call` : `${work.name}, ${n} times over in one call`,
      unit: { _tag: 'Time', per: n === 1 ? 'a call' : `${n} times` },
      tolerance: 1e-5,
      targets: work.targets,
      contenders: [
        ...functions(inputs, x => folded(n, work.ours)(x!)),
        jaxFunction(inputs, library => x => [again(n)(work.jax(library))(x!)]),
        ...tfFunctions(inputs, library => x => [again(n)(work.tf(library))(x!)]),
        torch(work.torch, inputs, { times: n })
      ]
    })
  })

export const elementwise: Family = {
  name: 'elementwise',
  title: 'Element by element',
  rows: ({ quick }) =>
    rowsOf(
      {
        name: `tanh(1.5 x + 0.3) · sigmoid(x) on ${quick ? '2^16' : '2^20'}`,
        input: uniform([quick ? 2 ** 16 : 2 ** 20], { scale: 4 }),
        targets: [faster('PyTorch', 1.35)],
        ours: x => pipe(x, Tensor.mul(1.5), Tensor.add(0.3), Tensor.tanh, Tensor.mul(Tensor.sigmoid(x))),
        jax:
          ({ nn, numpy }) =>
          x =>
            numpy.tanh(x.ref.mul(1.5).add(0.3)).mul(nn.sigmoid(x)),
        tf: () => x => x.mul(1.5).add(0.3).tanh().mul(x.sigmoid()),
        torch: 'chain'
      },
      8
    )
}

export const softmax: Family = {
  name: 'softmax',
  title: 'Softmax and its logarithm along the rows of 128 × 1000',
  rows: () => {
    const shared = { input: uniform([128, 1000], { scale: 5 }), targets: [faster('PyTorch', 0.8)] }
    return [
      ...rowsOf(
        {
          ...shared,
          name: 'softmax',
          ours: Tensor.softmax({ axis: 1 }),
          jax:
            ({ nn }) =>
            x =>
              nn.softmax(x, 1),
          tf:
            ({ softmax }) =>
            x =>
              softmax(x, 1),
          torch: 'softmax'
        },
        8
      ),
      ...rowsOf(
        {
          ...shared,
          name: 'log-softmax',
          ours: Tensor.logSoftmax({ axis: 1 }),
          jax:
            ({ nn }) =>
            x =>
              nn.logSoftmax(x, 1),
          tf:
            ({ logSoftmax }) =>
            x =>
              logSoftmax(x, 1),
          torch: 'log_softmax'
        },
        8
      )
    ]
  }
}
