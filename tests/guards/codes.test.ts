import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return files(path)
    return /\.ts$/.test(path) && !/\.test\.ts$/.test(path) ? [path] : []
  })
}

/** Issues of a schema, which become another code. */
const ZOD = 'custom'

describe('codes of errors and notices', () => {
  const documented = readFileSync('docs/api.md', 'utf8')
  // what a cause or evidence is called is no error
  const sources = files('lib/server').filter((path) => !path.includes('lib/server/incidents'))
  const codes = new Set(
    sources.flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      return [
        ...text.matchAll(/\bcode: '([a-z-]+)'/g),
        ...text.matchAll(/(?:invalid|notFound)\((?:[^()]|\([^()]*\))*?'([a-z]+(?:-[a-z]+)+)',?\s*\)/g),
      ].flatMap(([, code]) => (code === undefined || code === ZOD ? [] : [code]))
    }),
  )

  it('are found', () => expect(codes.size).toBeGreaterThan(60))

  it.each([...codes].sort())('%s is explained in docs/api.md', (code) => {
    expect(documented).toContain(`\`${code}\``)
  })
})
