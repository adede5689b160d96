/** What an address shows, in a few words. Pure. */
import { parseView } from '@/components/hooks/address/view-state'
import { NAVIGATION } from '@/components/layout/navigation'
import { formatDate } from '@/lib/units/date'
import { formatWindow, parseWindow } from '@/lib/units/window'

/** `Workloads · reviews-v1 · logs · until 2026-08-20 14:00:00`: page, thing, tab or selection, namespaces, time. */
export function addressWords(path: string, timeZone: string): string {
  const url = new URL(path, 'http://heddle.invalid')
  const params = url.searchParams
  const view = parseView(params)
  const parts = url.pathname.split('/').filter(Boolean)
  const page = NAVIGATION.find((each) => each.path === `/${parts[0]}`)?.name ?? titled(parts[0] ?? 'Heddle')
  const thing =
    parts.length > 1
      ? plain(parts.at(-1) ?? '')
      : (params.get('selected')?.split(/[/>#]/).filter(Boolean).pop() ?? '')
  const where = [...view.namespaces.map((name) => name.split('/').pop() ?? name), ...view.clusters]
  const window = formatWindow(parseWindow(view.window) ?? 0)
  return [
    page,
    thing,
    params.get('tab') ?? '',
    where.slice(0, 3).join(', ') + (where.length > 3 ? ` and ${where.length - 3} more` : ''),
    view.at === null
      ? params.has('window')
        ? `last ${window}`
        : ''
      : `${window} until ${formatDate(view.at, { timeZone })}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
