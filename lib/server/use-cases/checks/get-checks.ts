import 'server-only'
import { EVERY_CHECKER } from '@/lib/validation/all-checkers'
import { documentedChecks } from '@/lib/validation/catalogue/catalogue'
import type { DocumentedCheck } from '@/lib/validation/catalogue/markdown'
import { notFound } from '../../errors'

const CHECKS = documentedChecks(EVERY_CHECKER)

/** What a code means. Throws Refusal('not-found') for a code no checker has. */
export function getCheck(code: string): DocumentedCheck {
  const check = CHECKS.find((one) => one.code === code)
  if (!check) throw notFound(`No check has the code ${code}.`, 'check-not-found')
  return check
}

/** Every code Heddle can report, sorted, with its meaning. */
export function listChecks(): readonly DocumentedCheck[] {
  return CHECKS
}
