import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DETAIL_TABS } from '@/components/details/tabs'
import { NAMESPACE_TABS } from '@/components/namespaces/namespace-tabs'
import { VIEWS } from '@/tests/pictures/tour'
import { tourText } from '@/tests/pictures/tour-text'
import { addressOf } from '@/tests/pictures/view'

/** `/workloads/[cluster]/[namespace]/[name]`, as Next names them. */
function routes(folder: string, route = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return entry.name === 'page.tsx' ? [route] : []
    return routes(join(folder, entry.name), `${route}/${entry.name}`)
  })
}

const facts = { trace: 'a-trace', otherTrace: 'another', change: 'a-change' }
const addresses = VIEWS.map((view) => addressOf(view, facts))
const paths = addresses.map((address) => address.split('?')[0] ?? '')

describe('pictures of the docs', () => {
  it.each(routes('app/(console)'))('%s is among them', (route) => {
    const pattern = new RegExp(`^${route.replace(/\[[^\]]+\]/g, '[^/]+')}$`)
    // the literal page wins over a parameter, as in Next
    const others = routes('app/(console)').filter((other) => other !== route && !other.includes('['))
    expect(paths.filter((path) => pattern.test(path) && !others.includes(path))).not.toEqual([])
  })

  it.each(DETAIL_TABS.map(({ id }) => id))(
    'the tab %s is shown of workloads, services, applications and namespaces',
    (id) => {
      expect(NAMESPACE_TABS.map((tab) => tab.id)).toContain(id)
      for (const kind of ['workloads', 'services', 'apps', 'namespaces']) {
        const own = addresses.filter((address) => new RegExp(`^/${kind}/.+/.+`).test(address))
        expect(
          own.some((address) => (new URLSearchParams(address.split('?')[1]).get('tab') ?? 'overview') === id),
        ).toBe(true)
      }
    },
  )

  it('are there, in light and some in dark, and no others', () => {
    const wanted = VIEWS.flatMap(({ name, isShownDark }) => [name, ...(isShownDark ? [`${name}-dark`] : [])])
    expect(new Set(wanted).size).toBe(wanted.length)
    expect(readdirSync('docs/screenshots').sort()).toEqual(wanted.map((name) => `${name}.webp`).sort())
  })

  it('stand in the tour', () => {
    expect(existsSync('docs/tour.md')).toBe(true)
    expect(readFileSync('docs/tour.md', 'utf8')).toBe(tourText())
  })
})
