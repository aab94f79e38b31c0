/** Command lines of the longer examples. What is wrong with one is a line on stderr and exit code 1, never a stack trace. */
import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

export interface Arguments {
  /** How long to train; the example's own numbers unless given. */
  readonly epochs?: number
  readonly seed: number
  /** The data. */
  readonly csv: string
  /** Where the report goes. */
  readonly out: string
}

export interface Program {
  readonly name: string
  readonly description: string
  /** What `--epochs` counts, and how many there are without it. */
  readonly epochs: string
  readonly defaults: Omit<Arguments, 'epochs'>
}

/** Why the program does not run: it was asked for help, or in a way that it does not understand. */
export type Stop =
  | { readonly _tag: 'Help'; readonly text: string }
  | { readonly _tag: 'Misused'; readonly message: string }

export const between =
  (low: number, high: number, words: string) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= low && value <= high)) throw new InvalidArgumentError(`Expected ${words}.`)
    return value
  }
const path = (text: string): string => {
  if (text === '') throw new InvalidArgumentError('Expected a file.')
  return text
}

const firstLetterSmall = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** What a command line says, without the program's own name: `process.argv.slice(2)`. */
export const parse =
  ({ name, description, epochs, defaults }: Program) =>
  (argv: readonly string[]): E.Either<Stop, Arguments> => {
    let help = ''
    const command = new Command(name)
      .description(description)
      .option('--epochs <count>', epochs, between(1, 1e9, 'a whole number from 1 on'))
      .option(
        '--seed <number>',
        'of everything random',
        between(0, 2 ** 32 - 1, 'a whole number from 0 to 4294967295'),
        defaults.seed
      )
      .option('--csv <file>', 'the data', path, defaults.csv)
      .option('--out <file>', 'where to write the report', path, defaults.out)
      .helpOption('--help', 'print this')
      .exitOverride()
      .configureOutput({
        writeOut: text => {
          help += text
        },
        writeErr: () => {}
      })
    try {
      return E.right(command.parse(argv, { from: 'user' }).opts<Arguments>())
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      if (error.code === 'commander.helpDisplayed') return E.left({ _tag: 'Help', text: help })
      const message = firstLetterSmall(error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' '))
      return E.left({ _tag: 'Misused', message: `${message} (${name} --help lists what there is)` })
    }
  }

/** Whether a file could be written, told before hours are spent on what goes into it. */
export const writable = (path: string): TE.TaskEither<string, void> =>
  pipe(
    TE.tryCatch(
      async () => ({
        folder: await stat(dirname(path)).then(
          found => found.isDirectory(),
          () => false
        ),
        taken: await stat(path).then(
          found => found.isDirectory(),
          () => false
        ),
        allowed: await access(dirname(path), constants.W_OK).then(
          () => true,
          () => false
        )
      }),
      String
    ),
    TE.chainEitherK(({ folder, taken, allowed }) => {
      if (!folder) return E.left(`${path}: there is no folder ${dirname(path)}`)
      if (taken) return E.left(`${path}: is a folder, not a file`)
      return allowed ? E.right(undefined) : E.left(`${path}: nothing may be written in ${dirname(path)}`)
    })
  )

const complain = (name: string, message: string): void => {
  process.stderr.write(`${name}: ${message.trim().replaceAll(/\s*\n\s*/g, '; ')}\n`)
  process.exitCode = 1
}

/** Runs an example as the command line says. What it ends in on the left is one line for the user. */
export const run =
  (program: Program) =>
  async (main: (given: Arguments) => TE.TaskEither<string, void>): Promise<void> => {
    // Whoever reads the output may stop early (`| head`).
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
    const given = parse(program)(process.argv.slice(2))
    if (E.isLeft(given)) {
      if (given.left._tag === 'Help') process.stdout.write(given.left.text)
      else complain(program.name, given.left.message)
      return
    }
    try {
      const ended = await pipe(
        writable(given.right.out),
        TE.chain(() => main(given.right))
      )()
      if (E.isLeft(ended)) complain(program.name, ended.left)
    } catch (error) {
      complain(program.name, error instanceof Error ? error.message : String(error))
    }
  }
