/** A misuse, and what the compiler says about it. */

export interface Misuse {
  readonly code: string
  /** The message, or its first lines. */
  readonly message: string
}

export const notAssignable = (argument: string, parameter: string): string =>
  `Argument of type '${argument}' is not assignable to parameter of type '${parameter}'.`

/** In a pipe the sentence stands below the two functions that do not fit each other. */
export const inPipe = (given: string, parameters: string, functions: string, sentence: string): string =>
  [
    functions,
    `  Types of parameters ${parameters} are incompatible.`,
    `    Type '${given}' is not assignable to type '"${sentence}"'.`
  ].join('\n')
