/** Progress: a bar where a person is watching, nothing otherwise. */
import { SingleBar } from 'cli-progress'

export interface Progress {
  /** So much is done. */
  readonly tick: (done: number) => void
  /** Prints a line; the bar moves below it. */
  readonly print: (line: string) => void
  /** Takes the bar away. */
  readonly stop: () => void
}

/** `progress(5000)('network')`: of so many epochs. The bar is drawn while the program computes, and gone afterwards. */
export const progress =
  (total: number, stream: NodeJS.WriteStream = process.stdout) =>
  (name: string): Progress => {
    if (!stream.isTTY) return { tick: () => {}, print: line => void stream.write(`${line}\n`), stop: () => {} }
    const bar = new SingleBar({
      stream,
      format: `${name} {bar} {value}/{total} epochs, {eta_formatted} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      clearOnComplete: true,
      // Drawn anew each time, because lines are printed in between.
      forceRedraw: true
    })
    bar.start(total, 0)
    return {
      tick: done => bar.update(done),
      print: line => void stream.write(`\r\u001B[2K${line}\n`),
      stop: () => {
        // When it stops, the bar puts the cursor where it was saved, at the start: above the lines printed since. So it is saved anew.
        stream.write('\u001B7')
        bar.stop()
      }
    }
  }
