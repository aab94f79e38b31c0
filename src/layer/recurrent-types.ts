/** Recurrent layers as the compiler sees them: PyTorch's names of parameters and their shapes, from literal settings. */
import type { Multiply } from '../structure/digits.js'
import type { Tensor } from '../tensor/tensor.js'
import type { AnyLayer, Empty, Layer, Named, NameOf, ShapeFunction, TreeLayer } from './types.js'

export type RecurrenceKind = 'rnn' | 'gru' | 'lstm'
interface GatesOf {
  readonly rnn: 1
  readonly gru: 3
  readonly lstm: 4
}
/** The rows of a recurrence's weights: `hidden` for each gate, and for the candidate. */
export type GateRows<K extends RecurrenceKind, Hidden extends number> = Multiply<GatesOf[K], Hidden>

/** 0, …, N − 1. */
type Below<N extends number, Done extends readonly unknown[] = []> = number extends N
  ? number
  : Done['length'] extends N
    ? never
    : Done['length'] | Below<N, [...Done, unknown]>
/** What a setting that may be unknown means. */
type If<Setting extends boolean, Yes, No, Unknown> = [Setting] extends [true]
  ? Yes
  : [Setting] extends [false]
    ? No
    : Unknown

/** The features of the outputs: those of both directions, where there are two. */
export type Features<Hidden extends number, Bidirectional extends boolean> = Multiply<
  Hidden,
  If<Bidirectional, 2, 1, number>
>
type Places<Layers extends number, Bidirectional extends boolean> = Multiply<Layers, If<Bidirectional, 2, 1, number>>
type PlaceName<Layers extends number, Bidirectional extends boolean> = `l${Below<Layers>}${If<
  Bidirectional,
  '' | '_reverse',
  '',
  '' | '_reverse'
>}`

type ParameterShape<
  Name,
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Layers extends number,
  Bidirectional extends boolean
> = Name extends `bias_${string}`
  ? [GateRows<K, Hidden>]
  : Name extends `weight_hh_${string}`
    ? [GateRows<K, Hidden>, Hidden]
    : // Only the first layer reads the input.
      [
        GateRows<K, Hidden>,
        number extends Layers
          ? number
          : Name extends `weight_ih_l0${'' | '_reverse'}`
            ? In
            : Features<Hidden, Bidirectional>
      ]

/** PyTorch's record of the parameters of a stacked recurrence: `weight_ih_l0`, …, with `_reverse` for the direction back. */
export type RecurrentParams<
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Layers extends number,
  Bidirectional extends boolean,
  Bias extends boolean
> = {
  readonly [Name in `${If<
    Bias,
    'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh',
    'weight_ih' | 'weight_hh',
    'weight_ih' | 'weight_hh'
  >}_${PlaceName<Layers, Bidirectional>}`]: Tensor<ParameterShape<Name, K, In, Hidden, Layers, Bidirectional>>
} & If<
  Bias,
  unknown,
  unknown,
  { readonly [Name in `bias_${'ih' | 'hh'}_${PlaceName<Layers, Bidirectional>}`]?: Tensor<[GateRows<K, Hidden>]> }
>

declare const recurrence_: unique symbol
/** A layer from a sequence to a sequence as long: `[steps, In] → [steps, Hidden · directions]`. */
export interface Recurrent<
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Layers extends number = 1,
  Bidirectional extends boolean = false,
  Bias extends boolean = true
> extends Layer<
    RecurrentParams<K, In, Hidden, Layers, Bidirectional, Bias>,
    [number, In],
    [number, Features<Hidden, Bidirectional>],
    Empty,
    K,
    SequenceShape<Features<Hidden, Bidirectional>>
  > {
  readonly [recurrence_]: Carried<K, In, Hidden, Layers, Bidirectional, Bias>
}
interface SequenceShape<Out extends number> extends ShapeFunction {
  readonly result: this['given'] extends readonly [infer Steps extends number, number] ? [Steps, Out] : unknown
}

/** The shapes of a carried state: for h, and for LSTM for c too, the last axes of a tensor. */
export type StateShape<K extends RecurrenceKind, Places extends number, Hidden extends number> = K extends 'lstm'
  ? { readonly h: [Places, Hidden]; readonly c: [Places, Hidden] }
  : [Places, Hidden]

/** A recurrent layer that takes its state and gives it back. */
export interface Carried<
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Layers extends number = 1,
  Bidirectional extends boolean = false,
  Bias extends boolean = true
> extends TreeLayer<
    RecurrentParams<K, In, Hidden, Layers, Bidirectional, Bias>,
    { readonly input: [number, In]; readonly state: StateShape<K, Places<Layers, Bidirectional>, Hidden> },
    {
      readonly output: [number, Features<Hidden, Bidirectional>]
      readonly state: StateShape<K, Places<Layers, Bidirectional>, Hidden>
    },
    Empty,
    'carried'
  > {}

/** Any recurrent layer, for constraints. */
export interface AnyRecurrent extends AnyLayer {
  readonly [recurrence_]: AnyLayer
}
/** The same layer with its state carried, under the same name. */
export type CarriedOf<L extends AnyRecurrent> = [NameOf<L, never>] extends [never]
  ? L[typeof recurrence_]
  : Named<NameOf<L, never>, L[typeof recurrence_]>

/** One step of a recurrence: `{ input, state } → state`. */
export interface RecurrentCell<
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Bias extends boolean = true
> extends TreeLayer<
    CellParams<K, In, Hidden, Bias>,
    { readonly input: [In]; readonly state: CellState<K, Hidden> },
    CellState<K, Hidden>,
    Empty,
    `${K}Cell`
  > {}
export type CellState<K extends RecurrenceKind, Hidden extends number> = K extends 'lstm'
  ? { readonly h: [Hidden]; readonly c: [Hidden] }
  : [Hidden]
type CellWeights<K extends RecurrenceKind, In extends number, Hidden extends number> = {
  readonly weight_ih: Tensor<[GateRows<K, Hidden>, In]>
  readonly weight_hh: Tensor<[GateRows<K, Hidden>, Hidden]>
}
type CellBiases<K extends RecurrenceKind, Hidden extends number> = {
  readonly bias_ih: Tensor<[GateRows<K, Hidden>]>
  readonly bias_hh: Tensor<[GateRows<K, Hidden>]>
}
/** PyTorch's record of the parameters of a cell. */
export type CellParams<
  K extends RecurrenceKind,
  In extends number,
  Hidden extends number,
  Bias extends boolean
> = CellWeights<K, In, Hidden> & If<Bias, CellBiases<K, Hidden>, unknown, Partial<CellBiases<K, Hidden>>>
