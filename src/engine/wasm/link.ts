/**
 * Steps with addresses as the routines of a module.
 *
 * Tiny kernels are put into one routine one after the other, because a call costs as much as they do. Large ones are routines of their own: V8
 * optimises a function while it runs and takes the faster one at its next call, never in the middle of it. For the same reason the body of a
 * loop is a routine.
 */
import {
  branch,
  branchIf,
  call,
  choose,
  block as enclosed,
  i32,
  label,
  loop,
  repeat,
  routine,
  type Statement,
  sequence,
  type Value
} from './assembler.js'
import { bytesOf } from './kernel.js'
import type { Layout } from './layout.js'
import { type Kernel, placeAt, type Step } from './step.js'
import type { Buffer, View } from './view.js'

/** What a routine may take, in nanoseconds, and still be written out where it is called. */
const tiny = 1500
/** V8 takes at most 50,000 locals a function, and longer than linear for optimising a long one. */
const mostInOne = 48

export const link = (steps: readonly Step[], { addressOf, scratchOf, vanished }: Layout): Statement => {
  const address = (buffer: Buffer): number => addressOf(buffer)!
  const holds = ({ buffer, offset }: View): Value<'i32'> => i32.loadByte(i32.const(address(buffer) + offset))
  const kernelCode = (kernel: Kernel): Statement => {
    const code = kernel.code(view => placeAt(address(view.buffer), bytesOf[view.dtype], view), scratchOf(kernel))
    return kernel.cost <= tiny ? code : call(routine(kernel.name, [], code))
  }
  const block = (list: readonly Step[]): Statement => {
    if (list.length <= mostInOne) return sequence(...list.map(code))
    const parts: Statement[] = []
    for (let i = 0; i < list.length; i += mostInOne)
      parts.push(call(routine('part', [], sequence(...list.slice(i, i + mostInOne).map(code)))))
    return sequence(...parts)
  }
  const code = (step: Step): Statement => {
    switch (step.kind) {
      case 'kernel':
        return kernelCode(step)
      case 'move':
        return vanished.has(step) ? sequence() : kernelCode(step.kernel)
      case 'branch':
        return choose(holds(step.condition), block(step.yes), block(step.no))
      case 'loop': {
        const body = routine('body', [], block(step.body))
        return repeat(i32.const(0), i32.const(step.times), 1, i =>
          sequence(i32.store(i32.const(0), i, address(step.counter)), call(body))
        )
      }
      case 'while': {
        const [test, body] = [routine('test', [], block(step.test)), routine('body', [], block(step.body))]
        const [again, done] = [label(), label()]
        return enclosed(
          done,
          loop(again, call(test), branchIf(done, i32.eqz(holds(step.condition))), call(body), branch(again))
        )
      }
    }
  }
  return block(steps)
}
