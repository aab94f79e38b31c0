/**
 * Whether a function is being run on unknowns just now.
 *
 * An unknown that is read while nothing is traced was left over by a function that has returned, which its error says; and `jit` is the
 * function itself where it closes over unknowns of a function that is being traced around it. No result depends on it.
 */
let depth = 0

/** Runs what gives meaning to unknowns. */
export const tracing = <A>(run: () => A): A => {
  depth++
  try {
    return run()
  } finally {
    depth--
  }
}
export const isTracing = (): boolean => depth > 0
