/** The part of the platform's `WebAssembly` that the engine uses, typed here because no library of types for both Node and pages has it alone. */

export interface Memory {
  readonly buffer: ArrayBuffer
  readonly grow: (pages: number) => number
}
export type CompiledModule = object
export type Exports = Readonly<Record<string, (...numbers: readonly number[]) => number>>
export interface Imports {
  readonly engine: Readonly<Record<string, unknown>>
}
export interface Instance {
  readonly exports: Exports
}
interface WebAssemblyPlatform {
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum?: number
    readonly shared?: boolean
  }) => Memory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => CompiledModule
  readonly Instance: new (module: CompiledModule, imports: Imports) => Instance
  readonly RuntimeError: new () => Error
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean
  readonly compile: (bytes: Uint8Array<ArrayBuffer>) => Promise<CompiledModule>
  readonly instantiate: (module: CompiledModule, imports: Imports) => Promise<Instance>
}

const found = (globalThis as { readonly WebAssembly?: WebAssemblyPlatform }).WebAssembly
/** Whether programs can be compiled here at all. */
export const isAvailable = found !== undefined
export const platform = (): WebAssemblyPlatform => found!

export const pageBytes = 1 << 16
/** 2 GiB: kernels compare addresses as signed numbers. */
export const mostPages = 1 << 15
