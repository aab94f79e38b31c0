/** What runs programs. */
export type { Engine } from './compiler/program.js'
export { interpreter } from './engine/interpreter.js'
export type { Machine, MachineOptions, ResidentEngine } from './engine/machine.js'
export { type WasmOptions, wasm, wasmWith } from './engine/wasm/wasm.js'
