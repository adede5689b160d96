/** Codes of checks: one severity each, a help page each, and a table of cases beside each checker. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { EVERY_CHECKER } from '@/lib/validation/all-checkers'
import { CATALOGUE, documentedChecks } from '@/lib/validation/catalogue/catalogue'
import { checkPages } from '@/lib/validation/catalogue/markdown'
import type { Severity } from '@/lib/validation/finding'

const CHECKERS_FOLDER = 'lib/validation/checkers'

const severities = new Map<string, Set<Severity>>()
for (const checker of EVERY_CHECKER) {
  for (const [code, severity] of Object.entries(checker.codes)) {
    severities.set(code, (severities.get(code) ?? new Set()).add(severity))
  }
}
const codes = [...severities.keys()].sort()

/** Codes of istioctl analyze that live objects can give; the others belong to its pre-check or are never given. */
const ISTIO = [
  ...[
    2, 101, 102, 103, 106, 107, 108, 109, 110, 111, 112, 116, 118, 123, 125, 126, 127, 128, 129, 130, 131,
    132,
  ],
  ...[
    133, 134, 135, 136, 137, 138, 139, 140, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 157,
  ],
  ...[158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 170, 171, 173, 174, 175, 176, 177],
].map((number) => `IST${String(number).padStart(4, '0')}`)

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

describe('codes', () => {
  it('are all those of Istio', () => {
    expect(ISTIO).toHaveLength(60)
    expect(codes.filter((code) => code.startsWith('IST'))).toEqual(ISTIO)
  })

  it.each(codes)('%s has one severity', (code) => {
    expect([...(severities.get(code) ?? [])]).toHaveLength(1)
  })
})

describe('checkers', () => {
  const declaring = filesBelow(CHECKERS_FOLDER).filter(
    (path) =>
      !path.endsWith('.test.ts') && /^export const \w+: Checker = \{/m.test(readFileSync(path, 'utf8')),
  )

  it('are each in a file of its own, and in the list', () => {
    expect(declaring).toHaveLength(EVERY_CHECKER.length)
    expect(new Set(EVERY_CHECKER).size).toBe(EVERY_CHECKER.length)
  })

  it.each(declaring)('%s has its table of cases beside it', (path) => {
    const test = path.replace(/\.ts$/, '.test.ts')
    expect(existsSync(test), test).toBe(true)
    // `checks` itself demands firing and silent cases for every code
    expect(readFileSync(test, 'utf8')).toMatch(/^checks\(\w+, \{/m)
  })
})

describe('help pages', () => {
  it('are there for every code, and for no other', () => {
    expect(Object.keys(CATALOGUE).sort()).toEqual(codes)
  })

  it.each(Object.entries(CATALOGUE))('%s says what, why and how, with an example', (_, help) => {
    for (const text of [help.title, help.meaning, help.harm, help.fix]) expect(text).toMatch(/\S{2}/)
    for (const text of [help.meaning, help.harm, help.fix]) expect(text).toMatch(/[.)]$/)
    expect(help.title).not.toMatch(/\.$/)
    expect(help.kinds.length).toBeGreaterThan(0)
    for (const example of [help.before, help.after]) {
      expect(
        parseAllDocuments(example).flatMap((document) => ('errors' in document ? document.errors : [])),
      ).toEqual([])
    }
    expect(help.before).not.toBe(help.after)
  })

  it('are in docs/checks as the catalogue has them (scripts/generate-check-docs.ts)', async () => {
    const pages = checkPages(documentedChecks(EVERY_CHECKER))
    expect(readdirSync('docs/checks').sort()).toEqual([...pages.keys()].sort())
    for (const [file, text] of pages) {
      const path = join('docs/checks', file)
      const formatted = await format(text, { ...(await resolveConfig(path)), parser: 'markdown' })
      expect(readFileSync(path, 'utf8'), file).toBe(formatted)
    }
  }, 30_000)
})
