/**
 * Whether a function is being run on unknowns just now.
 *
 * It decides nothing but an error's wording: an unknown that is read while nothing is traced was left over by a function that has returned.
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
