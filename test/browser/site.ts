/** The page, built by Vite and served from this machine, with the headers that isolate it and without. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'
import base from '../../vitest.config.js'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }
/** Such pages, and only such, may share memory with their workers. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin'
}

export interface Site {
  readonly plain: string
  readonly isolated: string
  readonly close: () => Promise<void>
}

export const site = async (): Promise<Site> => {
  const directory = await mkdtemp(join(tmpdir(), 'cotangent-page-'))
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    mode: 'production',
    logLevel: 'error',
    base: './',
    resolve: base.resolve ?? {},
    worker: { format: 'es' },
    build: { outDir: directory, emptyOutDir: true, target: 'es2022', reportCompressedSize: false }
  })
  const server = createServer(async ({ url = '/' }, response) => {
    const [, kind, path = ''] = /^\/(plain|isolated)\/([^?]*)/.exec(url) ?? []
    const file = join(directory, normalize(`/${path || 'index.html'}`))
    const headers = { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }
    try {
      const content = await readFile(file)
      response.writeHead(200, kind === 'isolated' ? { ...headers, ...isolation } : headers).end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const at = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    plain: `${at}/plain/`,
    isolated: `${at}/isolated/`,
    close: async () => {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
      await rm(directory, { recursive: true, force: true })
    }
  }
}
