/** The HTTP API of an Alertmanager, version 2, over the embedded one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { RESEND_AFTER_MS, type Alertmanager, type StoredSilence, type Told } from './alertmanager'
import { holds, parseMatcher, type Labels } from './matchers'

const MOST_BODY_BYTES = 65_536

const postedSilence = z.object({
  id: z.string().optional(),
  matchers: z.array(
    z.object({
      name: z.string().min(1),
      value: z.string(),
      isRegex: z.boolean(),
      isEqual: z.boolean().default(true),
    }),
  ),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  createdBy: z.string(),
  comment: z.string(),
})

interface Answer {
  status: number
  body?: unknown
}

/**
 * `/api/v2/{status,alerts,receivers,silences,silence/{id}}` and `/-/{healthy,ready}`. Silences can be made and ended,
 * so that amtool works. API: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function alertmanagerHandler(
  manager: Alertmanager,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(manager, request)
      .catch((error: unknown): Answer => {
        if (error instanceof RangeError || error instanceof SyntaxError)
          return { status: 400, body: error.message }
        return { status: 500, body: error instanceof Error ? error.message : String(error) }
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        response.end(body === undefined ? '' : `${JSON.stringify(body)}\n`)
      })
      .catch(() => response.destroy())
  }
}

async function answer(manager: Alertmanager, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://alertmanager')
  const method = request.method ?? 'GET'
  if (url.pathname === '/-/healthy' || url.pathname === '/-/ready') return { status: 200, body: 'OK' }
  const path = url.pathname.startsWith('/api/v2/') ? url.pathname.slice('/api/v2/'.length) : ''
  const params = url.searchParams
  const single = /^silence\/([^/]+)$/.exec(path)?.[1]
  if (single !== undefined) {
    const id = decodeURIComponent(single)
    if (method === 'DELETE') return manager.expire(id) ? { status: 200 } : { status: 404 }
    const found = manager.silences().find((silence) => silence.id === id)
    return found ? { status: 200, body: silenceJson(found, manager.now()) } : { status: 404 }
  }
  if (path === 'silences' && method === 'POST') {
    // a page of another origin must not silence: browsers always send this header with a POST
    if (request.headers.origin !== undefined) return { status: 403, body: 'not for browsers' }
    const { id, startsAt, endsAt, ...rest } = await readSilence(request)
    const spec = { ...rest, startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) }
    return { status: 200, body: { silenceID: manager.silence(spec, id) } }
  }
  if (method !== 'GET')
    return { status: 405, body: { code: 405, message: `method ${method} is not allowed` } }
  const isFiltered = (labels: Labels) => holds(params.getAll('filter').map(parseMatcher), labels)
  switch (path) {
    case 'status':
      return { status: 200, body: statusJson(manager) }
    case 'receivers':
      return { status: 200, body: manager.receivers.map((name) => ({ name })) }
    case 'alerts':
      return {
        status: 200,
        body: manager
          .alerts()
          .filter((alert) => isWanted(alert, params) && isFiltered(alert.labels))
          .map((alert) => alertJson(alert, manager.now())),
      }
    case 'silences':
      return {
        status: 200,
        body: manager
          .silences()
          .filter(({ matchers }) =>
            isFiltered(Object.fromEntries(matchers.map(({ name, value }) => [name, value]))),
          )
          .map((silence) => silenceJson(silence, manager.now())),
      }
    default:
      return { status: 404, body: { code: 404, message: `path ${url.pathname} was not found` } }
  }
}

/** `active`, `silenced` and `inhibited` are true unless said otherwise; `receiver` is a pattern. */
function isWanted({ silencedBy, inhibitedBy, receivers }: Told, params: URLSearchParams): boolean {
  const receiver = params.get('receiver')
  if (receiver !== null && !receivers.some((name) => new RegExp(`^(?:${receiver})$`).test(name))) return false
  if (silencedBy.length > 0) return params.get('silenced') !== 'false'
  if (inhibitedBy.length > 0) return params.get('inhibited') !== 'false'
  return params.get('active') !== 'false'
}

function alertJson(alert: Told, now: number) {
  const { fingerprint, labels, annotations, receivers, silencedBy, inhibitedBy } = alert
  const isHeldBack = silencedBy.length > 0 || inhibitedBy.length > 0
  return {
    annotations,
    endsAt: text(now + 4 * RESEND_AFTER_MS),
    fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: text(alert.startsAt),
    status: { inhibitedBy, mutedBy: [], silencedBy, state: isHeldBack ? 'suppressed' : 'active' },
    updatedAt: text(now),
    generatorURL: '',
    labels,
  }
}

function silenceJson(silence: StoredSilence, now: number) {
  const { id, comment, createdBy, matchers, startsAt, endsAt, updatedAt } = silence
  const state = endsAt <= now ? 'expired' : startsAt > now ? 'pending' : 'active'
  return {
    id,
    status: { state },
    updatedAt: text(updatedAt),
    comment,
    createdBy,
    endsAt: text(endsAt),
    matchers,
    startsAt: text(startsAt),
  }
}

function statusJson(manager: Alertmanager) {
  return {
    cluster: { name: 'embedded', peers: [], status: 'disabled' },
    config: { original: manager.config },
    uptime: text(manager.startedAt),
    versionInfo: {
      branch: 'HEAD',
      buildDate: '',
      buildUser: 'heddle',
      goVersion: `node ${process.version}`,
      revision: 'heddle-embedded-mesh',
      version: '0.27.0',
    },
  }
}

async function readSilence(request: IncomingMessage): Promise<z.output<typeof postedSilence>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MOST_BODY_BYTES) throw new RangeError('the silence is too large')
    chunks.push(chunk)
  }
  const parsed = postedSilence.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
  if (!parsed.success) throw new RangeError(parsed.error.issues[0]?.message ?? 'no silence')
  return parsed.data
}

const text = (ms: number) => new Date(ms).toISOString()
