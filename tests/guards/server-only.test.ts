import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const NETWORK_FILES = /^(client|watch|patch)\.ts$/

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

const guarded = [
  ...filesBelow('lib/server'),
  ...filesBelow('lib/http'),
  ...['prometheus', 'jaeger', 'tempo', 'kubernetes', 'alertmanager'].flatMap((upstream) =>
    filesBelow(`lib/${upstream}`).filter((path) => NETWORK_FILES.test(path.split('/').at(-1) ?? '')),
  ),
].filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path))

describe('files that reach the network or hold credentials', () => {
  it('are found', () => expect(guarded.length).toBeGreaterThan(5))

  it.each(guarded)('%s cannot be bundled for the browser', (path) => {
    const firstImport = readFileSync(path, 'utf8')
      .split('\n')
      .find((line) => line.startsWith('import'))
    expect(firstImport).toBe("import 'server-only'")
  })
})
