import { describe, expect, test } from 'vitest'
import { type PrimitiveName, primitive, primitiveNames } from '../../../laws/primitives.js'
import { isElementwise, isFold, isLight, isView } from '../../../src/compiler/pass/kind.js'
import * as arithmetic from '../../../src/primitive/arithmetic.js'
import * as elementary from '../../../src/primitive/elementary.js'
import * as gamma from '../../../src/primitive/gamma.js'
import * as polar from '../../../src/primitive/polar.js'
import * as selection from '../../../src/primitive/selection.js'
import type { Primitive } from '../../../src/tensor/tensor.js'

const ofKind = (kind: (primitive: Primitive) => boolean): readonly PrimitiveName[] =>
  primitiveNames.filter(name => kind(primitive(name) as Primitive)).sort()
const primitivesIn = (module: object): readonly string[] =>
  Object.entries(module).flatMap(([name, { name: told }]) => (name.endsWith('Primitive') ? [told] : []))

describe('what primitives are to the passes, by their names', () => {
  test('views', () => {
    expect(ofKind(isView)).toEqual(['broadcast', 'permute', 'reshape', 'reverse', 'slice', 'stopGradient', 'windows'])
  })
  test('element-wise: all that arithmetic, elementary and special functions and selection define, extrema of two, and cast', () => {
    const defined = [arithmetic, elementary, gamma, polar, selection].flatMap(primitivesIn)
    const expected = [...defined, 'maximum', 'minimum', 'cast']
    expect(ofKind(isElementwise)).toEqual(expected.sort())
  })
  test('folds', () => {
    expect(ofKind(isFold)).toEqual(['amax', 'amin', 'sum'])
  })
  test('light ones are element-wise, and known', () => {
    expect(ofKind(isLight)).toHaveLength(15)
    expect(ofKind(isLight).filter(name => !isElementwise(primitive(name) as Primitive))).toEqual([])
  })
})
