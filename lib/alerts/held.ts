/** Alerts as Alertmanager holds them, joined with those Prometheus found. Pure. */

type Labels = Readonly<Record<string, string>>

/** An alert that has not ended, and what becomes of it. */
export interface HeldAlert {
  fingerprint: string
  labels: Labels
  annotations: Labels
  /** epoch milliseconds */
  startsAt: number | null
  /** names of those who are told, sorted */
  receivers: string[]
  /** `suppressed`: nobody is told; `unprocessed`: Alertmanager has not decided yet */
  state: 'active' | 'suppressed' | 'unprocessed'
  /** ids of silences */
  silencedBy: string[]
  /** fingerprints of the alerts that stand for it */
  inhibitedBy: string[]
  /** names of time intervals */
  mutedBy: string[]
}

export interface SilenceMatcher {
  name: string
  value: string
  isRegex: boolean
  isEqual: boolean
}

export interface Silence {
  id: string
  state: 'active' | 'pending'
  comment: string
  createdBy: string
  /** epoch milliseconds */
  startsAt: number | null
  endsAt: number | null
  matchers: SilenceMatcher[]
}

/** What Alertmanager does with one alert of ours. */
export interface Handling {
  state: HeldAlert['state']
  receivers: string[]
  silencedBy: string[]
  /** names of the alerts that stand for it */
  inhibitedBy: string[]
  mutedBy: string[]
}

/**
 * Joins found alerts with held ones. Prometheus adds its external labels to what it sends, so a held alert is the
 * found one whose labels it has, all of them; of several found ones the one with the most. Several held ones may be
 * one found alert (each of two Prometheus replicas sends its own): then nobody is told only if none of them is active.
 * `left` are held alerts that no found one explains, one of each set of labels.
 */
export function joinHeld(
  found: readonly { id: string; labels: Labels }[],
  held: readonly HeldAlert[],
): { handling: Map<string, Handling>; left: { alert: HeldAlert; handling: Handling }[] } {
  const findFound = createFinder(found)
  const names = new Map(held.map(({ fingerprint, labels }) => [fingerprint, labels.alertname ?? fingerprint]))
  const copies = new Map<string, HeldAlert[]>()
  const left = new Map<string, HeldAlert>()
  for (const alert of held) {
    const id = findFound(alert.labels)
    if (id !== undefined) copies.set(id, [...(copies.get(id) ?? []), alert])
    else left.set(alert.fingerprint, alert)
  }
  return {
    handling: new Map([...copies].map(([id, alerts]) => [id, handlingOf(alerts, names)])),
    left: [...left.values()].map((alert) => ({ alert, handling: handlingOf([alert], names) })),
  }
}

/**
 * Looks up the found alert whose labels are all among some others. In a storm hundreds are looked up among hundreds:
 * they differ in values, hardly in which labels they have.
 */
function createFinder(
  found: readonly { id: string; labels: Labels }[],
): (labels: Labels) => string | undefined {
  const shapes = new Map<string, { names: string[]; ids: Map<string, string> }>()
  for (const { id, labels } of found) {
    const names = Object.keys(labels).sort()
    const shape = shapes.get(names.join()) ?? { names, ids: new Map<string, string>() }
    shapes.set(names.join(), shape)
    const key = valuesOf(labels, names)
    const known = shape.ids.get(key)
    if (known === undefined || id < known) shape.ids.set(key, id)
  }
  const fullest = [...shapes]
    .sort(([a, { names: x }], [b, { names: y }]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([, shape]) => shape)
  return (labels) => {
    for (const { names, ids } of fullest) {
      const id = ids.get(valuesOf(labels, names))
      if (id !== undefined) return id
    }
    return undefined
  }
}

function valuesOf(labels: Labels, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name] ?? null))
}

function handlingOf(alerts: readonly HeldAlert[], names: ReadonlyMap<string, string>): Handling {
  const told = alerts.filter(({ state }) => state === 'active')
  const isHeldBack = told.length === 0 && alerts.some(({ state }) => state === 'suppressed')
  const all = (list: (alert: HeldAlert) => readonly string[]) =>
    [...new Set(alerts.flatMap((alert) => list(alert)))].sort()
  return {
    state: told.length > 0 ? 'active' : isHeldBack ? 'suppressed' : 'unprocessed',
    receivers: all(({ receivers }) => receivers),
    // what holds back one copy of an alert that is told elsewhere holds nothing back
    silencedBy: isHeldBack ? all(({ silencedBy }) => silencedBy) : [],
    inhibitedBy: isHeldBack
      ? all(({ inhibitedBy }) => inhibitedBy.map((fingerprint) => names.get(fingerprint) ?? fingerprint))
      : [],
    mutedBy: isHeldBack ? all(({ mutedBy }) => mutedBy) : [],
  }
}

/** A silence's matchers in Prometheus's words: `alertname="MeshPushSlow", namespace=~"shop|cart"`. */
export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!='
  return `${name}${operator}${JSON.stringify(value)}`
}
