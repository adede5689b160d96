/** The page of one thing in a mesh of 1,000 services with its objects: what its first tab asks of the server. */
import { startDemoProcess } from '../support/heddle/demo-process'
import type { HeddleProcess } from '../support/heddle/heddle-process'
import { until } from '../support/until'
import { median, type Row } from './report'
import { answered, serveOn } from './instruments/serve'

const SERVICES = 1_000
const THINGS = 20
const KINDS = ['workloads', 'services', 'apps'] as const

export async function measureDetails(): Promise<Row[]> {
  const mesh = await startDemoProcess({ HEDDLE_DEMO_SERVICES: String(SERVICES) })
  const heddle = await serveOn({
    PROMETHEUS_URL: mesh.prometheusUrl,
    KUBECONFIG: mesh.kubeconfigPath,
    HEDDLE_CLUSTER_NAME: 'east',
  })
  try {
    const rows: Row[] = []
    for (const kind of KINDS) rows.push(await measureKind(heddle, kind))
    return rows
  } finally {
    await heddle.stop()
    await mesh.stop()
  }
}

async function measureKind(heddle: HeddleProcess, kind: (typeof KINDS)[number]): Promise<Row> {
  const addresses = await until(
    `${SERVICES} ${kind} with their objects`,
    async () => {
      const answer = await fetch(`${heddle.url}/api/v1/${kind}`)
      const { items = [] } = (await answer.json()) as { items?: { id: string }[] }
      return items.length >= SERVICES ? items.map((item) => item.id.split('/')) : undefined
    },
    { withinMs: 120_000, everyMs: 1_000 },
  )
  const chosen = Array.from(
    { length: THINGS },
    (_, n) => addresses[n * Math.floor(addresses.length / THINGS)],
  )
  const paths = chosen.flatMap((id) => (id ? [`${id[0]}/${id[1]}/${id[3]}`] : []))
  const asked: number[] = []
  const drawn: number[] = []
  for (const path of paths) {
    asked.push((await answered(`${heddle.url}/api/v1/${kind}/${path}`)).ms)
    drawn.push((await answered(`${heddle.url}/${kind}/${path}`)).ms)
  }
  return {
    what: `page of one of ${SERVICES.toLocaleString('en')} ${kind}, at the server: what its first tab shows`,
    measured: median(asked),
    budget: 200,
    unit: 'ms',
    note: `median of ${THINGS} different ones, worst ${Math.round(Math.max(...asked))} ms; the document itself ${Math.round(median(drawn))} ms`,
  }
}
