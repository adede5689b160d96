import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROUTES } from '@/lib/api/routes'

/** Methods and path templates of the handlers below a folder of `app`. */
function handlers(folder: string, path: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const below = join(folder, entry.name)
    if (entry.isDirectory()) {
      return handlers(below, `${path}/${entry.name.replace(/^\[(\w+)\]$/, '{$1}')}`)
    }
    if (entry.name !== 'route.ts') return []
    const text = readFileSync(below, 'utf8')
    return [...text.matchAll(/export (?:async )?(?:function|const) (GET|POST|PUT|PATCH|DELETE)\b/g)].map(
      (match) => `${match[1]} ${path}`,
    )
  })
}

describe('the table of routes', () => {
  it('has every handler of the versioned API, and nothing else', () => {
    const described = ROUTES.map((route) => `${route.method} ${route.path}`)
    expect([...described].sort()).toEqual(handlers('app/api/v1', '/api/v1').sort())
  })
})
