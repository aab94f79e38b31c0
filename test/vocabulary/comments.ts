/** The doc comment of everything that a module exports, found in its source, and in the sources that it exports from. */
import { dirname, join } from 'node:path'

/** Of each exported value the text of its comment, empty where there is none. */
export type Comments = ReadonlyMap<string, string>

/** The text without stars and delimiters, up to the examples. */
const textOf = (comment: string): string =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .split(/^@example/m)[0]!
    .trim()

const declarations =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:\/\/[^\n]*\n)*)?^(export )?(?:const|function|class) (\w+)/gm
const reexports = /^export (\*|\{[^}]*\})(?: from '([^']+)')?;?$/gm

/** What is between braces: names inside, and what each is called outside. Types have no comment here. */
const renamings = (list: string): readonly (readonly [string, string])[] =>
  list
    .slice(1, -1)
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '' && !part.startsWith('type '))
    .map(part => {
      const [inside = '', outside = inside] = part.split(' as ')
      return [inside, outside]
    })

/** From how sources are read to the comments of one. */
export const commentsOf = (read: (file: string) => string): ((file: string) => Comments) => {
  const find = (file: string): Comments => {
    const text = read(file)
    const declared = new Map<string, string>()
    const exported = new Map<string, string>()
    for (const [, comment, isExported, name = ''] of text.matchAll(declarations)) {
      // Of overloads the first has the comment.
      if (declared.has(name)) continue
      declared.set(name, comment === undefined ? '' : textOf(comment))
      if (isExported !== undefined) exported.set(name, declared.get(name)!)
    }
    for (const [, list = '', from] of text.matchAll(reexports)) {
      const found = from === undefined ? declared : find(join(dirname(file), from.replace(/\.js$/, '.ts')))
      const all = list === '*' ? [...found.keys()].map(name => [name, name] as const) : renamings(list)
      for (const [inside, outside] of all) exported.set(outside, found.get(inside) ?? '')
    }
    return exported
  }
  return find
}
