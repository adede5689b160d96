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

describe('codes of errors and notices', () => {
  const documented = readFileSync('docs/api.md', 'utf8')
  const codes = new Set(
    files('lib/server/use-cases')
      .concat(files('lib/server/splits'))
      .concat(files('lib/server/snapshots'), ['lib/server/demo-control.ts', 'lib/server/parse.ts'])
      .flatMap((path) =>
        [...readFileSync(path, 'utf8').matchAll(/code: '([a-z-]+)'/g)].map((match) => match[1] ?? ''),
      ),
  )

  it('are found', () => expect(codes.size).toBeGreaterThan(8))

  it.each([...codes].sort())('%s is explained in docs/api.md', (code) => {
    expect(documented).toContain(`\`${code}\``)
  })
})
