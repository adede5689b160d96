/**
 * npm run bench: prints the table and keeps it in docs/benchmarks.md; ends with code 1 when a budget is missed.
 * Names of parts after `--` measure only these, and replace only their rows.
 */
import { measureAnalysis } from './analysis'
import { measureBrowser } from './browser'
import { measureDetails } from './details'
import { measureLists } from './lists'
import { isKept, keptMesh, startLiveMesh, type BenchMesh } from './grounds/mesh'
import { isMet, keep, keepSome, table, type Row } from './report'
import { measureServer } from './server'
import { measureTraces } from './traces'
import { measureViewers } from './viewers'

const say = (text: string) => console.log(`▸ ${text}`)

type Part = { title: string } & (
  | { needs: 'a live mesh'; measure: (prometheusUrl: string) => Promise<Row[]> }
  | { needs: 'a mesh'; measure: (mesh: BenchMesh) => Promise<Row[]> }
  | { needs: null; measure: () => Promise<Row[]> | Row[] }
)

const PARTS: Readonly<Record<string, Part>> = {
  viewers: { title: 'many viewers', needs: 'a live mesh', measure: measureViewers },
  // before all that takes long: the rules are looked for in the last five minutes
  recorded: {
    title: 'the server, with recording rules',
    needs: 'a mesh',
    measure: (mesh) => measureServer(mesh, 'recorded'),
  },
  raw: {
    title: 'the server, without recording rules',
    needs: 'a mesh',
    measure: (mesh) => measureServer(mesh, 'raw'),
  },
  browser: { title: 'the browser', needs: 'a mesh', measure: measureBrowser },
  analysis: { title: 'analysis', needs: null, measure: measureAnalysis },
  lists: { title: 'lists', needs: null, measure: measureLists },
  traces: { title: 'traces', needs: null, measure: measureTraces },
  details: { title: 'pages of single things', needs: null, measure: measureDetails },
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
const rows: Row[] = []
let mesh: BenchMesh | null = null
try {
  if (parts.some(({ needs }) => needs !== null)) mesh = await prepareMesh()
  for (const part of parts) {
    if (part.needs === 'a mesh') await measured(part.title, () => part.measure(meshOf(mesh)))
    if (part.needs === null) await measured(part.title, () => part.measure())
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

/**
 * Fills a mesh, or takes the one that was kept; what needs it alive is measured on the way. Null: nothing else needs one.
 */
async function prepareMesh(): Promise<BenchMesh | null> {
  const lively = parts.filter((part) => part.needs === 'a live mesh')
  if (isKept()) {
    if (lively.length > 0)
      throw new Error('kept data have no present; unset HEDDLE_BENCH_DATA for the viewers')
    return keptMesh()
  }
  const live = await startLiveMesh(say)
  try {
    for (const part of lively) await measured(part.title, () => part.measure(live.prometheusUrl))
  } catch (error) {
    await live.stop()
    throw error
  }
  if (parts.some(({ needs }) => needs === 'a mesh')) return live.settle()
  await live.stop()
  return null
}

/** Printed as it comes: a later part that fails takes nothing with it. */
async function measured(title: string, measure: () => Promise<Row[]> | Row[]): Promise<void> {
  say(title)
  const measuredRows = await measure()
  console.log(table(measuredRows))
  rows.push(...measuredRows)
}

function meshOf(prepared: BenchMesh | null): BenchMesh {
  if (!prepared) throw new Error('the mesh was not prepared')
  return prepared
}
