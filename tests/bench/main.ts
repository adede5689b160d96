/**
 * npm run bench: prints the table and keeps it in docs/benchmarks.md; ends with code 1 when a budget is missed.
 * Names of parts after `--` measure only these, and replace only their rows.
 */
import { measureAnalysis } from './analysis'
import { measureBrowser } from './browser'
import { measureDetails } from './details'
import { measureLists } from './lists'
import { prepareMesh, type BenchMesh } from './mesh'
import { isMet, keep, keepSome, table, type Row } from './report'
import { measureServer } from './server'
import { measureTraces } from './traces'

const say = (text: string) => console.log(`▸ ${text}`)

type Part = { title: string } & (
  | { needsMesh: true; measure: (mesh: BenchMesh) => Promise<Row[]> }
  | { needsMesh: false; measure: () => Promise<Row[]> | Row[] }
)

const PARTS: Readonly<Record<string, Part>> = {
  raw: {
    title: 'the server, without recording rules',
    needsMesh: true,
    measure: (mesh) => measureServer(mesh, 'raw'),
  },
  recorded: {
    title: 'the server, with recording rules',
    needsMesh: true,
    measure: (mesh) => measureServer(mesh, 'recorded'),
  },
  browser: { title: 'the browser', needsMesh: true, measure: measureBrowser },
  analysis: { title: 'analysis', needsMesh: false, measure: measureAnalysis },
  lists: { title: 'lists', needsMesh: false, measure: measureLists },
  traces: { title: 'traces', needsMesh: false, measure: measureTraces },
  details: { title: 'pages of single things', needsMesh: false, measure: measureDetails },
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in PARTS))
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; choose of ${Object.keys(PARTS).join(', ')}, or none for all.`)
  process.exit(2)
}
const parts = Object.entries(PARTS).flatMap(([name, part]) =>
  asked.length === 0 || asked.includes(name) ? [part] : [],
)
const mesh = parts.some((part) => part.needsMesh) ? await prepareMesh(say) : null
const rows: Row[] = []
try {
  for (const part of parts) {
    say(part.title)
    const measured = part.needsMesh ? await part.measure(meshOf(mesh)) : await part.measure()
    // printed as it comes: a later part that fails takes nothing with it
    console.log(table(measured))
    rows.push(...measured)
  }
} finally {
  await mesh?.stop()
}
if (asked.length > 0) keepSome(rows)
else if (mesh) {
  console.log(`\n${mesh.describe}\n\n${table(rows)}\n`)
  keep(rows, mesh.describe, new Date().toISOString().slice(0, 10))
}
process.exit(rows.every(isMet) ? 0 : 1)

function meshOf(prepared: BenchMesh | null): BenchMesh {
  if (!prepared) throw new Error('the mesh was not prepared')
  return prepared
}
