/** Settings as Python prints them. */
import { expect, test } from 'vitest'
import * as _ from '../../src/layer/printing.js'

test('floats', () => {
  expect([1, 0.5, 1e-5, 1.5e-7, 1e-4, 0, -2, 1e16, 123456789].map(_.float)).toEqual(
    ['1.0', '0.5', '1e-05', '1.5e-07', '0.0001', '0.0', '-2.0', '1e+16', '123456789.0'] // of Python's repr
  )
  expect([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map(_.float)).toEqual(['inf', '-inf', 'nan'])
})
test('truth values and tuples', () => {
  expect([_.truth(true), _.truth(false)]).toEqual(['True', 'False'])
  expect([_.tuple([5]), _.tuple([2, 3]), _.tuple([1.5], _.float)]).toEqual(['(5,)', '(2, 3)', '(1.5,)'])
  expect([_.sizes([2, 2]), _.sizes([2, 3])]).toEqual(['2', '(2, 3)'])
})
