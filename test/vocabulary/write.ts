/** `npm run vocabulary`: writes VOCABULARY.md. */
import { writeFileSync } from 'node:fs'
import { file, vocabulary } from './sections.js'

writeFileSync(file, vocabulary())
