/** What the Mutual TLS page shows, as its address says it. Pure. */
import type { WindowName } from '@/lib/api/schemas/common'
import type { MtlsState } from '@/lib/api/schemas/config/mtls'
import { MODE_CHOICES, type ModeChoice } from '@/lib/istio/edit/peer-authentication'
import { MTLS_STATES } from '@/lib/istio/mutual-tls/state'

/** Windows a pre-flight may look over: a caller of once a day is not seen in an hour. */
export const PREFLIGHT_WINDOWS = [
  '1h',
  '3h',
  '6h',
  '12h',
  '1d',
  '7d',
] as const satisfies readonly WindowName[]
export type PreflightWindow = (typeof PREFLIGHT_WINDOWS)[number]
const PRESET_OVER: PreflightWindow = '1h'

export const ORDERS = ['worst', 'name'] as const
export type Order = (typeof ORDERS)[number]

export interface MtlsView {
  /** words that each must be part of a name */
  filter: string
  /** empty: all */
  states: MtlsState[]
  order: Order
  /** ids of rows whose inside is shown */
  open: string[]
  selected: string | null
  /** the mode a pre-flight is made for; null: none */
  mode: ModeChoice | null
  over: PreflightWindow
}

/** `?filter=pay&states=plaintext&open=east/payments&selected=east/payments&mode=STRICT&over=1d` */
export function parseMtlsView(params: URLSearchParams): MtlsView {
  const asked = params.get('states')?.split(',') ?? []
  return {
    filter: params.get('filter') ?? '',
    states: MTLS_STATES.filter((state) => asked.includes(state)),
    order: ORDERS.find((order) => order === params.get('order')) ?? 'worst',
    open: (params.get('open') ?? '').split(',').filter((id) => id !== ''),
    selected: params.get('selected') || null,
    mode: MODE_CHOICES.find((mode) => mode === params.get('mode')) ?? null,
    over: PREFLIGHT_WINDOWS.find((window) => window === params.get('over')) ?? PRESET_OVER,
  }
}

/** The query string after a change: defaults are left out, keys of others stay. */
export function withMtlsView(params: URLSearchParams, patch: Partial<MtlsView>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, text: string) => (text === '' ? next.delete(key) : next.set(key, text))
  if (patch.filter !== undefined) put('filter', patch.filter)
  if (patch.states) put('states', patch.states.join(','))
  if (patch.order) put('order', patch.order === 'worst' ? '' : patch.order)
  if (patch.open) put('open', patch.open.join(','))
  if (patch.selected !== undefined) put('selected', patch.selected ?? '')
  if (patch.mode !== undefined) put('mode', patch.mode ?? '')
  if (patch.over) put('over', patch.over === PRESET_OVER ? '' : patch.over)
  return next
}
