/**
 * Writes docs/checks from the catalogue of checks; tests/guards holds the two equal. Run after a change of either:
 *
 *   npx tsx scripts/generate-check-docs.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { EVERY_CHECKER } from '@/lib/validation/all-checkers'
import { documentedChecks } from '@/lib/validation/catalogue/catalogue'
import { checkPages } from '@/lib/validation/catalogue/markdown'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'checks')
mkdirSync(folder, { recursive: true })
for (const [file, text] of checkPages(documentedChecks(EVERY_CHECKER))) {
  const path = join(folder, file)
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }))
}
