/** The ways to run a function: by itself, or compiled by an engine. All of them have to give PyTorch's values. */
import { type Engine, jit } from '../../src/index.js'
import { engines } from '../engine/engines.js'

export interface Way {
  readonly name: string
  /** None where operations are computed one by one. */
  readonly engine?: Engine.Engine
  readonly run: <A extends readonly unknown[], B>(f: (...xs: A) => B) => (...xs: A) => B
}
export const atOnce: Way = { name: 'at once', run: f => f }
export const ways: readonly Way[] = [
  atOnce,
  ...engines.map((engine): Way => ({ name: `compiled: ${engine.name}`, engine, run: f => jit(f, { engine }) }))
]
