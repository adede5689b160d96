import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shareChunks } from './share-chunks.mjs'

const require = createRequire(import.meta.url)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-chunks-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const chunk = (code: string, name: string) =>
  `module.exports=[${code}];\n\n//# sourceMappingURL=${name}.js.map`

describe('shareChunks', () => {
  it('keeps code that several chunks hold in the first of them, and the others hand on to it', () => {
    write({
      'a.js': chunk('1,()=>"mesh"', 'a'),
      'a.js.map': '{}',
      'b.js': chunk('1,()=>"mesh"', 'b'),
      'b.js.map': '{}',
      'c.js': chunk('2,()=>"graph"', 'c'),
    })
    expect(shareChunks(folder)).toEqual({ count: 1, length: 'module.exports=[1,()=>"mesh"];'.length })
    const loaded = ['a', 'b', 'c'].map((name) => require(join(folder, `${name}.js`)) as unknown[])
    expect(loaded[1]).toBe(loaded[0])
    expect(loaded[0]?.[0]).toBe(1)
    expect(loaded[2]?.[0]).toBe(2)
    expect(existsSync(join(folder, 'a.js.map'))).toBe(true)
    expect(existsSync(join(folder, 'b.js.map'))).toBe(false)
  })

  it('leaves alone what is no chunk, and what it shared before', () => {
    const other = 'require("./runtime.js")\n'
    write({ 'a.js': other, 'b.js': other, 'c.js': chunk('1,0', 'c'), 'd.js': chunk('1,0', 'd') })
    shareChunks(folder)
    const [runtime, handing] = [read('b.js'), read('d.js')]
    expect(shareChunks(folder)).toEqual({ count: 0, length: 0 })
    expect(read('b.js')).toBe(runtime)
    expect(read('b.js')).toBe(other)
    expect(read('d.js')).toBe(handing)
    expect(handing).toContain('./c.js')
  })
})
