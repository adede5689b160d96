/** npm run bench: prints the table and keeps it in docs/benchmarks.md; ends with code 1 when a budget is missed. */
import { measureAnalysis } from './analysis'
import { measureBrowser } from './browser'
import { prepareMesh } from './mesh'
import { isMet, keep, table, type Row } from './report'
import { measureServer } from './server'

const say = (text: string) => console.log(`▸ ${text}`)

const mesh = await prepareMesh(say)
const rows: Row[] = []
try {
  say('the server, without recording rules')
  rows.push(...(await measureServer(mesh, 'raw')))
  say('the server, with recording rules')
  rows.push(...(await measureServer(mesh, 'recorded')))
  say('the browser')
  rows.push(...(await measureBrowser(mesh)))
  say('analysis')
  rows.push(...measureAnalysis())
} finally {
  await mesh.stop()
}
console.log(`\n${mesh.describe}\n\n${table(rows)}\n`)
keep(rows, mesh.describe, new Date().toISOString().slice(0, 10))
process.exit(rows.every(isMet) ? 0 : 1)
