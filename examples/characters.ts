/**
 * A string read letter by letter and written backwards, by a gated recurrent unit: after `hello|` it goes on with `olleh|`, one character at a
 * time, each of its own characters being the next that it reads. All that it knows of the string is in the 192 numbers of its state.
 *
 * The strings are random, of 3 to 5 letters, 128 new ones in every epoch, and never one of the 1,000 held out.
 *
 * `--say hello` asks for a string of one's own; `--epochs 200` trains for less.
 *
 * Result: all of the 1,000 strings held out are written backwards without a mistake, and end where they should, after 2,000 epochs
 * (one to two minutes on one core).
 */
import { Control, Dataset, jit, Layer, Loss, Optimizer, pipe, Random, Schedule, Tensor, Training } from 'cotangent'
import { asked, blank, characters, decode, encode, examined, reversed, strings } from './shared/strings.js'

const lengths = { least: 3, most: 5 } as const
const full = 2000
const { epochs, say } = asked('characters', 'Strings written backwards by a recurrent network.', full, lengths)

/** As long as the longest string, the bar, and the string again. */
const steps = 11
const heldOut = strings(1000, lengths)(Random.key(2024))
const drawn = strings(128, lengths, new Set(heldOut))
/** What is read, and after each character the one to come; of the string itself none can be told, and blanks do not count. */
const lesson = (texts: readonly string[]) => ({
  x: encode(steps)(texts.map(text => `${text}|${reversed(text)}`)),
  y: encode(steps)(texts.map(text => `${' '.repeat(text.length)}${reversed(text)}|`))
})

const [letters, memory, next] = [
  Layer.embedding(characters.length, 32),
  Layer.gru(32, 192),
  Layer.linear(192, characters.length)
]
const model = Layer.sequential(letters, memory, next)
const size = 64
const total = epochs * (128 / size)
const learningRate = Schedule.warmupCosine({ peak: 8e-3, warmupSteps: Math.round(total / 20), steps: total })
const trainer = Training.make({
  model,
  loss: Loss.crossEntropy({ axis: -1, ignoreIndex: blank }),
  optimizer: Optimizer.chain(Optimizer.clipByGlobalNorm({ maxNorm: 1 }), Optimizer.adam({ learningRate }))
})

type Row = Tensor.Tensor<[number]>
/** Goes on by itself: where nothing is given any more, it reads what it wrote last. */
const write = jit((params: Layer.Params<typeof model>, given: Tensor.Tensor<[number, number]>) => {
  const [texts] = Tensor.shape(given)
  const step = (
    { state, last }: { readonly state: Tensor.Tensor<[number, 1, 192]>; readonly last: Row },
    read: Row
  ) => {
    const character = pipe(read, Tensor.equal(blank), Tensor.where(last, read))
    const input = pipe(character, Tensor.unsqueeze(1), letters.apply(params[0]))
    const { output, state: after } = Layer.carried(memory).apply(params[1])({ input, state })
    const told = pipe(output, next.apply(params[2]), Tensor.argmax({ axis: -1 }), Tensor.squeeze(1))
    return [{ state: after, last: told }, told] as const
  }
  const start = { state: Tensor.zeros([texts, 1, 192]), last: Tensor.zeros([texts], { dtype: 'int32' }) }
  return pipe(Control.scan(step)(start, Tensor.transpose(given))[1], Tensor.transpose)
})
/** What comes after the bar, with the end if there is one. */
const answers = (params: Layer.Params<typeof model>, texts: readonly string[]): readonly string[] =>
  decode(write(params, encode(steps)(texts.map(text => `${text}|`)))).map((row, i) => {
    const answer = row.slice(texts[i]?.length)
    return answer.includes('|') ? answer.slice(0, answer.indexOf('|') + 1) : answer
  })

const start = trainer.initialize(Random.key(1))
console.log(`${Layer.show(model)}\n${Layer.countParameters(start.params)} parameters\n`)
const shown = [3, 4, 5].map(length => heldOut.filter(text => text.length === length)[1] ?? '')
const isRight = (text: string, answer: string): boolean => answer === `${reversed(text)}|`
const key = Random.key(5)
const { params, right } = pipe(
  start,
  trainer.history(epochs)({
    train: epoch => pipe(key, Random.foldIn(epoch), drawn, lesson, Dataset.batches({ size }))
  }),
  examined({ epochs, heldOut, shown, answers, isRight })
)

const asks = say.length > 0 ? say : shown
console.log(
  `\n${answers(params, asks)
    .map((answer, i) => `${asks[i]}|${answer}`)
    .join('\n')}`
)
if (epochs >= full && right < heldOut.length) throw new Error(`only ${right} of ${heldOut.length} are right`)
