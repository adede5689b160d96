import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NAVIGATION } from '@/components/layout/navigation'

function pages(folder: string, route = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isFile()) return entry.name === 'page.tsx' ? [route === '' ? '/' : route] : []
    const part = entry.name.startsWith('(') ? '' : `/${entry.name}`
    return pages(join(folder, entry.name), route + part)
  })
}

describe('paths and pages', () => {
  const existing = pages('app')

  it.each(NAVIGATION.map((item) => item.path))('%s in the navigation is a page', (path) => {
    expect(existing).toContain(path)
  })
})
