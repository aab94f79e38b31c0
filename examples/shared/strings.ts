/** Strings of small letters as rows of whole numbers: drawn by a key, written and read back. And how much of the task an example is asked to do. */

import { Command, InvalidArgumentError } from 'commander'
import { Diverged, pipe, Random, Tensor, Training } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { between } from './command-line.js'

/** Nothing, the end of a string, and the letters; a character's number is its place. */
export const characters = ' |abcdefghijklmnopqrstuvwxyz'
export const blank = characters.indexOf(' ')
const firstLetter = characters.indexOf('a')

/** A row for each text, with blanks after it. */
export const encode =
  <Length extends number>(length: Length) =>
  (texts: readonly string[]): Tensor.Tensor<[number, Length]> => {
    const rows = texts.map(text => Array.from(text.padEnd(length), character => characters.indexOf(character)))
    return Tensor.tensor(rows, { dtype: 'int32' }) as Tensor.Tensor<[number, Length]>
  }
/** The texts of the rows, with all their blanks. */
export const decode = (rows: Tensor.Tensor<[number, number]>): readonly string[] =>
  Tensor.toArray(rows).map(row => row.map(number => characters[number]).join(''))

export const reversed = (text: string): string => [...text].reverse().join('')

/** How many letters a string may have, all of them equally likely. */
export interface Lengths {
  readonly least: number
  readonly most: number
}
/** So many different strings, and none of those excepted. */
export const strings =
  (count: number, { least, most }: Lengths, except: ReadonlySet<string> = new Set()) =>
  (key: Random.Key): readonly string[] => {
    const found = new Set<string>()
    for (let block = 0; found.size < count; block++) {
      const [ofLengths, ofLetters] = pipe(key, Random.foldIn(block), Random.split)
      const lengths = Random.integers([count], { min: least, max: most + 1 })(ofLengths)
      const letters = Random.integers([count, most], { min: firstLetter, max: characters.length })(ofLetters)
      const sizes = Tensor.toArray(lengths)
      for (const [i, row] of decode(letters).entries()) {
        const text = row.slice(0, sizes[i])
        if (found.size < count && !except.has(text)) found.add(text)
      }
    }
    return [...found]
  }

/** The epochs at which it is worth looking: the first, some early ones, and the last. */
export const stages = (epochs: number): ReadonlySet<number> =>
  new Set([0, 0.05, 0.1, 0.2, 0.4, 0.7, 1].map(part => Math.max(1, Math.round(part * epochs))))

/** What a model is asked: all strings held out, at some of the epochs, and which of the answers are shown. */
export interface Exam<P> {
  readonly epochs: number
  readonly heldOut: readonly string[]
  readonly shown: readonly string[]
  readonly answers: (params: P, texts: readonly string[]) => readonly string[]
  readonly isRight: (text: string, answer: string) => boolean
}
/** A training looked at where it is worth it, a line each; the parameters at the end, and how many of the answers are right with them. */
export const examined = <P>({ epochs, heldOut, shown, answers, isRight }: Exam<P>) => {
  const places = shown.map(text => heldOut.indexOf(text))
  const width = Math.max(...shown.map(text => text.length)) + 4
  const line = (epoch: string, right: string, some: readonly string[]): string =>
    `${epoch.padStart(7)}${right.padStart(21)}    ${some.map(text => text.padEnd(width)).join('')}`.trimEnd()
  return <B>(history: Training.Stream<Diverged.Diverged<P, B>, Training.Epoch<P, B>>) => {
    console.log(line('epoch', 'held out, all right', shown))
    return pipe(
      history,
      Training.filter(({ epoch }) => stages(epochs).has(epoch)),
      Training.map(({ epoch, state: { params } }) => {
        const found = answers(params, heldOut)
        const right = heldOut.filter((text, i) => isRight(text, found[i] ?? '')).length
        return { epoch, params, right, some: places.map(place => found[place] ?? '') }
      }),
      Training.tap(({ epoch, right, some }) => console.log(line(String(epoch), `${right} of ${heldOut.length}`, some))),
      Training.last,
      E.getOrElseW(diverged => {
        throw new Error(Diverged.show(diverged))
      })
    )
  }
}

export interface Asked {
  readonly epochs: number
  /** Strings that the trained model is asked for. */
  readonly say: readonly string[]
}
/** What the command line asks for. */
export const asked = (name: string, description: string, epochs: number, { least, most }: Lengths): Asked => {
  const word = (text: string, before: readonly string[] = []): readonly string[] => {
    if (/^[a-z]+$/.test(text) && text.length >= least && text.length <= most) return [...before, text]
    throw new InvalidArgumentError(`Expected ${least} to ${most} letters from a to z.`)
  }
  const { say = [], ...rest } = new Command(name)
    .description(description)
    .option('--epochs <count>', 'how long to train', between(1, 1e6, 'a whole number from 1 on'), epochs)
    .option(
      '--say <string>',
      `what to write backwards at the end, of ${least} to ${most} letters; may be repeated`,
      word
    )
    .parse()
    .opts<Omit<Asked, 'say'> & Partial<Asked>>()
  return { ...rest, say }
}
