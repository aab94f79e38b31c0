/**
 * Programs that are run again and again on their own results, such as the steps of a training.
 *
 * A machine is the one thing here that remembers: between calls it holds what is carried, wherever an engine likes to keep it. What goes in and
 * what comes out are copies, so that nobody outside can tell.
 */
import type { Engine, Program } from '../compiler/program.js'
import type { Constant } from '../tensor/tensor.js'

/** What was carried, as tensors. */
export type Saved = () => readonly Constant[]

/** A program whose first results are its first parameters of the next run. It behaves as if there were no other, whatever memory they share. */
export interface Machine {
  /** Copies in what is carried. */
  readonly load: (carried: readonly Constant[]) => void
  /** Copies in the other parameters; one that is the same object as last time need not be copied again. */
  readonly feed: (given: readonly Constant[]) => void
  /** Runs so many times, or until the watched result is not finite, and gives how often it ran: the last run may be the one that is not finite. */
  readonly run: (times: number) => number
  /** The first element of a result of the last run, counted after the carried ones; makes no tensor. */
  readonly number: (result: number) => number
  /** A copy of what is carried, which no later call touches; the tensors over it are made when they are asked for. */
  readonly save: () => Saved
}

export interface MachineOptions {
  /** How many results are carried. They have the types of as many first parameters. */
  readonly carried: number
  /** A result, counted after the carried ones, whose first element ends a run where it is not finite. */
  readonly watch?: number
}

/** An engine that can keep what a program carries in its own memory. */
export interface ResidentEngine extends Engine {
  readonly machine: (program: Program, options: MachineOptions) => Machine
}

/** The definition of a machine: a program's function, applied to its own results. */
export const machineOf =
  (compile: Engine['compile']): ResidentEngine['machine'] =>
  (program, { carried, watch }) => {
    const evaluate = compile(program)
    let state: readonly Constant[] = []
    let others: readonly Constant[] = []
    let told: readonly Constant[] = []
    const number = (result: number): number => told[result]!.data[0]!
    return {
      load: given => {
        state = given
      },
      feed: given => {
        others = given
      },
      run: times => {
        for (let ran = 0; ran < times; ran++) {
          const results = evaluate([...state, ...others])
          state = results.slice(0, carried)
          told = results.slice(carried)
          if (watch !== undefined && !Number.isFinite(number(watch))) return ran + 1
        }
        return times
      },
      number,
      save: () => {
        const saved = state
        return () => saved
      }
    }
  }

/** Any engine as one with machines: its own, or else those that are made of its functions. */
export const withMachines = (engine: Engine): ResidentEngine => ({ machine: machineOf(engine.compile), ...engine })
