/** A test for every case of a file, run in every way, and one that every kind is implemented. */
import { describe, expect, it } from 'vitest'
import { account, type Suite } from './suite.js'
import { ways } from './ways.js'

export const verify = ({ file, kinds, check }: Suite): void => {
  describe(`PyTorch's ${file}`, () => {
    const { cases, wrong } = account(file, kinds)
    it('are all implemented', () => {
      expect(wrong).toEqual([])
    })
    describe.each(ways)('$name', way => {
      it.each(cases.map(c => [c.name, c] as const))('%s', (_, c) => {
        expect(check(c, way)).toEqual([])
      })
    })
  })
}
