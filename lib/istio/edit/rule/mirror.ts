/**
 * Copies of requests whose answers nobody waits for.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMirrorPolicy,
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprequestmirrorfilter
 */
import { asFields, asList, getAt, isFields, isSame, setAt, type Fields } from '../fields'
import { numberAt, readForm, textAt, writeForm, type Binding, type Item } from '../form'

export interface Mirror {
  /** host for a virtual service, name of a service for a route */
  host: string
  /** routes only; empty: the route's own */
  namespace: string
  /** virtual services only */
  subset: string
  port: number | null
  /** share of requests that are copied, 0 to 100; null: all */
  percent: number | null
}
export type MirrorItem = Item<Mirror>

export const mirrorForm: { mirrors: Binding<MirrorItem[]> } = {
  mirrors: {
    path: ['mirror'],
    read: (rule) => {
      const several = asList(rule.mirrors)
      if (several.length > 0) {
        return several.map(asFields).map((item, origin) => ({
          ...ofDestination(item.destination, itemPercent.read(item)),
          origin,
        }))
      }
      if (!isFields(rule.mirror)) return []
      return [{ ...ofDestination(rule.mirror, single.read(rule)), origin: 0 }]
    },
    write: (rule, mirrors) => {
      const several = asList(rule.mirrors)
      if (several.length === 0 && mirrors.length <= 1) return writeSingle(rule, mirrors[0])
      const bare = without(rule, ['mirror', 'mirrorPercentage', ...OLD_PERCENT])
      const items = mirrors.map((mirror) => writeItem(originOf(rule, mirror.origin), mirror))
      return setAt(bare, ['mirrors'], items.length === 0 ? undefined : items)
    },
  },
}

const OLD_PERCENT = ['mirrorPercent', 'mirror_percent']

/** Percentage of the one mirror, with the two fields of old. */
const single: Binding<number | null> = {
  path: ['mirrorPercentage', 'value'],
  read: (rule) => {
    const now = numberAt('mirrorPercentage', 'value').read(rule)
    if (now !== null || rule.mirrorPercentage !== undefined) return now
    return numberAt('mirrorPercent').read(rule) ?? numberAt('mirror_percent').read(rule)
  },
  write: (rule, value) => numberAt('mirrorPercentage', 'value').write(without(rule, OLD_PERCENT), value),
}

const itemPercent = numberAt('percentage', 'value')
const destination = { host: textAt('host'), subset: textAt('subset'), port: numberAt('port', 'number') }

function ofDestination(value: unknown, percent: number | null): Mirror {
  return { ...readForm(destination, value), namespace: '', percent }
}

function writeSingle(rule: Fields, mirror: MirrorItem | undefined): Fields {
  if (!mirror) return without(rule, ['mirror', 'mirrorPercentage', ...OLD_PERCENT])
  const next = setAt(rule, ['mirror'], writeForm(destination, rule.mirror, mirror))
  return single.read(next) === mirror.percent ? next : single.write(next, mirror.percent)
}

/** The item a mirror was read from, in the form that several mirrors have. */
function originOf(rule: Fields, origin: number | null): Fields {
  if (origin === null) return {}
  if (!isFields(rule.mirror)) return asFields(asList(rule.mirrors)[origin])
  const percent = single.read(rule)
  return { destination: rule.mirror, ...(percent === null ? {} : { percentage: { value: percent } }) }
}

function writeItem(from: Fields, mirror: MirrorItem): Fields {
  const next = setAt(from, ['destination'], writeForm(destination, from.destination, mirror))
  return itemPercent.read(next) === mirror.percent ? next : itemPercent.write(next, mirror.percent)
}

function without(rule: Fields, names: readonly string[]): Fields {
  return names.reduce<Fields>((fields, name) => setAt(fields, [name], undefined), rule)
}

const MIRROR = 'RequestMirror'
const backend = { host: textAt('name'), namespace: textAt('namespace'), port: numberAt('port') }

/** Form of an HTTPRoute's rule, whose mirrors are filters among others. */
export const routeMirrorForm: { mirrors: Binding<MirrorItem[]> } = {
  mirrors: {
    path: ['filters'],
    read: (rule) =>
      asList(rule.filters).flatMap((filter, origin) =>
        asFields(filter).type === MIRROR
          ? [
              {
                ...readForm(backend, getAt(filter, ['requestMirror', 'backendRef'])),
                subset: '',
                percent: routePercent(getAt(filter, ['requestMirror'])),
                origin,
              },
            ]
          : [],
      ),
    write: (rule, mirrors) => {
      const kept = asList(rule.filters).flatMap((filter, place) => {
        if (asFields(filter).type !== MIRROR) return [filter]
        const mirror = mirrors.find((each) => each.origin === place)
        return mirror ? [writeFilter(asFields(filter), mirror)] : []
      })
      const fresh = mirrors
        .filter((mirror) => mirror.origin === null)
        .map((mirror) => writeFilter({ type: MIRROR }, mirror))
      const filters = [...kept, ...fresh]
      return setAt(rule, ['filters'], filters.length === 0 ? undefined : filters)
    },
  },
}

function routePercent(mirror: unknown): number | null {
  const { percent, fraction } = asFields(mirror)
  if (typeof percent === 'number') return percent
  const { numerator, denominator = 100 } = asFields(fraction)
  if (typeof numerator !== 'number' || typeof denominator !== 'number') return null
  return (numerator / denominator) * 100
}

function writeFilter(filter: Fields, mirror: MirrorItem): Fields {
  const before = getAt(filter, ['requestMirror', 'backendRef'])
  const written = writeForm(backend, before, mirror)
  const next = isSame(before, written) ? filter : setAt(filter, ['requestMirror', 'backendRef'], written)
  if (routePercent(next.requestMirror) === mirror.percent) return next
  const bare = setAt(
    setAt(next, ['requestMirror', 'percent'], undefined),
    ['requestMirror', 'fraction'],
    undefined,
  )
  if (mirror.percent === null) return bare
  // percent takes whole numbers only
  return Number.isInteger(mirror.percent)
    ? setAt(bare, ['requestMirror', 'percent'], mirror.percent)
    : setAt(bare, ['requestMirror', 'fraction'], {
        numerator: Math.round(mirror.percent * 1000),
        denominator: 100_000,
      })
}

export function hasMirror(rule: Fields): boolean {
  const form = Array.isArray(rule.filters) ? routeMirrorForm : mirrorForm
  return form.mirrors.read(rule).length > 0
}

/** The rule without any mirror, whichever kind it is of. */
export function withoutMirror(rule: Fields): Fields {
  const form = Array.isArray(rule.filters) ? routeMirrorForm : mirrorForm
  return hasMirror(rule) ? form.mirrors.write(rule, []) : rule
}
