/** Shape rules of operations that see the same elements under another shape, or repeat them. */
import type { DivideExactly, Product } from './digits.js'
import type { SameSize, Shape, Show } from './shape-types.js'

/** Whether all sizes are literals. */
type Known<S extends Shape> = number extends S['length'] ? false : number extends S[number] ? false : true

type Fill<S extends Shape, Size extends number> = { -readonly [K in keyof S]: S[K] extends -1 ? Size : S[K] }
type Others<S extends Shape, Done extends Shape = []> = S extends readonly [
  infer First extends number,
  ...infer Rest extends Shape
]
  ? Others<Rest, First extends -1 ? Done : [...Done, First]>
  : Done
type CannotReshape<
  S extends Shape,
  To extends Shape
> = `reshape: ${Show<S>} has ${Product<S>} elements, ${Show<To>} would have ${-1 extends To[number]
  ? `a multiple of ${Product<Others<To>>}`
  : Product<To>}`

/** The same elements under another shape, of which one size may be −1: what is left for it. */
export type Reshape<S extends Shape, To extends Shape> = number extends To['length']
  ? Shape
  : Known<S> extends true
    ? Known<To> extends true
      ? -1 extends To[number]
        ? DivideExactly<Product<S>, Product<Others<To>>> extends infer Size
          ? Size extends number
            ? Fill<To, Size>
            : CannotReshape<S, To>
          : never
        : SameSize<Product<S>, Product<To>> extends true
          ? [...To]
          : CannotReshape<S, To>
      : Fill<To, number>
    : Fill<To, number>

/** Repeated along axes of size 1 and along new leading axes; −1 keeps a size. */
export type Expand<S extends Shape, To extends Shape> = number extends S['length']
  ? Fill<To, number>
  : number extends To['length']
    ? Shape
    : ExpandSizes<S, To, S, To, []>
type ExpandSizes<
  S extends Shape,
  To extends Shape,
  AllS extends Shape,
  AllTo extends Shape,
  Done extends Shape
> = S extends readonly [...infer RestS extends Shape, infer LastS extends number]
  ? To extends readonly [...infer RestTo extends Shape, infer LastTo extends number]
    ? LastTo extends -1
      ? ExpandSizes<RestS, RestTo, AllS, AllTo, [LastS, ...Done]>
      : 1 extends LastS
        ? ExpandSizes<RestS, RestTo, AllS, AllTo, [LastTo, ...Done]>
        : SameSize<LastS, LastTo> extends true
          ? ExpandSizes<RestS, RestTo, AllS, AllTo, [LastTo, ...Done]>
          : `expand: ${Show<AllS>} does not fit ${Show<AllTo>}: size ${LastS} at axis -${[0, ...Done]['length'] & number} is neither 1 nor ${LastTo}`
    : `expand: ${Show<AllS>} has more axes than ${Show<AllTo>}`
  : [...To, ...Done]
