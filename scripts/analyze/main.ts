/** The process behind `npm run analyze`. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { analyzeFiles } from './command'

const from = process.env.HEDDLE_FROM ?? process.cwd()
const { code, out, problem } = analyzeFiles(
  process.argv.slice(2),
  (file) => readFileSync(file === '-' ? 0 : resolve(from, file), 'utf8'),
  Date.now(),
)
if (out !== '') console.log(out)
if (problem !== '') console.error(problem)
process.exitCode = code
