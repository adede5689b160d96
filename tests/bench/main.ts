/** npm run bench: prints the table and keeps it in docs/benchmarks.md; ends with code 1 when a budget is missed. */
import { measureAnalysis } from './analysis'
import { measureBrowser } from './browser'
import { prepareMesh } from './mesh'
import { isMet, keep, table, type Row } from './report'
import { measureServer } from './server'

const say = (text: string) => console.log(`▸ ${text}`)

const mesh = await prepareMesh(say)
const rows: Row[] = []
/** Printed as it comes: a later part that fails takes nothing with it. */
async function part(title: string, measure: () => Promise<Row[]>): Promise<void> {
  say(title)
  const measured = await measure()
  console.log(table(measured))
  rows.push(...measured)
}
try {
  await part('the server, without recording rules', () => measureServer(mesh, 'raw'))
  await part('the server, with recording rules', () => measureServer(mesh, 'recorded'))
  await part('the browser', () => measureBrowser(mesh))
  await part('analysis', async () => measureAnalysis())
} finally {
  await mesh.stop()
}
console.log(`\n${mesh.describe}\n\n${table(rows)}\n`)
keep(rows, mesh.describe, new Date().toISOString().slice(0, 10))
process.exit(rows.every(isMet) ? 0 : 1)
