import type { Findings } from './programs.js'

/** The names under which two places found something else: shorter to read than their bits. */
export const differences = (a: Findings, b: Findings): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(name => a[name] !== b[name])
