/**
 * Machines that take steps, and what they hold.
 *
 * A trainer compiles a program for each form of state and batch that it meets, and remembers it. All trainings of the trainer share these
 * machines: each says, before it runs one, what the machine must hold, and only if it holds another's that is copied in.
 */
import type { Machine, ResidentEngine, Saved } from '../engine/machine.js'
import { type Constant, known, type Tensor, uniform } from '../tensor/tensor.js'
import { type Form, formOf } from './form.js'
import { type Carried, stepProgram, told } from './program.js'
import type { Batch, Snapshot } from './snapshot.js'
import type { Objective } from './step.js'

/** Leaves of states or batches, in the order of their form. */
export type Leaves = readonly Constant[]

/** A machine with a note of what it holds. A saved state is an object, and names the state that it is a copy of. */
export interface Resident {
  /** Lets the machine hold this state; does nothing where it does. */
  readonly hold: (state: Saved) => void
  /** Takes so many steps on a batch, or as many as stay finite and one more; gives how many. */
  readonly run: (given: Leaves, steps: number) => number
  /** Of the last step: whether all that it made is surely finite, its loss, and the validation loss before it. */
  readonly finite: () => boolean
  readonly loss: () => number
  readonly validationLoss: () => number
  /** A copy of the state, which the machine holds from now on. */
  readonly save: () => Saved
}

const residentOf = (machine: Machine): Resident => {
  // Nothing in between: a run that throws leaves the machine with a state that nobody knows.
  let held: Saved | undefined
  let fed: Leaves | undefined
  return {
    hold: state => {
      if (held === state) return
      held = undefined
      machine.load(state())
      held = state
    },
    run: (given, steps) => {
      if (fed !== given) {
        fed = undefined
        machine.feed(given)
        fed = given
      }
      held = undefined
      return machine.run(steps)
    },
    finite: () => Number.isFinite(machine.number(told.watched)),
    loss: () => machine.number(told.loss),
    validationLoss: () => machine.number(told.validationLoss),
    save: () => {
      held = machine.save()
      return held
    }
  }
}

/** Where a training is: its state, and what is counted. */
export interface Position {
  readonly state: Saved
  readonly step: number
  readonly epoch: number
}

/** The trainings whose states have one form. A state of one of its machines can be held by every other. */
export interface Course<P, B, X, T> {
  readonly enter: (snapshot: Snapshot<P, B>) => Position | undefined
  readonly leave: (position: Position) => Snapshot<P, B>
  /** The same position with another key. */
  readonly withKey: (key: Tensor) => (position: Position) => Position
  /** The machine for a batch, and what to feed to it; with validation data it also tells their loss before each step. */
  readonly resident: (batch: Batch<X, T>, validation?: Batch<X, T>) => readonly [Resident, Leaves]
}

const countOf = (step: number): Tensor<[]> => uniform({ shape: [], dtype: 'int32' }, step)
const allKnown = (xs: readonly Tensor[]): Leaves => xs.map(known('Training'))

const courseOf = <P, B, X, Y, T>(
  objective: Objective<P, B, X, Y, T>,
  engine: ResidentEngine,
  form: Form<Carried<P, B>>
): Course<P, B, X, T> => {
  // The last two leaves are the key and the count of steps.
  const [keyAt, carried] = [form.types.length - 2, form.types.length]
  type Given = readonly [Batch<X, T>, Batch<X, T> | undefined]
  let machines: readonly { readonly given: Form<readonly Batch<X, T>[]>; readonly resident: Resident }[] = []
  return {
    enter: ({ params, buffers, optimizer, key, step, epoch }) => {
      const found = form.leaves({ params, buffers, optimizer, key, step: countOf(step) })
      if (found === undefined) return undefined
      const leaves = allKnown(found)
      return { state: () => leaves, step, epoch }
    },
    leave: ({ state, step, epoch }) => {
      const { params, buffers, optimizer, key } = form.tree(state())
      return { params, buffers, optimizer, key, step, epoch }
    },
    withKey: key => position => {
      const leaves = position.state().map((leaf, i) => (i === keyAt ? known('Training')(key) : leaf))
      return { ...position, state: () => leaves }
    },
    resident: (...[batch, validation]: Given) => {
      const given = validation === undefined ? [batch] : [batch, validation]
      for (const machine of machines) {
        const found = machine.given.leaves(given)
        if (found !== undefined) return [machine.resident, allKnown(found)]
      }
      const example = form.tree(form.types.map(type => uniform(type, 0)))
      const program = stepProgram(objective, example, batch, validation)
      const machine = {
        given: formOf(given),
        resident: residentOf(engine.machine(program, { carried, watch: told.watched }))
      }
      machines = [...machines, machine]
      return [machine.resident, allKnown(machine.given.leaves(given)!)]
    }
  }
}

/** The course of a snapshot, and where on it the snapshot is. */
export type Courses<P, B, X, T> = (snapshot: Snapshot<P, B>) => readonly [Course<P, B, X, T>, Position]

export const coursesOf = <P, B, X, Y, T>(
  objective: Objective<P, B, X, Y, T>,
  engine: ResidentEngine
): Courses<P, B, X, T> => {
  // What is remembered between calls changes how long they take and nothing else.
  let courses: readonly Course<P, B, X, T>[] = []
  return snapshot => {
    for (const course of courses) {
      const position = course.enter(snapshot)
      if (position !== undefined) return [course, position]
    }
    const { params, buffers, optimizer, key, step } = snapshot
    const course = courseOf(objective, engine, formOf({ params, buffers, optimizer, key, step: countOf(step) }))
    courses = [...courses, course]
    return [course, course.enter(snapshot)!]
  }
}
