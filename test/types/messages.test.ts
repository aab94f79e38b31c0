/** What the compiler says about misuses: each sentence names what was given and what would fit, at the argument at fault. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { run } from '../command.js'
import { combinators } from './combinator-misuses.js'
import { inPipe, type Misuse, notAssignable } from './misuse.js'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache/cotangent-messages')

const layers: readonly Misuse[] = [
  {
    code: 'Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(12, 1))',
    message: notAssignable('Linear<12, 1>', '"layer 2 (linear) expects input [12] but layer 1 (tanh) produces [13]"')
  },
  {
    code: "Layer.sequential(Layer.named('hidden_linear', Layer.linear(1, 8)), Layer.named('hidden_activation', Layer.tanh), Layer.named('output_linear', Layer.linear(9, 1)))",
    message: notAssignable(
      'Named<"output_linear", Linear<9, 1>>',
      `"layer 'output_linear' expects input [9] but layer 'hidden_activation' produces [8]"`
    )
  },
  {
    code: 'Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1), Layer.linear(2, 4), Layer.tanh)',
    message: notAssignable('Linear<2, 4>', '"layer 3 (linear) expects input [2] but layer 2 (linear) produces [1]"')
  },
  {
    code: 'pipe(Layer.linear(1, 13), Layer.andThen(Layer.tanh), Layer.andThen(Layer.linear(12, 1)))',
    message: inPipe(
      `Sequential<[Linear<1, 13>, Pointwise<"tanh">], [1], [13]>`,
      "'before' and 'b'",
      notAssignable(
        '<A extends AnyLayer>(before: Onto<A, Linear<12, 1>>) => SequentialOf<[...ListOf<A>, Linear<12, 1>]>',
        '(b: Sequential<[Linear<1, 13>, Pointwise<"tanh">], [1], [13]>) => Sequential<[Linear<1, 13>, Pointwise<"tanh">, Linear<12, 1>], Shape, Shape>'
      ),
      'layer 2 (linear) expects input [12] but layer 1 (tanh) produces [13]'
    )
  },
  {
    code: "Layer.sequential(Layer.named('a', Layer.linear(1, 8)), Layer.tanh, Layer.named('a', Layer.linear(8, 1)))",
    message: notAssignable('Named<"a", Linear<8, 1>>', `"layer name 'a' is used twice"`)
  },
  {
    code: "Layer.named('0', Layer.tanh)",
    message: notAssignable('"0"', `"'0' cannot be a layer name: names have no dots, are not numbers and not empty"`)
  },
  {
    code: "Layer.named('hidden.linear', Layer.tanh)",
    message: notAssignable(
      '"hidden.linear"',
      `"'hidden.linear' cannot be a layer name: names have no dots, are not numbers and not empty"`
    )
  },
  {
    code: 'Layer.residual(Layer.linear(3, 4))',
    message: notAssignable('Linear<3, 4>', '"residual: needs a layer with equal input and output, not [3] to [4]"')
  },
  {
    code: 'Layer.sequential(Layer.parallel(Layer.linear(1, 2), Layer.linear(3, 4)), Layer.linear(2, 5))',
    message: notAssignable(
      'Linear<2, 5>',
      '"layer 1 (linear) expects input [2] but layer 0 (parallel) produces ([2], [4])"'
    )
  },
  {
    code: 'Layer.sequential(Layer.unflatten([1, 28, 28]), Layer.maxPool2d({ kernelSize: 2 }), Layer.flatten(3), Layer.linear(195, 10))',
    message: notAssignable(
      'Linear<195, 10>',
      '"layer 3 (linear) expects input [195] but layer 2 (flatten) produces [196]"'
    )
  },
  {
    code: 'Layer.sequential(Layer.unflatten([1, 28, 28]), Layer.maxPool2d({ kernelSize: 29 }))',
    message: notAssignable(
      'Pool<[number, number], 29, 29, 0, 1, "maxPool2d">',
      '"layer 1 (maxPool2d): windows of 29 do not fit into [28, 28]"'
    )
  },
  {
    code: 'Layer.sequential(Layer.unflatten([1, 28, 28]), Layer.batchNorm2d(2))',
    message: notAssignable(
      'ChannelNorm<2, 2, true, true, "batchNorm2d">',
      '"layer 1 (batchNorm2d) expects input [2, ?, ?] but layer 0 (unflatten) produces [1, 28, 28]"'
    )
  },
  {
    code: 'Layer.sequential(Layer.unflatten([6, 2, 2]), Layer.pixelShuffle(2))',
    message: notAssignable(
      'PixelShuffle<2>',
      '"layer 1 (pixelShuffle): 6 channels of [6, 2, 2] are not a multiple of 4, the square of the factor"'
    )
  },
  {
    code: 'Layer.reshape([6, 4], [5, 5])',
    message: notAssignable('number[]', '"reshape: [6, 4] has 24 elements, [5, 5] would have 25"')
  },
  {
    code: 'Layer.linear(1, 2).apply(params)(zeros([5, 3]))',
    message: notAssignable('Tensor<[5, 3]>', 'Tensor<[5, 1]>')
  },
  {
    code: 'Layer.runningMean(3).apply({})',
    message: 'Expected 2 arguments, but got 1.'
  }
]

const tensors: readonly Misuse[] = [
  {
    code: 'Tensor.matmul(zeros([4, 2]))(zeros([5, 3]))',
    message: notAssignable('Tensor<[5, 3]>', '"matmul: [5, 3] × [4, 2]: inner dimensions 3 and 4 differ"')
  },
  {
    code: 'pipe(zeros([5, 3]), Tensor.matmul(zeros([4, 2])))',
    message: inPipe(
      'Tensor<[5, 3]>',
      "'a' and 'a'",
      notAssignable(
        '<A extends Shape>(a: MatmulOperand<A, [4, 2]>) => MatmulResult<A, [4, 2]>',
        '(a: Tensor<[5, 3]>) => Tensor<Shape>'
      ),
      'matmul: [5, 3] × [4, 2]: inner dimensions 3 and 4 differ'
    )
  },
  {
    code: 'Tensor.matmul(zeros([4, 3, 7]))(zeros([2, 5, 3]))',
    message: notAssignable(
      'Tensor<[2, 5, 3]>',
      '"matmul: [2, 5, 3] × [4, 3, 7]: leading axes [2] and [4] do not broadcast"'
    )
  },
  {
    code: 'Tensor.add(zeros([4]))(zeros([5, 3]))',
    message: notAssignable(
      'Tensor<[5, 3]>',
      '"add: shapes [5, 3] and [4] do not broadcast: sizes 3 and 4 at axis -1 differ and neither is 1"'
    )
  },
  {
    code: 'pipe(zeros([5, 3]), Tensor.tanh, Tensor.sub(zeros([4, 3])))',
    message: inPipe(
      'Tensor<[5, 3]>',
      "'a' and 'b'",
      notAssignable(
        '<A extends Shape = []>(a: BroadcastOperand<A, [4, 3], "sub">) => BroadcastResult<A, [4, 3], "sub">',
        '(b: Tensor<[5, 3]>) => Tensor<Shape>'
      ),
      'sub: shapes [5, 3] and [4, 3] do not broadcast: sizes 5 and 4 at axis -2 differ and neither is 1'
    )
  },
  {
    code: 'Tensor.sum({ axis: 2 })(zeros([5, 28]))',
    message: notAssignable('Tensor<[5, 28]>', '"sum: axis 2 is out of range for rank 2"')
  },
  {
    code: 'Tensor.reshape([5, 700])(zeros([5, 28, 28]))',
    message: notAssignable('Tensor<[5, 28, 28]>', '"reshape: [5, 28, 28] has 3920 elements, [5, 700] would have 3500"')
  },
  {
    code: 'Tensor.concat(0)([zeros([5, 28]), zeros([7, 27])])',
    message: notAssignable(
      '(Tensor<[5, 28]> | Tensor<[7, 27]>)[]',
      '"concat: shapes [5, 28] and [7, 27] (operand 1) differ apart from axis 0"'
    )
  },
  {
    code: 'Tensor.transpose(zeros([7]))',
    message: notAssignable('Tensor<[7]>', '"transpose: [7] has fewer than two axes"')
  },
  {
    code: 'Tensor.squeeze(0)(zeros([5, 1]))',
    message: notAssignable('Tensor<[5, 1]>', '"squeeze: axis 0 of [5, 1] has size 5, not 1"')
  },
  {
    code: 'Tensor.permute([0, 2])(zeros([5, 3]))',
    message: notAssignable('Tensor<[5, 3]>', '"permute: axes [0, 2] are not an order of the axes of [5, 3]"')
  }
]

const misuses = [...layers, ...combinators, ...tensors]
const prelude = `import { Layer, pipe, Tensor } from 'cotangent'
const { zeros } = Tensor
declare const params: Layer.Params<Layer.Linear<1, 2>>
`
const firstLine = prelude.split('\n').length

const compile = async (name: string, code: string, options: readonly string[] = []): Promise<string> => {
  const folder = join(cache, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, `${name}.ts`), code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../../tsconfig.json', files: [`${name}.ts`], include: [] })
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(folder, process.execPath, [tsc, '--pretty', 'false', ...options])
  return stdout
}

/** Messages by the line of the file that they are about. */
const byLine = (name: string, output: string): ReadonlyMap<number, string> => {
  const found = new Map<number, string>()
  let line = 0
  for (const text of output.split('\n')) {
    const start = text.match(/^(\S+)\((\d+),\d+\): error TS\d+: (.*)$/)
    if (start) line = start[1] === `${name}.ts` ? Number(start[2]) : 0
    if (line > 0 && (start || text.startsWith(' '))) {
      found.set(line, [...(found.has(line) ? [found.get(line)] : []), start?.[3] ?? text].join('\n'))
    }
  }
  return found
}

