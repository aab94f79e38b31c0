/** Parameters by literal paths, as the compiler sees them: whether there are such, and what is left of a record without them. */
import type { SameShape, Shape, Show } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type { IsEmpty } from './composition-types.js'
import type { AnyLayer, Around, Params } from './types.js'

/** The key of a record by a part of a path: places among layers are numbers to some types. */
type Key<P, Name extends string> = Name extends keyof P
  ? Name
  : Name extends `${infer N extends number}`
    ? N extends keyof P
      ? N
      : never
    : never
/** What is at a path; never if there is nothing, unknown where that is not known. */
type At<P, Path extends string> = unknown extends P
  ? unknown
  : string extends Path | keyof P
    ? unknown
    : P extends Tensor
      ? never
      : Path extends `${infer Name}.${infer Rest}`
        ? [Key<P, Name>] extends [never]
          ? never
          : At<P[Key<P, Name>], Rest>
        : [Key<P, Path>] extends [never]
          ? never
          : P[Key<P, Path>]

type Replaced<P, K, Q> =
  IsEmpty<Q> extends true
    ? { readonly [Name in keyof P as Name extends K ? never : Name]: P[Name] }
    : { readonly [Name in keyof P]: Name extends K ? Q : P[Name] }
type Nothing = { readonly [K in never]: never }
/** The record without what is at a path; of layers that are not known one by one, none is left out. */
type Without<P, Path extends string> = number extends keyof P
  ? P
  : Path extends `${infer Name}.${infer Rest}`
    ? Replaced<P, Key<P, Name>, Without<P[Key<P, Name>], Rest>>
    : Replaced<P, Key<P, Path>, Nothing>
/** The record, any part of which may have been left out. */
type Loose<P> = P extends Tensor ? P : { readonly [K in keyof P]?: Loose<P[K]> }

/** Two places of one parameter: what stands at `to` is what stands at `from`, changed by a function, if there is one. */
export interface Tie {
  readonly from: string
  readonly to: string
  readonly by?: (x: Tensor) => Tensor
}
type Ties = readonly Tie[]

type Missing<Name extends string, Path extends string> = `${Name}: there is no parameter '${Path}' in the model`
/** The message about a tie that cannot be, else null. */
type Untieable<P, T extends Tie> = [At<P, T['from']>] extends [never]
  ? Missing<'tie', T['from']>
  : [At<P, T['to']>] extends [never]
    ? Missing<'tie', T['to']>
    : T extends { readonly by: (x: never) => unknown }
      ? null
      : [At<P, T['from']>, At<P, T['to']>] extends [Tensor<infer A extends Shape>, Tensor<infer B extends Shape>]
        ? SameShape<A, B> extends true
          ? null
          : `tie: '${T['to']}' is ${Show<B>}, and '${T['from']}' is ${Show<A>}`
        : null
type Remaining<P, Ts> = Ts extends readonly [infer T extends Tie, ...infer Rest]
  ? string extends T['to']
    ? Loose<P>
    : Untieable<P, T> extends infer Message extends string
      ? Message
      : Remaining<Without<P, T['to']>, Rest>
  : Ts extends readonly []
    ? P
    : Loose<P>

/** The model, or a message about a tie that does not fit it. */
export type Tieable<L extends AnyLayer, Ts extends Ties> =
  Remaining<Params<L>, Ts> extends infer Message extends string ? Message : L
export type Tied<L extends AnyLayer, Ts extends Ties> = Around<
  L,
  'tie',
  Remaining<Params<L>, Ts> extends infer P ? (P extends string ? Params<L> : P) : never
>

/** Parameters by path, by paths, or by what a function says of each path. */
export type Chosen = string | readonly string[] | ((path: string) => boolean)
type PathsIn<C extends Chosen> = C extends string ? C : C extends readonly string[] ? C[number] : never
/** The layer, or a message about a path that it does not have. */
export type Freezable<L extends AnyLayer, C extends Chosen> = [NoSuch<Params<L>, PathsIn<C>>] extends [null]
  ? L
  : Exclude<NoSuch<Params<L>, PathsIn<C>>, null>
type NoSuch<P, Path extends string> = Path extends string
  ? [At<P, Path>] extends [never]
    ? Missing<'freeze', Path>
    : null
  : null
