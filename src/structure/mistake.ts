/**
 * A programmer's mistake: thrown at once, tagged, and worded so that it says what was given and what would fit.
 *
 * What comes from outside (files, text) never ends here: it is decoded to an `Either`.
 */

/** What kind of mistake was made. */
export type MistakeTag =
  | 'ShapeMismatch'
  | 'DtypeMismatch'
  | 'UnknownValue'
  | 'TreeMismatch'
  | 'NotScalar'
  | 'NotDifferentiable'
  | 'NotLinear'
  | 'InvalidArgument'
  | 'DuplicateName'
  | 'EscapedVariable'

/** A tagged error: the operation, where in a model it happened (outermost layer first), and what is wrong. */
export interface Mistake extends Error {
  readonly _tag: MistakeTag
  readonly operation: string
  readonly path: readonly string[]
  readonly detail: string
}

const sentence = (operation: string, path: readonly string[], detail: string): string =>
  path.length === 0 ? `${operation}: ${detail}` : `${operation} at ${path.join('.')}: ${detail}`

const make = (_tag: MistakeTag, operation: string, path: readonly string[], detail: string): Mistake =>
  Object.assign(new Error(sentence(operation, path, detail)), { name: _tag, _tag, operation, path, detail })

/** `matmul: [9, 12] × [13, 1]: inner dimensions 12 and 13 differ`, as an error to throw. */
export const mistake = (tag: MistakeTag, operation: string, detail: string): Mistake => make(tag, operation, [], detail)

export const isMistake = (error: unknown): error is Mistake =>
  error instanceof Error && '_tag' in error && 'operation' in error && 'path' in error && 'detail' in error

/** Runs a part of a model; a mistake made inside is told with the part's name in its path. */
export const within =
  (name: string) =>
  <A>(run: () => A): A => {
    try {
      return run()
    } catch (error) {
      throw isMistake(error) ? make(error._tag, error.operation, [name, ...error.path], error.detail) : error
    }
  }
