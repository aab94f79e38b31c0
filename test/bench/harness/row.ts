/** What is measured: a row is one piece of work, a contender is somebody who does it. */

/** The columns of the table, in order. `wasm fma` is the compiled engine with fused multiply-add, where the machine has it. */
export const columns = [
  'interpreter',
  'wasm',
  'wasm fma',
  'jax-js',
  'tfjs wasm',
  'tfjs cpu',
  'brain.js',
  'PyTorch',
  'C'
] as const
export type Column = (typeof columns)[number]

/** Numbers in row-major order. */
export type Numbers = Float32Array | Float64Array | Int32Array
/** An input or a result. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: Numbers
}

/** A contender that has its inputs and has compiled what it compiles. */
export interface Ready {
  /** What it computes, all results in an order that the contenders of a row share. */
  readonly results: () => Results | Promise<Results>
  /** How many milliseconds so many iterations take. */
  readonly time: (iterations: number) => number | Promise<number>
  readonly dispose?: () => void | Promise<void>
}
export type Results = readonly ArrayLike<number>[]

export interface Contender {
  readonly column: Column
  /** Throws where the contender cannot do the work; the message is the reason that the table gives. */
  readonly prepare: () => Ready | Promise<Ready>
  /** Its own tolerance, where it is wider than the row's, and why. */
  readonly tolerance?: { readonly of: number; readonly because: string }
}

/** In what the samples, which are milliseconds an iteration unless said, are shown. */
export type Unit =
  | { readonly _tag: 'Time'; readonly per: string }
  /** Floating-point operations of an iteration, shown as GFLOP/s. */
  | { readonly _tag: 'Rate'; readonly operations: number }
  /** Samples that are plain numbers. */
  | { readonly _tag: 'Plain'; readonly name: string }

/** What the issue asks of the subject: the compiled engine, or the interpreter as long as there is no other. */
export type Target =
  /** So many times the speed of somebody else. */
  | { readonly _tag: 'Faster'; readonly than: Column; readonly atLeast: number }
  /** In the unit of the samples, except that rates are GFLOP/s. */
  | { readonly _tag: 'AtMost'; readonly value: number }
  | { readonly _tag: 'AtLeast'; readonly value: number }

export const faster = (than: Column, atLeast: number): Target => ({ _tag: 'Faster', than, atLeast })
export const atMost = (value: number): Target => ({ _tag: 'AtMost', value })
export const atLeast = (value: number): Target => ({ _tag: 'AtLeast', value })

interface Described {
  readonly name: string
  readonly unit: Unit
  readonly targets: readonly Target[]
  /** What a reader should know of the row. */
  readonly remark?: string
}
/** Contenders doing the same work, in turn. */
export interface Race extends Described {
  readonly _tag: 'Race'
  /** How far results may be from the interpreter's, relative to the largest number of the result. */
  readonly tolerance: number
  readonly contenders: readonly Contender[]
  /** A figure measured elsewhere, shown as it is. */
  readonly stored?: { readonly column: Column; readonly value: number }
  /** Whether an iteration is a fresh process, of which one makes a sample. */
  readonly fresh?: boolean
}
/** Something that is measured its own way. */
export interface Survey extends Described {
  readonly _tag: 'Survey'
  readonly measure: (settings: Settings) => Promise<readonly Outcome[]>
}
/** The medians of one row above divided by those of another. */
export interface Quotient extends Described {
  readonly _tag: 'Quotient'
  readonly of: string
  readonly by: string
}
export type Row = Race | Survey | Quotient

export const race = (row: Omit<Race, '_tag'>): Race => ({ _tag: 'Race', ...row })
export const quotient = (row: Omit<Quotient, '_tag' | 'unit' | 'targets'>): Quotient => ({
  _tag: 'Quotient',
  unit: { _tag: 'Plain', name: 'times' },
  targets: [],
  ...row
})
export const survey = (row: Omit<Survey, '_tag'>): Survey => ({ _tag: 'Survey', ...row })

export interface Family {
  /** By which `--rows` finds it. */
  readonly name: string
  readonly title: string
  readonly rows: (settings: Settings) => Promise<readonly Row[]> | readonly Row[]
}

export interface Settings {
  readonly rounds: number
  /** The least milliseconds of a sample. */
  readonly sample: number
  /** Milliseconds spent before the first sample. */
  readonly warmUp: number
  readonly quick: boolean
}

/** What came of a contender in a row. */
export interface Outcome {
  readonly column: Column
  /** One a round; `undefined` where it sat a round out. */
  readonly samples: readonly (number | undefined)[]
  readonly iterations?: number
  /** The largest difference from the interpreter's results that was found, relative to the largest number. */
  readonly difference?: number
  /** Why there are no samples. */
  readonly unable?: string
  readonly remark?: string
}
export interface Finished {
  readonly family: Pick<Family, 'name' | 'title'>
  readonly row: Described & { readonly tolerance?: number }
  readonly outcomes: readonly Outcome[]
}
