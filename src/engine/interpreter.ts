/** The definition of what a program means: its equations, evaluated in order. */
import type { Engine } from '../compiler/program.js'
import { evaluator } from '../transform/evaluate.js'

export const interpreter: Engine = {
  name: 'interpreter',
  compile: ({ parameters, results }) => evaluator(parameters, results)
}
