/**
 * CSV as text (RFC 4180): rows of fields that know where they stood, and back.
 *
 * Fields are separated by one character, rows by LF, CRLF or CR; a field in quotes may hold separators, line ends and doubled quotes.
 * A byte order mark at the start and blank lines at the end are no data. For rows of at least one field: `read ∘ write = id`.
 */
import type { Issue } from './decode-error.js'

export const separators = [',', ';', '\t', '|'] as const
export type Separator = (typeof separators)[number]

export interface Position {
  readonly line: number
  readonly column: number
}
export interface Field extends Position {
  readonly text: string
}
export interface Line extends Position {
  readonly fields: readonly Field[]
  /** Just behind the last field. */
  readonly end: Position
  /** The line holds nothing at all, not even quotes. */
  readonly blank: boolean
  /** What breaks the rules of quoting in it. */
  readonly issue?: Issue
}

const lineEnd = /\r\n|\r|\n/g
const unquoted: Readonly<Record<Separator, string>> = {
  ',': '[^,\r\n]*',
  ';': '[^;\r\n]*',
  '\t': '[^\t\r\n]*',
  '|': '[^|\r\n]*'
}

/** The lines of a text in order, header and all. */
export const read =
  (separator: Separator) =>
  (text: string): readonly Line[] => {
    const plain = new RegExp(unquoted[separator], 'y')
    let at = text.startsWith('\uFEFF') ? 1 : 0
    let line = 1
    let lineStart = at
    let issue: Issue | undefined
    const position = (index: number): Position => ({ line, column: index - lineStart + 1 })
    // Of several faults in one line the first stands: the others mostly follow from it.
    const fault = (place: Position, expected: string, actual: string): void => {
      issue ??= { path: [], ...place, expected, actual }
    }
    const skipPlain = (): string => {
      plain.lastIndex = at
      const found = plain.exec(text)?.[0] ?? ''
      at += found.length
      return found
    }
    const plainField = (): string => {
      const start = at
      const found = skipPlain()
      const quote = found.indexOf('"')
      if (quote >= 0)
        fault(position(start + quote), 'a field with quotes in it to be quoted, and they doubled', 'a bare quote')
      return found
    }
    const quotedField = (): string => {
      const opened = position(at)
      const from = at + 1
      let close = text.indexOf('"', from)
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
      const to = close < 0 ? text.length : close
      const inside = text.slice(from, to)
      for (const found of inside.matchAll(lineEnd)) {
        line += 1
        lineStart = from + found.index + found[0].length
      }
      at = Math.min(to + 1, text.length)
      if (close < 0) fault(opened, 'a closing quote', 'the end of the text')
      else {
        const behind = position(at)
        const rest = skipPlain()
        if (rest !== '')
          fault(behind, 'a separator or the end of the line behind a closing quote', JSON.stringify(rest))
      }
      return inside.replaceAll('""', '"')
    }
    const lines: Line[] = []
    while (at < text.length) {
      const start = at
      const opened = position(at)
      const fields: Field[] = []
      issue = undefined
      for (let more = true; more; ) {
        const place = position(at)
        fields.push({ text: text[at] === '"' ? quotedField() : plainField(), ...place })
        more = text[at] === separator
        if (more) at += 1
      }
      const read = { ...opened, fields, end: position(at), blank: at === start }
      lines.push(issue === undefined ? read : { ...read, issue })
      at += text.startsWith('\r\n', at) ? 2 : 1
      line += 1
      lineStart = at
    }
    const last = lines.findLastIndex(({ blank }) => !blank)
    return lines.slice(0, last + 1)
  }

/** Rows of fields as text, one line each, quoted where they must be. */
export const write =
  (separator: Separator) =>
  (rows: readonly (readonly string[])[]): string => {
    const needsQuotes = new RegExp(`[${separator}"\r\n\uFEFF]`)
    const field = (text: string): string => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
    // A line with nothing on it is no row.
    const row = (fields: readonly string[]): string =>
      fields.length === 1 && fields[0] === '' ? '""' : fields.map(field).join(separator)
    return rows.map(fields => `${row(fields)}\n`).join('')
  }
