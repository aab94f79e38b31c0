/** Traced functions as data. */
export { type Program, show, trace } from './compiler/program.js'
