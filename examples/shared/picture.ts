/** Pictures of the short examples: one small page each, in a folder for temporary files unless COTANGENT_OUT names another. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { showFileError } from 'cotangent/node'
import type { Specification } from 'cotangent/Plot'
import * as E from 'fp-ts/lib/Either.js'
import { figure, writeReport } from './report.js'

/** Writes a page with pictures, and prints where. */
export const picture = async (name: string, title: string, pictures: readonly Specification[]): Promise<void> => {
  const path = join(process.env['COTANGENT_OUT'] ?? tmpdir(), `cotangent-${name}.html`)
  const written = await writeReport(path)({
    title,
    sections: [
      { heading: name.replaceAll('-', ' '), blocks: pictures.map(one => figure(`Drawn by examples/${name}.ts`, one)) }
    ]
  })()
  if (E.isLeft(written)) throw new Error(showFileError(written.left))
  console.log(`\npicture: ${path}`)
}
