/** Logs of workloads through the embedded API server: bounded, parsed, with spans, and with the rights of who asks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getLogs } from '@/app/api/v1/logs/route'
import { apiPaths, type LogFilter } from '@/lib/api/paths'
import { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo } from '@/lib/demo/start-demo'
import { setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { serveDemo } from '../../support/heddle/demo-server'
import { manualClock } from '../../support/heddle/manual-clock'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const NODE = 'east/bookinfo/workload/productpage-v1'

describe('logs of the embedded mesh', () => {
  let demo: Demo
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    demo = await startDemo({ clock: createManualClock(START), historySeconds: 1_200, seed: 1 })
    closers.push(() => demo.close())
    await start({}, demo.kubeconfig)
  })
  afterAll(async () => {
    setUpstreams(null)
    for (const close of closers.reverse()) await close()
  })

  async function start(env: Record<string, string>, kubeconfig: string): Promise<Upstreams> {
    const clock = manualClock(START + 1_000)
    const up = await serveDemo(demo, clock, { JAEGER_URL: demo.jaegerUrl, ...env }, kubeconfig)
    closers.push(() => up.close())
    return up
  }

  async function ask(query: Partial<LogFilter>, status = 200) {
    const response = await getLogs(
      new Request(`http://heddle.test${apiPaths.logs({ subject: { node: NODE }, ...query })}`),
    )
    const body: unknown = await response.json()
    expect(response.status, JSON.stringify(body).slice(0, 300)).toBe(status)
    return body
  }
  const logs = async (query: Partial<LogFilter>) => LogAnswer.parse(await ask(query))

  it('reads application and proxy of every pod, by time, no more lines than asked for', async () => {
    const { pods, lines, cut } = await logs({ lines: 50 })
    expect(pods?.length).toBeGreaterThan(1)
    expect(new Set(lines.map((line) => line.container))).toEqual(new Set(['productpage', 'istio-proxy']))
    const each = new Map<string, number>()
    for (const line of lines)
      each.set(line.pod + line.container, (each.get(line.pod + line.container) ?? 0) + 1)
    expect(Math.max(...each.values())).toBeLessThanOrEqual(50)
    expect(cut.length).toBeGreaterThan(0)
    expect(lines.every((line, index) => line.atMs >= (lines[index - 1]?.atMs ?? 0))).toBe(true)
    expect(lines.filter((line) => line.container === 'istio-proxy').every((line) => line.access)).toBe(true)
    expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length)
  })

  const namespace = { cluster: 'east', namespace: 'bookinfo' }

  it('reads a namespace as one, bounded, a pod of every workload before a second of any', async () => {
    const { pods, lines, notices, spans } = await logs({
      subject: { cluster: 'east', namespace: 'boutique' },
      lines: 20,
      spans: true,
    })
    const all = pods ?? []
    const read = all.filter((pod) => pod.containers.some(({ isRead }) => isRead))
    expect(new Set(all.map(({ workload }) => workload)).size).toBeGreaterThan(5)
    expect(new Set(read.map(({ workload }) => workload))).toEqual(
      new Set(all.map(({ workload }) => workload)),
    )
    expect(read.length).toBeLessThan(all.length)
    expect(notices.map(({ code }) => code)).toContain('logs-containers')
    expect(notices[0]?.message).toContain(`of ${read.length} of ${all.length} pods`)
    expect(new Set(lines.map(({ pod }) => pod)).size).toBeGreaterThan(5)
    expect(lines.every((line, index) => line.atMs >= (lines[index - 1]?.atMs ?? 0))).toBe(true)
    // of several workloads they would be too many questions
    expect(spans).toBeNull()
  })

  it('reads one workload of a namespace, with its spans', async () => {
    const answer = await logs({
      subject: namespace,
      workloads: ['productpage-v1'],
      at: START,
      since: START - 600_000,
      spans: true,
    })
    expect(answer.lines.length).toBeGreaterThan(0)
    expect(answer.lines.every(({ pod }) => pod.startsWith('productpage-v1-'))).toBe(true)
    expect(answer.spans?.length).toBeGreaterThan(0)
    expect(answer.pods?.some(({ workload }) => workload === 'ratings-v1')).toBe(true)
    await ask({ subject: { ...namespace, node: NODE } as never }, 400)
  })

  it('reads on from an instant without losing or repeating a line', async () => {
    const all = await logs({ lines: 200, containers: ['istio-proxy'] })
    const middle = all.lines[Math.floor(all.lines.length / 2)]?.atMs ?? 0
    const rest = await logs({ lines: 5_000, containers: ['istio-proxy'], since: middle })
    const known = new Set(rest.lines.map((line) => line.id))
    expect(all.lines.filter((line) => line.atMs >= middle).every((line) => known.has(line.id))).toBe(true)
  })

  it('shows the time before an instant, with the spans its pods reported', async () => {
    const at = START - 120_000
    const { lines, spans } = await logs({ at, since: at - 300_000, spans: true })
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.every((line) => line.atMs < at && line.atMs >= at - 301_000)).toBe(true)
    expect(spans?.length).toBeGreaterThan(0)
    const ids = new Set(lines.map((line) => line.access?.requestId))
    const inside = (spans ?? []).filter((span) => span.atMs + span.durationMs < at)
    expect(inside.some((span) => ids.has(span.requestId ?? ''))).toBe(true)
  })

  it('reads what a container wrote before its restart, with how it ended and no spans of now', async () => {
    const subject = { node: 'east/payments/workload/settlement' }
    const { pods, lines, spans, notices } = await logs({ subject, previous: true, spans: true })
    const ended = pods?.flatMap(({ containers }) => containers.flatMap(({ lastEnd }) => lastEnd ?? []))
    expect(ended).toMatchObject([{ reason: 'OOMKilled', exitCode: 137 }])
    const end = ended?.[0]?.at ?? 0
    expect(START - end).toBeGreaterThan(86_400_000)
    expect(lines.length).toBeGreaterThan(100)
    expect(lines.every((line) => line.container === 'settlement' && line.atMs < end)).toBe(true)
    expect(lines.slice(-5).some(({ level }) => level === 'error')).toBe(true)
    expect(spans).toEqual([])
    expect(notices).toEqual([])
    const never = await logs({ previous: true })
    expect([never.lines, never.notices]).toEqual([[], []])
  })

  it('reads one of two containers beside the proxy', async () => {
    const subject = { node: 'east/payments/workload/ledger' }
    const { pods, lines } = await logs({ subject, containers: ['audit-forwarder'] })
    expect(pods?.[0]?.containers.map(({ name }) => name)).toEqual([
      'istio-proxy',
      'ledger',
      'audit-forwarder',
    ])
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.every(({ container, level }) => container === 'audit-forwarder' && level !== null)).toBe(
      true,
    )
  })

  it('knows nothing of pods that are not its own', async () => {
    expect((await logs({ pods: ['details-v1-abc'] })).lines).toEqual([])
  })

  it('names the right an account lacks', async () => {
    // a token nobody gave the right to read logs: the embedded cluster lets the administrator act as anybody
    const up = await start({}, demo.kubeconfig)
    const [source] = up.inventories
    const { client } = source as { client: { as: (who: { user: string; groups: string[] }) => unknown } }
    const nobody = client.as({ user: 'nobody', groups: [] })
    Object.defineProperty(source, 'client', { value: nobody })
    const { missingRight, lines } = await logs({})
    expect(missingRight).toEqual({ verb: 'get', resource: 'pods/log', namespace: 'bookinfo' })
    expect(lines).toEqual([])
  })
})
