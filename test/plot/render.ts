/** Pictures as their readers draw them: compiled by Vega-Lite and drawn by Vega, every complaint an error. */
import { type LoggerInterface, parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Specification } from '../../src/plot/specification.js'

export interface Rendered {
  readonly svg: string
  readonly complaints: readonly string[]
}

export const render = async (picture: Specification): Promise<Rendered> => {
  const complaints: string[] = []
  const complain = (...words: readonly unknown[]): LoggerInterface => {
    complaints.push(words.map(String).join(' '))
    return logger
  }
  const logger: LoggerInterface = {
    level: (_level?: number): LoggerInterface & number => Object.assign(1, logger),
    error: complain,
    warn: complain,
    info: () => logger,
    debug: () => logger
  }
  // What travels to a page is text.
  const travelled: TopLevelSpec = JSON.parse(JSON.stringify(picture))
  const view = new View(parse(compile(travelled, { logger }).spec), { renderer: 'none', logger })
  const svg = await view.toSVG()
  view.finalize()
  return { svg, complaints }
}
