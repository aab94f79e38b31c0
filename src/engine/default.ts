/** The engine that runs what names no other: the compiled one, where there is WebAssembly. */
import { interpreter } from './interpreter.js'
import type { ResidentEngine } from './machine.js'
import { isAvailable } from './wasm/platform.js'
import { wasm } from './wasm/wasm.js'

export const defaultEngine: ResidentEngine = isAvailable ? wasm : interpreter
