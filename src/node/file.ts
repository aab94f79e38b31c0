/**
 * Text files. What can go wrong outside is a value, and a file that is written is the old one or the new one, never half of one.
 */
import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** A file that could not be read or written, and why. */
export interface FileError {
  readonly _tag: 'FileError'
  readonly path: string
  readonly reason: string
}

/** `readings.csv: no such file`: one line. */
export const show = ({ path, reason }: FileError): string => `${path}: ${reason}`

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'is a folder, not a file'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['ENOSPC', 'no space left on the device'],
  ['EROFS', 'the file system is read-only'],
  ['EMFILE', 'too many open files'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'is not text in UTF-8'],
  ['ERR_FS_FILE_TOO_LARGE', 'is too large to be read at once']
])

const fileError =
  (path: string) =>
  (error: unknown): FileError => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { _tag: 'FileError', path, reason: reasons.get(code) ?? firstLine }
  }

/**
 * A file's text, in UTF-8.
 *
 * @example
 * import { readText, showFileError } from 'cotangent/node'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const text = await readText('no-such.csv')()
 * deepStrictEqual(E.mapLeft(showFileError)(text), E.left('no-such.csv: no such file or folder'))
 */
export const readText = (path: string): TE.TaskEither<FileError, string> =>
  TE.tryCatch(async () => {
    const bytes = await readFile(path)
    // A byte order mark is kept: whether it means anything is for the reader of the text to say.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  }, fileError(path))

/**
 * Writes a file's text beside it and moves it there, so that whoever reads, and whatever crashes, finds the old text or the new.
 *
 * @example
 * import { readText, writeText } from 'cotangent/node'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { pipe } from 'cotangent'
 * import * as TE from 'fp-ts/lib/TaskEither.js'
 * import { deepStrictEqual } from 'node:assert'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(tmpdir(), 'cotangent-example.txt')
 * const there = pipe(writeText(path)('w = 5.37\n'), TE.chain(() => readText(path)))
 * deepStrictEqual(await there(), E.right('w = 5.37\n'))
 */
export const writeText =
  (path: string) =>
  (text: string): TE.TaskEither<FileError, void> => {
    // In the same folder, because a rename is only one step within a file system.
    const temporary = `${path}.${randomUUID()}.tmp`
    const write = TE.tryCatch(async () => {
      const file = await open(temporary, 'wx')
      try {
        await file.writeFile(text)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    }, fileError(path))
    return pipe(
      write,
      TE.orElseFirstTaskK(() => () => rm(temporary, { force: true }).catch(() => undefined))
    )
  }
