import { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { progress } from '../../examples/shared/progress.js'

/** A stream that remembers, and is watched by a person or not. */
const remembering = (isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly written: () => string } => {
  let written = ''
  const stream: NodeJS.WriteStream = Object.create(WriteStream.prototype, {
    isTTY: { value: isTTY },
    columns: { value: 120 },
    write: {
      value: (text: string) => {
        written += text
        return true
      }
    }
  })
  return { stream, written: () => written }
}

const train = (stream: NodeJS.WriteStream): void => {
  const watched = progress(3, stream)('network')
  for (const epoch of [1, 2, 3]) {
    watched.tick(epoch)
    if (epoch === 2) watched.print('Epoch 2')
  }
  watched.stop()
}

test('nobody watches: the lines and nothing else', () => {
  const { stream, written } = remembering(false)
  train(stream)
  expect(written()).toBe('Epoch 2\n')
})

test('somebody watches: a bar, lines of their own, and no bar in the end', () => {
  const { stream, written } = remembering(true)
  train(stream)
  expect(written()).toContain('network ')
  expect(written()).toContain('/3 epochs')
  expect(written()).toContain('\u001B[2KEpoch 2\n')
  expect(written().slice(written().lastIndexOf('epochs'))).toContain('\u001B[0K')
  // The bar ends where it saved the cursor: that must be below every line printed.
  expect(written().lastIndexOf('\u001B7')).toBeGreaterThan(written().lastIndexOf('\n'))
})
