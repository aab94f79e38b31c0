/**
 * The compiled engine in Chromium: on the main thread and in a worker, of a page that may share memory and of one that may not, every program gives
 * the bits that it gives in Node.
 */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page as Tab } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { differences } from './differences.js'
import type { Page } from './page/page.js'
import { everything, type Findings, type Name, programs } from './programs.js'
import { type Site, site } from './site.js'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
/** Without a screen, and without calls home. A profile of its own is made for each start, and removed. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

let pages: Site
let browser: Browser
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`no ${executablePath}: install Debian's chromium, or name another one in CHROMIUM`)
  pages = await site()
  browser = await chromium.launch({ executablePath, args: flags, headless: true, chromiumSandbox: false })
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

describe.each(['plain', 'isolated'] as const)('a page that is %s', kind => {
  const problems: string[] = []
  let tab: Tab
  beforeAll(async () => {
    tab = await browser.newPage()
    tab.on('pageerror', error => problems.push(String(error)))
    tab.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
    })
    await tab.goto(pages[kind])
    await tab.waitForFunction('globalThis.page !== undefined')
  })
  afterAll(() => tab?.close())

  const found = (place: keyof Page, name: Name): Promise<Findings> =>
    tab.evaluate(([where, what]) => (globalThis as unknown as { readonly page: Page }).page[where](what), [
      place,
      name
    ] as const)

  test('may share memory only where it is isolated', async () => {
    expect(await tab.evaluate('[crossOriginIsolated, typeof SharedArrayBuffer]')).toEqual(
      kind === 'isolated' ? [true, 'function'] : [false, 'undefined']
    )
  })

  describe.each(['onMainThread', 'inWorker'] as const)('%s', place => {
    test.each(Object.keys(programs) as (keyof typeof programs)[])('%s: the bits of Node', async name => {
      const here = await programs[name]()
      const there = await found(place, name)
      expect(differences(here, there)).toEqual([])
    })

    test('a large program is compiled without blocking the page', async () => {
      expect((await found(place, 'large'))['modules']).toBe('0 at once, 1 later, large: true')
    })

    test('many programs share one memory', async () => {
      const { first, again, modules } = await found(place, 'many')
      expect(modules).toBe('300 in 1 memory')
      expect(again).toBe(first)
    })

    test('threads share a product where they may share memory, with the bits of Node', async () => {
      const several = (await tab.evaluate<number>('navigator.hardwareConcurrency')) > 1
      const { product, ...rest } = await found(place, 'threads')
      const isolated = String(kind === 'isolated' && several)
      expect(rest).toEqual({ same: 'true', shared: isolated, helped: isolated })
      expect(product === (await everything.threads())['product']).toBe(true)
    })

    test('fused multiply-adds are used, and are near', async () => {
      expect(await found(place, 'fused')).toEqual({
        'differs from the default': 'true',
        'is near the interpreter': 'true'
      })
    })
  })

  test('nothing went wrong on the way', () => {
    expect(problems).toEqual([])
  })
})
