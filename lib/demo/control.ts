/** The control address of the embedded mesh: scenarios, and time where a test holds the clock. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Demo } from './start-demo'
import { UnknownScenario, WorldInExchange } from './scenarios/runner'
import type { ScenarioRunner } from './scenarios/runner'

const MOST_SECONDS = 86_400

/**
 * `GET /scenarios`, `POST /scenarios/{name}/start|stop` (both answer the list), `POST /advance?seconds=N`,
 * `GET /healthz`. Errors are `{ "error": "a sentence" }`: 400, 404 for an unknown name or path, 405, 409
 * where time runs by itself.
 */
export function controlHandler(options: {
  demo: Pick<Demo, 'advance' | 'now'>
  runner: ScenarioRunner
}): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(options, request)
      .catch((error: unknown) => refusal(error))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        response.end(`${JSON.stringify(body)}\n`)
      })
      .catch(() => response.destroy())
  }
}

interface Answer {
  status: number
  body: unknown
}

async function answer(
  { demo, runner }: { demo: Pick<Demo, 'advance' | 'now'>; runner: ScenarioRunner },
  request: IncomingMessage,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://control')
  const method = request.method ?? 'GET'
  const list = () => ({ status: 200, body: { items: runner.list() } })
  const wants = (wanted: string) => {
    if (method !== wanted) throw new ControlError(405, `${url.pathname} is asked with ${wanted}`)
  }
  // a page of another origin must not move the mesh: browsers always send this header with a POST
  if (method !== 'GET' && request.headers.origin !== undefined) {
    throw new ControlError(403, 'the control address does not answer browsers')
  }
  if (url.pathname === '/healthz') {
    wants('GET')
    return { status: 200, body: { status: 'ok', now: demo.now() } }
  }
  if (url.pathname === '/scenarios') {
    wants('GET')
    return list()
  }
  if (url.pathname === '/advance') {
    wants('POST')
    const seconds = Number(url.searchParams.get('seconds'))
    if (!(seconds > 0 && seconds <= MOST_SECONDS)) {
      throw new ControlError(400, `seconds must be above 0 and at most ${MOST_SECONDS}`)
    }
    await demo.advance(seconds).catch((error: unknown) => {
      throw error instanceof RangeError ? new ControlError(409, error.message) : error
    })
    return { status: 200, body: { now: demo.now() } }
  }
  const [, name = '', action] = /^\/scenarios\/([^/]+)\/(start|stop)$/.exec(url.pathname) ?? []
  if (action === undefined) throw new ControlError(404, `there is no ${url.pathname}`)
  wants('POST')
  const scenario = runner.find(decodeURIComponent(name))
  if (action === 'start') await runner.start(scenario.name)
  else await runner.stop(scenario.name)
  return list()
}

class ControlError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof ControlError) return { status: error.status, body: { error: error.message } }
  if (error instanceof UnknownScenario) return { status: 404, body: { error: error.message } }
  if (error instanceof WorldInExchange) return { status: 409, body: { error: error.message } }
  if (error instanceof URIError) return { status: 400, body: { error: 'the path is not encoded rightly' } }
  return { status: 500, body: { error: error instanceof Error ? error.message : String(error) } }
}
