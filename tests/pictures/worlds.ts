/** The meshes that pictures are taken of. */
import { z } from 'zod'
import { TraceList } from '@/lib/api/schemas/telemetry/traces'
import { until } from '../support/until'
import type { Facts, World } from './view'

interface Stage {
  env: Record<string, string>
  /** what happens before the first picture */
  prepare?: (url: string) => Promise<void>
}

/** Incidents given by the environment began ten minutes before. */
export const WORLDS: Readonly<Record<World, Stage>> = {
  'bad-canary': { env: { HEDDLE_DEMO_SCENARIO: 'bad-canary' }, prepare: untilIncident },
  healthy: { env: {} },
  empty: { env: { HEDDLE_DEMO_SCENARIO: 'empty' } },
  thousand: { env: { HEDDLE_DEMO_SERVICES: '1000' } },
  token: { env: { HEDDLE_AUTH: 'token' } },
  'prometheus-down': { env: {}, prepare: losePrometheus },
}

const REVIEWS = {
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}

/** What the addresses of views name. A change is made for it where a change is looked at. */
export async function prepareFacts(url: string, world: World): Promise<Facts> {
  if (world !== 'bad-canary') return { trace: '', otherTrace: '', change: '' }
  const [trace, otherTrace] = await until('two traces alike', () => findTraces(url), {
    withinMs: 120_000,
    everyMs: 1_000,
  })
  return { trace, otherTrace, change: await findOrMakeChange(url) }
}

/** Two of the same request that got far, the newest first. */
async function findTraces(url: string): Promise<[string, string] | undefined> {
  const node = 'east/bookinfo/workload/ratings-v1'
  const { items } = TraceList.parse(await getJson(`${url}/api/v1/traces?node=${node}&window=1h&limit=100`))
  const [first, ...others] = items.sort((a, b) => b.startMs - a.startMs)
  const other = others.find((one) => one.rootOperation === first?.rootOperation)
  return first && other ? [first.id, other.id] : undefined
}

async function findOrMakeChange(url: string): Promise<string> {
  const { items } = z
    .object({ items: z.array(z.object({ id: z.string(), reason: z.string().nullish() })) })
    .parse(await getJson(`${url}/api/v1/changes`))
  const reason = 'Reviews may take half a second longer while we look'
  const made = items.find((one) => one.reason === reason)
  if (made) return made.id
  const patch = [{ op: 'add', path: '/spec/http/1/timeout', value: '3s' }]
  const answer = await fetch(`${url}/api/v1/config/apply`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ reason, changes: [{ op: 'patch', ref: REVIEWS, patch }] }),
  })
  if (!answer.ok) throw new Error(`the change of reviews was refused: ${await answer.text()}`)
  return z.object({ id: z.string() }).parse(await answer.json()).id
}

async function untilIncident(url: string): Promise<void> {
  await until(
    'the incident',
    async () => {
      const { items } = z
        .object({ items: z.array(z.unknown()) })
        .parse(await getJson(`${url}/api/v1/incidents`))
      return items.length > 0 ? true : undefined
    },
    { withinMs: 60_000, everyMs: 500 },
  )
}

/** The last figures are some refreshes old. */
async function losePrometheus(url: string): Promise<void> {
  await getJson(`${url}/api/v1/graph`)
  await fetch(`${url}/api/v1/demo/scenarios/prometheus-down/start`, {
    method: 'POST',
    headers: { origin: url },
  })
  await until(
    'the age of the figures',
    async () => {
      const { notices } = z
        .object({ notices: z.array(z.unknown()) })
        .parse(await getJson(`${url}/api/v1/graph`))
      return notices.length > 0 ? true : undefined
    },
    { withinMs: 60_000, everyMs: 500 },
  )
}

async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  return answer.json()
}
