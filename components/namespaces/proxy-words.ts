/** What a table of proxies says of them together. Pure. */
import type { ListedProxy } from '@/lib/api/schemas/telemetry/proxy'

export type SyncWord = 'in sync' | 'behind' | 'not connected' | 'not known'

/** Kinds of configuration of which a proxy does not run what istiod sent last. */
export function behindOf({ sync }: ListedProxy): string[] {
  return (sync?.types ?? [])
    .filter(({ state }) => state === 'stale' || state === 'never-acknowledged')
    .map(({ short }) => short)
}

export function syncWord(proxy: ListedProxy): SyncWord {
  if (proxy.sync === null) return 'not known'
  if (proxy.sync.istiod === null) return 'not connected'
  return behindOf(proxy).length > 0 ? 'behind' : 'in sync'
}

/** What the agent renews at half of a day; less than this was not renewed in time, whatever its length. */
const LATE_MS = 3_600_000

/** `ended`, `soon` within the hour, `fine`, or null: not measured. */
export function certificateState(
  { certificateExpiresAt }: ListedProxy,
  now: number,
): 'ended' | 'soon' | 'fine' | null {
  if (certificateExpiresAt === null) return null
  const left = certificateExpiresAt - now
  return left <= 0 ? 'ended' : left < LATE_MS ? 'soon' : 'fine'
}

/** Several versions in the mesh, or none of istiod's: the data plane is amid an upgrade, or was left behind by one. */
export function isOtherVersion({ version }: ListedProxy, istiod: readonly string[]): boolean {
  return version !== null && istiod.length > 0 && !istiod.includes(version)
}

/** `12 proxies: 1 behind istiod, 2 not connected to it, 1 of another version than istiod (1.24.0)`. */
export function proxiesWords(items: readonly ListedProxy[], istiod: readonly string[], now: number): string {
  const count = (isSuch: (proxy: ListedProxy) => boolean) => items.filter(isSuch).length
  const parts: [number, string][] = [
    [count((one) => syncWord(one) === 'behind'), 'behind istiod'],
    [count((one) => syncWord(one) === 'not connected'), 'not connected to it'],
    [count((one) => syncWord(one) === 'not known'), 'of unknown agreement with istiod'],
    [count((one) => isOtherVersion(one, istiod)), `of another version than istiod (${istiod.join(', ')})`],
    [count((one) => certificateState(one, now) === 'ended'), 'with an ended certificate'],
    [count((one) => certificateState(one, now) === 'soon'), 'whose certificate ends within the hour'],
  ]
  const said = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`)
  const whole = items.length === 1 ? '1 proxy' : `${items.length} proxies`
  return said.length === 0 ? `${whole}, all in sync with istiod` : `${whole}: ${said.join(', ')}`
}

/** `3 pods have none, 2 are in ambient mode`; empty where every pod has one. */
export function withoutWords({ none, ambient }: { none: number; ambient: number }): string {
  const pods = (count: number) => (count === 1 ? '1 pod' : `${count} pods`)
  return [
    none > 0 ? `${pods(none)} without a proxy` : null,
    ambient > 0 ? `${pods(ambient)} in ambient mode, served by the proxy of the node` : null,
  ]
    .filter((words) => words !== null)
    .join('; ')
}
