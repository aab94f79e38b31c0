/**
 * Sums of products, written with letters: `ij,jk->ik` is the matrix product.
 *
 * The letters stand for axes. Operands are brought together two at a time, from the left: what no later operand and not the
 * result needs is summed away as soon as possible, and what remains is one batched matrix product.
 */
import { mul } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { permute, reshape, sum } from '../primitive/movement.js'
import { type Mistake, mistake } from '../structure/mistake.js'
import { range, showShape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { productDtype } from './contraction.js'
import { diagonalOf } from './diagonal.js'

/** A letter; for the axes under an ellipsis their number from the end: '-1' is the last. */
type Label = string

/** The letters of one operand; those before the ellipsis, if there is one, apart from those after it. */
interface Term {
  readonly before: readonly Label[]
  readonly after: readonly Label[]
  readonly ellipsis: boolean
}
interface Equation {
  readonly text: string
  readonly terms: readonly Term[]
  readonly result: Term | undefined
}
/** A tensor and the labels of its axes, each once. */
interface Labelled {
  readonly x: Tensor
  readonly labels: readonly Label[]
}

const invalid = (text: string, what: string): Mistake => mistake('InvalidArgument', 'einsum', `'${text}': ${what}`)
const misfit = (text: string, what: string): Mistake => mistake('ShapeMismatch', 'einsum', `'${text}': ${what}`)

const parseTerm = (text: string, term: string): Term => {
  const [before = '', after = '', ...more] = term.split('...')
  if (more.length > 0) throw invalid(text, `'${term}' has more than one ellipsis`)
  const strange = [...before, ...after].find(character => !/[A-Za-z]/.test(character))
  if (strange !== undefined)
    throw invalid(text, `'${strange}' in '${term}' is not a letter; axes are letters, or an ellipsis of three dots`)
  return { before: [...before], after: [...after], ellipsis: term.includes('...') }
}
const parse = (text: string): Equation => {
  const [left = '', right, ...more] = text.replaceAll(/\s/g, '').split('->')
  if (more.length > 0) throw invalid(text, "more than one '->'")
  const terms = left.split(',').map(term => parseTerm(text, term))
  const result = right === undefined ? undefined : parseTerm(text, right)
  for (const letter of result === undefined ? [] : [...result.before, ...result.after]) {
    if (!terms.some(({ before, after }) => before.includes(letter) || after.includes(letter)))
      throw invalid(text, `the result has ${letter}, and no operand has`)
    if ([...result!.before, ...result!.after].filter(other => other === letter).length > 1)
      throw invalid(text, `the result has ${letter} twice`)
  }
  if (result?.ellipsis && !terms.some(term => term.ellipsis))
    throw invalid(text, 'the result has an ellipsis, and no operand has')
  return { text, terms, result }
}

const ellipsisLabels = (n: number): readonly Label[] => range(n).map(axis => String(axis - n))

/** The labels of an operand's axes, some perhaps several times. */
const labelsOf = (text: string, { before, after, ellipsis }: Term, x: Tensor, operand: number): readonly Label[] => {
  const letters = before.length + after.length
  const covered = x.shape.length - letters
  if (ellipsis ? covered < 0 : covered !== 0)
    throw misfit(
      text,
      `operand ${operand}, ${showShape(x.shape)}, has ${x.shape.length} axes, and ${ellipsis ? 'at least ' : ''}${letters} letters stand for them`
    )
  return [...before, ...ellipsisLabels(covered), ...after]
}

/** Repeated labels made one: the diagonal of the two axes. */
const distinct = (text: string, { x, labels }: Labelled): Labelled => {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis)
  if (second < 0) return { x, labels }
  const label = labels[second]!
  const first = labels.indexOf(label)
  if (x.shape[first] !== x.shape[second])
    throw misfit(text, `${label} stands for sizes ${x.shape[first]} and ${x.shape[second]} of one operand`)
  const others = range(labels.length).filter(axis => axis !== first && axis !== second)
  const diagonal = diagonalOf(permute([...others, first, second])(x), 0)
  return distinct(text, { x: diagonal, labels: [...others.map(axis => labels[axis]!), label] })
}

/** The size of each label: the same in all operands, or 1 in some of them. */
const sizesOf = (text: string, operands: readonly Labelled[]): ReadonlyMap<Label, number> => {
  const sizes = new Map<Label, number>()
  for (const { x, labels } of operands) {
    labels.forEach((label, axis) => {
      const [known, extent] = [sizes.get(label) ?? 1, x.shape[axis]!]
      if (known !== 1 && extent !== 1 && known !== extent) {
        const name = /\d/.test(label) ? `axis ${label} under the ellipsis` : label
        const shapes = operands.map(operand => showShape(operand.x.shape)).join(', ')
        throw misfit(text, `${name} stands for sizes ${known} and ${extent}, in operands ${shapes}`)
      }
      sizes.set(label, known === 1 ? extent : known)
    })
  }
  return sizes
}
/** Without the axes of size 1 that stand for larger ones: an operand is the same all along those. */
const unrepeated = ({ x, labels }: Labelled, sizes: ReadonlyMap<Label, number>): Labelled => {
  const kept = range(labels.length).filter(axis => x.shape[axis] === sizes.get(labels[axis]!))
  return { x: reshape(kept.map(axis => x.shape[axis]!))(x), labels: kept.map(axis => labels[axis]!) }
}

