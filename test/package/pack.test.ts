/**
 * The package as somebody else gets it: built, packed, and installed in a directory that knows nothing of this one. It
 * runs in plain node, in a bundle made by Vite, and type-checks under both resolutions, the README's examples included.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { output, run } from '../command.js'

const root = join(import.meta.dirname, '../..')
const project = mkdtempSync(join(tmpdir(), 'cotangent-package-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

const install = (what: string): Promise<string> =>
  output(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', what])

const node = (path: string): Promise<string> => output(project, process.execPath, [path])

/** The paths in the tarball. */
let packed: readonly string[] = []

beforeAll(async () => {
  await output(root, 'npm', ['run', 'build'])
  const report = await output(root, 'npm', ['pack', '--json', '--pack-destination', project])
  const [tarball] = JSON.parse(report) as readonly [{ filename: string; files: readonly { path: string }[] }]
  packed = tarball.files.map(file => file.path)
  write('package.json', JSON.stringify({ name: 'elsewhere', private: true, type: 'module' }))
  await install(`./${tarball.filename}`)
})

describe('the tarball', () => {
  test('holds the build, the licence and the manifest, and nothing of the sources or tests', () => {
    expect(packed.filter(path => !/^dist\/((src|laws)\/.*\.(js|d\.ts)|node\/.*\.js)$/.test(path)).sort()).toEqual(
      ['LICENSE', 'package.json', ...(existsSync(join(root, 'README.md')) ? ['README.md'] : [])].sort()
    )
  })

  test('holds every file that its manifest exports', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
    }
    const files = Object.values(exports).flatMap(target =>
      typeof target === 'string' ? [target] : Object.values(target)
    )
    expect(files.filter(file => !packed.includes(file.replace('./', '')))).toEqual([])
  })

  test('is few files for Node, which every entry shares, of which only its own reaches Node', () => {
    const files = packed.filter(path => path.startsWith('dist/node/chunks/'))
    expect(files).toHaveLength(3)
    const ofNode = packed.filter(
      path => path.endsWith('.js') && readFileSync(join(root, path), 'utf8').includes('from "node:')
    )
    expect(ofNode).toEqual(['dist/node/node.js', 'dist/src/node/file.js'])
  })

  test('brings fp-ts and io-ts along, and nothing else', () => {
    expect(readdirSync(join(project, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual([
      'cotangent',
      'fp-ts',
      'io-ts'
    ])
  })
})

describe('plain node', () => {
  test('imports the root without fast-check', async () => {
    write(
      'root.js',
      `import { flow, grad, pipe, Tensor } from 'cotangent'
      const cube = x => pipe(x, Tensor.mul(x), Tensor.mul(x))
      console.log(JSON.stringify([
        pipe(Tensor.tensor([1, 2]), flow(Tensor.add(1), Tensor.toArray)),
        Tensor.item(grad(cube)(Tensor.scalar(2))),
        Tensor.item(grad(grad(cube))(Tensor.scalar(2)))
      ]))`
    )
    expect(JSON.parse(await node('root.js'))).toEqual([[2, 3], 12, 12])
  })

  test('imports a module by its subpath, and it is the same module', async () => {
    write(
      'subpath.js',
      `import * as Tensor from 'cotangent/Tensor'
      import * as root from 'cotangent'
      console.log(Tensor.tensor === root.Tensor.tensor, JSON.stringify(Tensor.toArray(Tensor.tensor([[1, 2], [3, 4]]))))`
    )
    expect(await node('subpath.js')).toBe('true [[1,2],[3,4]]\n')
  })

  test('imports the same values by every subpath as from the root', async () => {
    write(
      'same.js',
      `import * as root from 'cotangent'
      for (const [name, namespace] of Object.entries(root)) if (typeof namespace === 'object') {
        const alone = await import('cotangent/' + name)
        const names = Object.keys(alone)
        const same = names.length === Object.keys(namespace).length && names.every(key => alone[key] === namespace[key])
        console.log(name, same)
      }`
    )
    const names = readdirSync(join(root, 'src'))
      .filter(name => /^[A-Z]/.test(name) && name !== 'Transform.ts')
      .map(name => name.replace('.ts', ''))
    expect((await node('same.js')).trim().split('\n').sort()).toEqual(names.map(name => `${name} true`).sort())
  })

  test('imports tensors alone without what learns', async () => {
    write(
      'alone.js',
      `import { readFileSync } from 'node:fs'
      import { resolve, dirname } from 'node:path'
      const found = new Set()
      const look = file => {
        if (found.has(file)) return
        found.add(file)
        for (const [, other] of readFileSync(file, 'utf8').matchAll(/from "(\\.[^"]+)"/g)) look(resolve(dirname(file), other))
      }
      look(new URL(import.meta.resolve('cotangent/Tensor')).pathname)
      console.log([...found].map(file => file.replace(/^.*\\/dist\\//, '')).join(' '))`
    )
    expect(await node('alone.js')).toBe('node/Tensor.js node/chunks/tensors.js\n')
  })

  test('imports every subpath', async () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly exports: object }
    const paths = Object.keys(exports)
      .filter(path => path !== './laws' && path !== './package.json')
      .map(path => path.replace('.', 'cotangent'))
    write(
      'every.js',
      `for (const path of ${JSON.stringify(paths)}) console.log(path, Object.keys(await import(path)).length > 0)`
    )
    expect(await node('every.js')).toBe(paths.map(path => `${path} true\n`).join(''))
  })

  test('hides what is not exported', async () => {
    write('hidden.js', `await import('cotangent/dist/src/tensor/tensor.js')`)
    expect((await run(project, process.execPath, ['hidden.js'])).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})

interface Bundle {
  readonly code: string
  /** The modules that something is left of. */
  readonly modules: string
  /** What it imports when it runs, which in a page is nothing. */
  readonly imports: readonly string[]
}
/** A bundle for browsers. */
const bundle = async (name: string, program: string): Promise<Bundle> => {
  write(`${name}.js`, program)
  const outputs = (await build({
    root: project,
    configFile: false,
    mode: 'production',
    logLevel: 'silent',
    build: {
      lib: { entry: join(project, `${name}.js`), formats: ['es'], fileName: name },
      outDir: join(project, 'bundles'),
      emptyOutDir: false
    }
  })) as readonly Rollup.RollupOutput[]
  const chunks = outputs.flatMap(each => each.output).flatMap(chunk => (chunk.type === 'chunk' ? [chunk] : []))
  return {
    code: chunks.map(chunk => chunk.code).join('\n'),
    imports: chunks.flatMap(chunk => [...chunk.imports, ...chunk.dynamicImports]),
    modules: chunks
      .flatMap(chunk => Object.entries(chunk.modules))
      .filter(([, module]) => module.renderedLength > 0)
      .map(([id]) => id.replace(/^.*\/node_modules\//, ''))
      .join('\n')
  }
}

describe('a bundle made by Vite', () => {
  const program = (from: string): string =>
    `import ${from}\nconsole.log(JSON.stringify(Tensor.toArray(Tensor.add(1)(Tensor.tensor([1, 2])))))`

  test.each([
    ['of-a-subpath', `* as Tensor from 'cotangent/Tensor'`],
    ['of-the-root', `{ Tensor } from 'cotangent'`]
  ])('%s runs, and leaves out what is not used', async (name, from) => {
    const { code, imports, modules } = await bundle(name, program(from))
    expect(await node(`bundles/${name}.js`)).toBe('[2,3]\n')
    expect(code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\b/)
    expect(imports).toEqual([])
    expect(modules).toMatch(/cotangent\/dist\/src\/tensor\//)
    // fp-ts as ES modules, of which what is not used is left out too.
    expect(modules).not.toMatch(/fp-ts\/lib\/|dist\/node\//)
    expect(modules).not.toMatch(/dist\/src\/(layer|objective|optimizer|training|data|codec|plot|node)\/|io-ts/)
  })

  test('of everything at once runs', async () => {
    const { code, imports, modules } = await bundle(
      'everything',
      `import * as cotangent from 'cotangent'\nconsole.log(JSON.stringify(Object.keys(cotangent).sort()))`
    )
    // Threads are looked up where they are to be started, in Node and in pages, so that their names alone are in the code.
    expect(code).not.toMatch(/\bnode:(?!worker_threads|os\b)|\bBuffer\b/)
    expect(imports).toEqual([])
    expect(modules).not.toContain('__vite-browser-external')
    write(
      'names.js',
      `import * as cotangent from 'cotangent'\nconsole.log(JSON.stringify(Object.keys(cotangent).sort()))`
    )
    expect(await node('bundles/everything.js')).toBe(await node('names.js'))
  })
})

/** The TypeScript that the README shows, one program a fence. */
const readme = existsSync(join(root, 'README.md'))
  ? [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\r?\n(.*?)^```/gms)].map(([, code]) => code ?? '')
  : undefined

describe('with fast-check beside it', () => {
  beforeAll(async () => {
    write('laws.js', `import * as laws from 'cotangent/laws'\nconsole.log(Object.keys(laws).length > 0)`)
    expect((await run(project, process.execPath, ['laws.js'])).stderr).toContain(`Cannot find package 'fast-check'`)
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/fast-check/package.json'), 'utf8')) as {
      readonly version: string
    }
    await install(`fast-check@${version}`)
  })

  test('the laws are imported', async () => {
    expect(await node('laws.js')).toBe('true\n')
  })

  test('the laws are about the same tensors and layers', async () => {
    write(
      'lawful.js',
      `import { Layer, Tensor } from 'cotangent'
      import * as laws from 'cotangent/laws'
      import fc from 'fast-check'
      import * as E from 'fp-ts/lib/Either.js'
      const subject = laws.smooth(Layer.sequential(Layer.linear(2, 3), Layer.tanh))
      const found = laws.Layer.layerLaws.map(law => laws.check({ runs: 3 })(law)(laws.layerCase(fc.constant(subject))))
      console.log(fc.sample(laws.Arbitrary.tensor, 3).every(Tensor.isTensor), found.length > 0 && found.every(E.isRight))`
    )
    expect(await node('lawful.js')).toBe('true true\n')
  })

  test('the README shows TypeScript', () => {
    expect(readme === undefined || readme.length > 0).toBe(true)
  })

  test.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler']
  ])('declarations and the README type-check with module %s, resolution %s', async (module, moduleResolution) => {
    write(
      'typed/program.ts',
      `import { grad, Layer, pipe, Tensor } from 'cotangent'
      import * as laws from 'cotangent/laws'
      import * as T from 'cotangent/Tensor'

      export const x: Tensor.Tensor<[2, 2]> = T.tensor([[1, 2], [3, 4]])
      export const numbers = pipe(x, Tensor.add(1), Tensor.toArray)
      export const slope = Tensor.item(grad((y: Tensor.Tensor<[]>) => Tensor.mul(y)(y))(Tensor.scalar(3)))
      export const model = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
      // @ts-expect-error 13 numbers do not go into a layer for 12
      export const wrong = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(12, 1))
      export const arrow: Layer.Arrow<[1], [1]> = Layer.Category.compose(Layer.linear(13, 1), Layer.linear(1, 13))
      // @ts-expect-error nor do they as arrows of the category
      export const apart = Layer.Category.compose(Layer.linear(12, 1), Layer.linear(1, 13))
      export const names: readonly string[] = Object.keys(laws)
      `
    )
    for (const [i, code] of (readme ?? []).entries()) write(`typed/readme-${i + 1}.ts`, code)
    const emitted = `typed-${moduleResolution}`
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          target: 'ES2022',
          lib: ['ES2022', 'DOM'],
          types: [],
          module,
          moduleResolution,
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          rootDir: 'typed',
          outDir: emitted
        },
        include: ['typed']
      })
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    expect(await run(project, process.execPath, [tsc, '--pretty', 'false'])).toEqual({
      code: 0,
      stdout: '',
      stderr: ''
    })
    for (const i of (readme ?? []).keys()) expect((await node(`${emitted}/readme-${i + 1}.js`)).trim()).not.toBe('')
  })
})