describe('the compiler’s message about', () => {
  let messages: ReadonlyMap<number, string> = new Map()
  beforeAll(async () => {
    const code = `${prelude}${misuses.map(({ code }) => code).join('\n')}\n`
    messages = byLine('misuses', await compile('misuses', code))
  })

  test.each(misuses.map((misuse, i) => [misuse.code, firstLine + i, misuse.message] as const))(
    '%s',
    (_, line, message) => {
      const lines = message.split('\n').length
      expect(messages.get(line)?.split('\n').slice(0, lines).join('\n')).toBe(message)
    }
  )
  test('there is no other message', () => {
    expect([...messages.keys()]).toEqual(misuses.map((_, i) => firstLine + i))
  })
})

// What is wrong is wrong at run time too, for those whose sizes the compiler does not know; and is said in the same words.
describe('the mistake thrown by', () => {
  const sentences = misuses.flatMap(({ code, message }) => {
    const sentence = message.match(/type '"([^"]*)"'\.$/)?.[1]
    return sentence === undefined ? [] : [{ code, sentence }]
  })
  let attempts: readonly (() => unknown)[] = []
  beforeAll(async () => {
    const file = join(cache, 'attempts.ts')
    mkdirSync(cache, { recursive: true })
    writeFileSync(file, `${prelude}export default [${sentences.map(({ code }) => `() => ${code}`).join(',\n')}]\n`)
    attempts = (await import(/* @vite-ignore */ file)).default
  })
  test.each(sentences.map(({ code, sentence }, i) => [code, i, sentence] as const))('%s', (_, i, sentence) => {
    expect(() => attempts[i]!()).toThrow(sentence)
  })
})

