/** What runs programs. */
export type { Engine } from './compiler/program.js'
export { interpreter } from './engine/interpreter.js'
