/** What something is called elsewhere, as its doc comment says: in PyTorch, in JAX and its libraries, or in the paper that it is from. */

/** Names of PyTorch, JAX, Optax and SciPy stand by themselves, those of others after whose they are. */
const names =
  /((?:Keras|R|Python|MINPACK|scikit-learn)'s |(?:torchmetrics|arrows)' |fp-ts )`([^`]+)`|`((?:torch|jax|jnp|optax|scipy)\.[\w.]+)[^`]*`/g
/** In parentheses, with a year; or, of a work that is cited in full, its authors, title and year. */
const paper = /\(([A-Z][^()`]*? \d{4})\)|^((?:[A-Z]\. )+[^"]*), "[^"]+" \((\d{4})\)/m

const isPyTorch = (name: string): boolean => name.startsWith('`torch.')

/** The first name of a text, and another that follows it at once; PyTorch's first. */
const namesIn = (text: string): readonly string[] => {
  const found = [...text.matchAll(names)].map(({ 0: whole, 1: owner, 2: owned, 3: full, index }) => ({
    name: owner === undefined ? `\`${full}\`` : `${owner}\`${owned}\``,
    start: index,
    end: index + whole.length
  }))
  const [first, second] = found
  if (first === undefined) return []
  const both = second !== undefined && /^(?:,| and) $/.test(text.slice(first.end, second.start))
  const [one, other] = [first.name, second?.name ?? '']
  return both ? (isPyTorch(other) ? [other, one] : [one, other]) : [one]
}

/** What it is called elsewhere, or where it is from; nothing where its comment names nothing. */
export const elsewhere = (comment: string): string | undefined => {
  const text = comment.split(/^@/m)[0]!
  const found = namesIn(text.replace(/\n+/g, ' '))
  if (found.length > 0) return found.join(', ')
  const [, cited, authors, year] = paper.exec(text) ?? []
  return cited ?? (authors === undefined ? undefined : `${authors} ${year}`)
}

/** The first sentence or so: what a comment begins with. */
export const summaryOf = (comment: string): string => comment.split('\n')[0]!
