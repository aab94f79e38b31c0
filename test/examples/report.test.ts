import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import * as _ from '../../examples/shared/report.js'
import * as Plot from '../../src/Plot.js'

const folder = mkdtempSync(join(tmpdir(), 'cotangent-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A curve that leaves its frame is clipped, and clips have ids.
const clipped = Plot.line({ x: { label: 'x', domain: [0, 1] }, y: { label: 'y' } })([
  {
    name: 'a',
    points: [
      [0, 0],
      [2, 2]
    ]
  },
  {
    name: 'b',
    points: [
      [0, 1],
      [2, 0]
    ]
  }
])
const content: _.Report = {
  title: 'A <b> & a "c"',
  summary: 'What `it` says.',
  sections: [
    {
      heading: 'Words',
      blocks: [
        _.paragraph('1 < 2 & `a < b`'),
        _.list('one', '`two`'),
        _.printed('Sequential(\n  (0): Linear<1>\n)'),
        _.table(
          'Numbers.',
          ['Name', 'Loss', 'Shape'],
          [
            ['linear', '-2.9384', '[1, 1]'],
            ['network', 1.8, '[13, 1]']
          ]
        )
      ]
    },
    { heading: 'Pictures', blocks: [_.figure('One “figure”.', clipped), _.figure('Another.', clipped)] }
  ]
}
const page = await _.report(content)()

describe('report', () => {
  test('needs nothing but itself: no script, no style sheet, no link to anything outside', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|<object|@import|javascript:|\son\w+=/i)
    expect(page).not.toMatch(/https?:/)
    for (const [, target] of page.matchAll(/(?:href|src|url)\s*[=(]\s*["']?([^"')\s>]*)/g)) expect(target).toMatch(/^#/)
  })

  test('text is text, not markup; what stands between backticks is code', () => {
    expect(page).toContain('<title>A &lt;b&gt; &amp; a &quot;c&quot;</title>')
    expect(page).toContain('<p>1 &lt; 2 &amp; <code>a &lt; b</code></p>')
    expect(page).toContain('<pre>Sequential(\n  (0): Linear&lt;1&gt;\n)</pre>')
  })

  test('columns of numbers stand to the right, with true minus signs', () => {
    expect(page).toContain('<th>Name</th><th class="number">Loss</th><th>Shape</th>')
    expect(page).toContain('<td>linear</td><td class="number">−2.9384</td><td>[1, 1]</td>')
  })

  test('pictures stand in the page, each one image with a name and with ids of its own', () => {
    expect(page.match(/<svg role="img" aria-label="[^"]+" viewBox="0 0 [\d.]+ [\d.]+"/g)).toHaveLength(2)
    const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id)
    expect(ids.filter(id => id?.startsWith('figure-')).length).toBeGreaterThan(1)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of page.matchAll(/url\(#([^)]+)\)|href="#([^"]+)"/g))
      if (id !== undefined) expect(ids).toContain(id)
  })

  test('the same report is the same page', async () => {
    // Told by a word: the difference of two pages is no help.
    expect((await _.report(content)()) === page).toBe(true)
  })
})

describe('writeReport', () => {
  test('writes the page and nothing else', async () => {
    expect(await _.writeReport(join(folder, 'report.html'))(content)()).toEqual(E.right(undefined))
    expect(readdirSync(folder)).toEqual(['report.html'])
    expect(readFileSync(join(folder, 'report.html'), 'utf8') === page).toBe(true)
  })

  test('a place that is none is an error and not an exception', async () => {
    expect(await _.writeReport(join(folder, 'no', 'report.html'))(content)()).toMatchObject(
      E.left({ reason: 'no such file or folder' })
    )
  })
})
