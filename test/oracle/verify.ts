/** A test for every case of a file that the library has the kind of, run in every way, and one that none is forgotten. */
import { describe, expect, it } from 'vitest'
import type { Case } from './oracle.js'
import { account, type Suite } from './suite.js'
import { ways } from './ways.js'

export const verify = ({ file, kinds, check }: Suite): void => {
  const passes = (c: Case): boolean => {
    try {
      return check(c).length === 0
    } catch {
      return false
    }
  }
  describe(`PyTorch's ${file}`, () => {
    const { run, left, wrong } = account(file, kinds)
    it('are all accounted for', () => {
      expect(wrong).toEqual([])
    })
    it('are not left for later where they would pass', () => {
      expect(left.filter(c => kinds.includes(c.kind) && passes(c)).map(c => c.name)).toEqual([])
    })
    describe.each(ways)('$name', way => {
      it.each(run.map(c => [c.name, c] as const))('%s', (_, c) => {
        expect(check(c, way)).toEqual([])
      })
    })
  })
}
