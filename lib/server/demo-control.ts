import 'server-only'
import { fetch } from 'undici'
import { z } from 'zod'
import { ScenarioList } from '@/lib/api/schemas/status'
import { Refusal } from './errors'

const TIMEOUT_MS = 10_000
const Refused = z.object({ error: z.string() })

/** The embedded mesh's switches: incidents to start and stop. */
export interface DemoControl {
  list(signal?: AbortSignal): Promise<ScenarioList>
  set(name: string, action: 'start' | 'stop', signal?: AbortSignal): Promise<ScenarioList>
}

/** `url` is the control address of the embedded mesh. Methods throw Refusal when it is away or knows no such name. */
export function createDemoControl(url: string): DemoControl {
  async function ask(path: string, method: 'GET' | 'POST', signal?: AbortSignal): Promise<unknown> {
    const deadline = AbortSignal.timeout(TIMEOUT_MS)
    let status: number
    let body: unknown
    try {
      const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
        method,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      })
      status = response.status
      body = await response.json()
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Refusal('unavailable', 'The embedded mesh does not answer; start Heddle again.', {
        code: 'demo-unreachable',
      })
    }
    if (status === 404) {
      throw new Refusal('not-found', 'The embedded mesh knows no such scenario.', {
        code: 'unknown-scenario',
        parameter: 'name',
      })
    }
    if (status >= 400) {
      const said = Refused.safeParse(body)
      const reason = said.success ? said.data.error : `status ${status}`
      throw new Refusal('conflict', `The embedded mesh refuses: ${reason}`, { code: 'scenario-refused' })
    }
    return body
  }

  async function list(signal?: AbortSignal): Promise<ScenarioList> {
    return scenarioList(await ask('/scenarios', 'GET', signal))
  }

  return {
    list,
    async set(name, action, signal) {
      await ask(`/scenarios/${encodeURIComponent(name)}/${action}`, 'POST', signal)
      return list(signal)
    },
  }
}

function scenarioList(body: unknown): ScenarioList {
  const parsed = ScenarioList.safeParse(Array.isArray(body) ? { items: body } : body)
  if (parsed.success) return parsed.data
  throw new Refusal('unavailable', 'The embedded mesh answers something unexpected; start Heddle again.', {
    code: 'demo-bad-answer',
  })
}
