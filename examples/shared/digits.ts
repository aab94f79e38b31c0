/**
 * Handwritten digits: 1,797 pictures of 8 × 8 pixels, as they are read and as they are printed.
 * From E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998 (the test part).
 */
import { readFileSync } from 'node:fs'
import { Csv, DecodeError, pipe, Tensor } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'

export type Pixels = Tensor.Tensor<[number, 64]>
export type Labels = Tensor.Tensor<[number]>

const names = Array.from({ length: 64 }, (_, i) => `px${i}`)
const row = Csv.row(Object.fromEntries([...names, 'digit'].map(name => [name, Csv.integer])))

export interface Digits {
  /** A row of 64 pixels for each picture, from 0 for paper to 1 for ink. */
  readonly x: Pixels
  /** The digit that it shows. */
  readonly y: Labels
}

export const digitsFile = new URL('../data/digits.csv', import.meta.url)

export const decodeDigits = (text: string): E.Either<string, Digits> =>
  pipe(
    text,
    Csv.decode(row),
    E.bimap(DecodeError.show, rows => ({
      x: pipe(
        Tensor.tensor(rows.map(picture => names.map(name => picture[name] ?? Number.NaN))),
        Tensor.div(16)
      ) as Pixels,
      y: Tensor.tensor(
        rows.map(picture => picture['digit'] ?? Number.NaN),
        { dtype: 'int32' }
      )
    }))
  )

export const readDigits = (): Digits =>
  pipe(
    decodeDigits(readFileSync(digitsFile, 'utf8')),
    E.getOrElseW(error => {
      throw new Error(error)
    })
  )

/** From paper to ink; pixels are two characters wide, as characters are twice as high as wide. */
const shades = [' ', '░', '▒', '▓', '█'] as const
const shade = (value: number): string => (shades[Math.min(4, Math.max(0, Math.round(value * 4)))] ?? ' ').repeat(2)

const width = 16
const gap = '  '

/** Pictures side by side, each with words above it. */
export const drawn = (pictures: readonly { readonly words: string; readonly pixels: readonly number[] }[]): string => {
  const lines = Array.from({ length: 8 }, (_, y) =>
    pictures.map(({ pixels }) =>
      pixels
        .slice(8 * y, 8 * y + 8)
        .map(shade)
        .join('')
    )
  )
  return [pictures.map(({ words }) => words.padEnd(width)), ...lines].map(cells => cells.join(gap).trimEnd()).join('\n')
}