describe('fifty layers', () => {
  const linears = Array.from({ length: 25 }, (_, i) => `Layer.linear(${i + 1}, ${i + 2}), Layer.tanh`)
  const model = (last: string): string =>
    `${prelude}export const model = Layer.sequential(${linears.join(', ')}, ${last})
export const output: Tensor.Tensor<[5, 1]> = model.apply(Layer.initialize(model)(Random.key(1)))(zeros([5, 1]))
void [params, pipe]
`.replace('import { Layer,', 'import { Layer, Random,')

  test('compile, with little work', async () => {
    const output = await compile('fifty', model('Layer.linear(26, 1)'), ['--extendedDiagnostics'])
    expect(byLine('fifty', output)).toEqual(new Map())
    const instantiations = Number(output.match(/Instantiations:\s+(\d+)/)?.[1])
    // Of these the library itself takes the most; types that count in tuples would need millions.
    expect(instantiations).toBeLessThan(400_000)
  })

  test('and the one that does not fit is found', async () => {
    const messages = byLine('misfit', await compile('misfit', model('Layer.linear(27, 1)')))
    expect([...messages.values()][0]).toBe(
      notAssignable('Linear<27, 1>', '"layer 50 (linear) expects input [27] but layer 49 (tanh) produces [26]"')
    )
  })
})
