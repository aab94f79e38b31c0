/** The engines that laws and oracles are tried with. */
import type { Engine } from '../../src/compiler/program.js'
import { interpreter } from '../../src/engine/interpreter.js'
import { wasm } from '../../src/engine/wasm/wasm.js'

export const engines: readonly Engine[] = [interpreter, wasm]
/** Those that could differ from what a function does by itself. */
export const compiledEngines: readonly Engine[] = engines.filter(engine => engine !== interpreter)
