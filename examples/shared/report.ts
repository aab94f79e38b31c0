/**
 * Reports: text, tables and pictures as one HTML page that needs nothing but itself. Pictures are drawn here, once, and stand in the page
 * as SVG: no script, no link to anything outside.
 */

import { type FileError, writeText } from 'cotangent/node'
import type { Specification } from 'cotangent/Plot'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { css } from './report-style.js'

/** A piece of a section. In all text, what stands between backticks is set as code. */
export type Block =
  | { readonly tag: 'paragraph'; readonly text: string }
  | { readonly tag: 'list'; readonly items: readonly string[] }
  | { readonly tag: 'printed'; readonly text: string }
  | { readonly tag: 'figure'; readonly caption: string; readonly picture: Specification }
  | {
      readonly tag: 'table'
      readonly caption: string
      readonly header: readonly string[]
      readonly rows: readonly Cells[]
    }
type Cells = readonly (string | number)[]

export interface Section {
  readonly heading: string
  readonly blocks: readonly Block[]
}
export interface Report {
  readonly title: string
  /** What the report says, in a sentence or two. */
  readonly summary?: string
  readonly sections: readonly Section[]
}

export const paragraph = (text: string): Block => ({ tag: 'paragraph', text })
export const list = (...items: readonly string[]): Block => ({ tag: 'list', items })
/** Text as a terminal shows it. */
export const printed = (text: string): Block => ({ tag: 'printed', text })
export const figure = (caption: string, picture: Specification): Block => ({ tag: 'figure', caption, picture })
export const table = (caption: string, header: readonly string[], rows: readonly Cells[]): Block => ({
  tag: 'table',
  caption,
  header,
  rows
})

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, found => entities[found] ?? found)
const prose = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')

/** The picture as SVG. Vega is loaded only when there is something to draw. */
const draw = async (picture: Specification): Promise<string> => {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  // A copy, because Vega marks the data that it is given.
  const view = new View(parse(compile(JSON.parse(JSON.stringify(picture))).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return svg
}

/** SVG as a part of a page: it shrinks with the page, has ids of its own, and is one image to who has it read aloud. */
const inline = (svg: string, number: number, caption: string): string => {
  const [, width = '', height = ''] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  // Vega counts ids through the whole program; here they are counted through the picture, so that equal pictures are equal text.
  const ids = Array.from(svg.matchAll(/ id="([^"]+)"/g), ([, id]) => id)
  const own = (id: string): string => `figure-${number}-${ids.indexOf(id) + 1}`
  const inside = svg
    .slice(svg.indexOf('>') + 1)
    .replace(/ (?:role|aria-\w+)="[^"]*"/g, '')
    .replace(/ id="([^"]+)"/g, (_, id: string) => ` id="${own(id)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${own(id)})`)
  return `<svg role="img" aria-label="${escaped(caption)}" viewBox="0 0 ${width} ${height}" style="width: ${width}px">${inside}`
}

const isNumeral = (cell: string | number): boolean =>
  typeof cell === 'number' || /^[-−+]?[\d.,]+(?:e[-+]?\d+)?\s?%?$|^$|^[–—]$/i.test(cell)

const tableHtml = (caption: string, header: readonly string[], rows: readonly Cells[]): string => {
  const numeric = header.map((_, i) => rows.every(row => isNumeral(row[i] ?? '')))
  const line = (name: 'th' | 'td', cells: Cells): string => {
    // Numbers get a minus sign as wide as a plus.
    const shown = (cell: string | number): string =>
      isNumeral(cell) ? String(cell).replace(/^-/, '−') : prose(String(cell))
    const all = cells.map(
      (cell, i) => `<${name}${numeric[i] === true ? ' class="number"' : ''}>${shown(cell)}</${name}>`
    )
    return `<tr>${all.join('')}</tr>`
  }
  const body = rows.map(row => line('td', row)).join('\n')
  return `<div class="wide"><table>\n<caption>${prose(caption)}</caption>\n<thead>${line('th', header)}</thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`
}

const blockHtml = async (block: Block, number: number): Promise<string> => {
  switch (block.tag) {
    case 'paragraph':
      return `<p>${prose(block.text)}</p>`
    case 'list':
      return `<ul>\n${block.items.map(item => `<li>${prose(item)}</li>`).join('\n')}\n</ul>`
    case 'printed':
      return `<pre>${escaped(block.text)}</pre>`
    case 'table':
      return tableHtml(block.caption, block.header, block.rows)
    case 'figure':
      return `<figure>\n${inline(await draw(block.picture), number, block.caption)}\n<figcaption>${prose(block.caption)}</figcaption>\n</figure>`
  }
}

/** The whole page. */
export const report =
  ({ title, summary, sections }: Report): T.Task<string> =>
  async () => {
    // One after the other, so that the same report gives the same page.
    let figures = 0
    const parts: string[] = []
    for (const [i, { heading, blocks }] of sections.entries()) {
      const pieces: string[] = []
      for (const block of blocks) pieces.push(await blockHtml(block, block.tag === 'figure' ? ++figures : 0))
      parts.push(`<section id="section-${i + 1}">\n<h2>${prose(heading)}</h2>\n${pieces.join('\n')}\n</section>`)
    }
    const contents = sections.map(({ heading }, i) => `<li><a href="#section-${i + 1}">${prose(heading)}</a></li>`)
    return [
      '<!doctype html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      `<title>${escaped(title)}</title>`,
      `<style>\n${css}</style>`,
      '</head>',
      '<body>',
      '<header>',
      `<h1>${prose(title)}</h1>`,
      ...(summary === undefined ? [] : [`<p class="summary">${prose(summary)}</p>`]),
      ...(sections.length > 3 ? [`<nav aria-label="Contents"><ol>\n${contents.join('\n')}\n</ol></nav>`] : []),
      '</header>',
      '<main>',
      ...parts,
      '</main>',
      '</body>',
      '</html>',
      ''
    ].join('\n')
  }

/** Draws the page and writes it: the old file or the new one, never half of one. */
export const writeReport =
  (path: string) =>
  (content: Report): TE.TaskEither<FileError, void> =>
    pipe(TE.fromTask<string, FileError>(report(content)), TE.chain(writeText(path)))
