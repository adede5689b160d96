import 'server-only'
import type { HeldAlert, Silence } from '@/lib/alerts/held'
import type { Notice } from '@/lib/api/schemas/common'
import { noticeOf } from '../errors'
import type { Upstreams } from '../upstreams'
import { FRESH_MS } from './rules'

export interface Held {
  /** null: not known */
  alerts: HeldAlert[] | null
  silences: Silence[] | null
  notices: Notice[]
}

/** What Alertmanager holds, or what is missing without it. Never rejects for what it does. */
export async function readHeld(up: Upstreams): Promise<Held> {
  const { alertmanager } = up
  if (!alertmanager) return { alerts: null, silences: null, notices: [] }
  const notices: Notice[] = []
  const asked = async <T>(what: string, ask: () => Promise<T>, then: string) => {
    try {
      return await up.memory.get(`alertmanager ${what}`, FRESH_MS, ask)
    } catch (error) {
      notices.push(noticeOf(error, then))
      return null
    }
  }
  const [held, silences] = await Promise.all([
    asked('alerts', () => alertmanager.alerts(), 'Who is told, and what is silenced, is not known.'),
    asked('silences', () => alertmanager.silences(), 'Silences are not shown.'),
  ])
  const broken = [
    ...(held && held.broken > 0 ? [`${held.broken} of Alertmanager’s alerts`] : []),
    ...(silences && silences.broken > 0 ? [`${silences.broken} of Alertmanager’s silences`] : []),
  ]
  if (broken.length > 0) {
    notices.push({
      code: 'alertmanager-partial',
      message: `${broken.join(' and ')} cannot be read and are left out.`,
      upstream: 'alertmanager',
    })
  }
  // one sentence for one failure
  const distinct = notices.filter(
    ({ code }, index) => notices.findIndex((one) => one.code === code) === index,
  )
  return { alerts: held?.alerts ?? null, silences: silences?.silences ?? null, notices: distinct }
}