const summed = ({ x, labels }: Labelled, needed: ReadonlySet<Label>): Labelled => ({
  x: sum(range(labels.length).filter(axis => !needed.has(labels[axis]!)))(x),
  labels: labels.filter(label => needed.has(label))
})
/** The axes in the order of these labels. */
const ordered = ({ x, labels }: Labelled, order: readonly Label[]): Tensor =>
  permute(order.map(label => labels.indexOf(label)))(x)

/** The product of two, summed over the labels that nobody needs any more. */
const pair = (a: Labelled, b: Labelled, needed: ReadonlySet<Label>, sizes: ReadonlyMap<Label, number>): Labelled => {
  const only = summed(a, new Set([...needed, ...b.labels]))
  const other = summed(b, new Set([...needed, ...a.labels]))
  const shared = only.labels.filter(label => other.labels.includes(label))
  const batch = shared.filter(label => needed.has(label))
  const inner = shared.filter(label => !needed.has(label))
  const rows = only.labels.filter(label => !shared.includes(label))
  const columns = other.labels.filter(label => !shared.includes(label))
  const shape = (labels: readonly Label[]): readonly number[] => labels.map(label => sizes.get(label)!)
  const labels = [...batch, ...rows, ...columns]
  const left = ordered(only, [...batch, ...rows, ...inner])
  const right = ordered(other, [...batch, ...inner, ...columns])
  if (inner.length === 0) {
    const spread = reshape([...shape(batch), ...rows.map(() => 1), ...shape(columns)])(right)
    return { x: mul(reshape([...shape(batch), ...shape(rows), ...columns.map(() => 1)])(left), spread), labels }
  }
  const outer = batch.length === 0 ? [] : [size(shape(batch))]
  const [m, k, n] = [size(shape(rows)), size(shape(inner)), size(shape(columns))]
  const product = matmul({ left: false, right: false })(
    reshape([...outer, m, k])(left),
    reshape([...outer, k, n])(right)
  )
  return { x: reshape(shape(labels))(product), labels }
}

/** Without `->`: the axes under the ellipsis, then the letters that occur once, in the order of the alphabet. */
const implicit = (terms: readonly Term[], covered: readonly Label[]): readonly Label[] => {
  const letters = terms.flatMap(({ before, after }) => [...before, ...after])
  return [...covered, ...letters.filter(letter => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort()]
}

const evaluate = ({ text, terms, result }: Equation, tensors: readonly Tensor[]): Tensor => {
  if (tensors.length !== terms.length)
    throw invalid(text, `there are ${terms.length} operands in the equation, and ${tensors.length} given`)
  const dtype = productDtype(tensors)
  const labelled = tensors.map((x, operand) =>
    distinct(text, { x: cast(dtype)(x), labels: labelsOf(text, terms[operand]!, x, operand) })
  )
  const sizes = sizesOf(text, labelled)
  const covered = ellipsisLabels(
    Math.max(0, ...labelled.flatMap(({ labels }) => labels.map(label => -Number(label) || 0)))
  )
  const wanted =
    result === undefined
      ? implicit(terms, covered)
      : [...result.before, ...(result.ellipsis ? covered : []), ...result.after]
  const operands = labelled.map(operand => unrepeated(operand, sizes))
  const whole = operands.reduce((product, next, i) => {
    const needed = new Set([...wanted, ...operands.slice(i + 1).flatMap(({ labels }) => labels)])
    return pair(product, next, needed, sizes)
  })
  return ordered(summed(whole, new Set(wanted)), wanted)
}

/**
 * A sum of products, in Einstein's notation: `torch.einsum`, `jnp.einsum`.
 *
 * Each operand's axes are named by letters, and so are those of the result, after `->`. A letter that is not in the result is
 * summed over; one that occurs twice in an operand takes its diagonal. Axes of one letter have one size, or 1, which is
 * repeated. An ellipsis stands for any further axes, which are broadcast, and summed over if the result has none. Without `->`
 * the result has the axes under the ellipsis and then the letters that occur once, in the order of the alphabet.
 *
 * @throws a Mistake for an equation that is not well formed, or does not fit the operands
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [a, b] = [Tensor.tensor([[1, 2], [3, 4]]), Tensor.tensor([[5, 6], [7, 8]])]
 * deepStrictEqual(Tensor.toArray(Tensor.einsum('ij,jk->ik')(a, b)), [[19, 22], [43, 50]])
 * deepStrictEqual(Tensor.toArray(Tensor.einsum('ii')(a)), 5)
 */
export const einsum = (equation: string): ((...tensors: readonly Tensor[]) => Tensor) => {
  const parsed = parse(equation)
  return (...tensors) => evaluate(parsed, tensors)
}
