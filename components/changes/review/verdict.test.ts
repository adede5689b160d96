import { describe, expect, it } from 'vitest'
import type { AppliedObject, ChangeStatus } from '@/lib/api/schemas/config/changes'
import { verdictOf } from './verdict'

const verdict = (status: ChangeStatus, ...objects: AppliedObject['status'][]) =>
  verdictOf({ status, objects: objects.map((one) => ({ status: one })) }, 'Shift traffic')

describe('verdictOf', () => {
  it('offers the way back of what was applied, in whole or in part', () => {
    expect(verdict('applied', 'applied')).toMatchObject({ title: 'Applied', wayBack: 'Revert' })
    expect(verdict('failed', 'applied', 'failed', 'skipped')).toMatchObject({
      kind: 'problem',
      title: 'Applied in part',
      wayBack: 'Roll back what was applied',
    })
    expect(verdict('failed', 'failed', 'skipped')).toMatchObject({ title: 'Not applied', wayBack: null })
  })

  it('says of no object that it failed while that is not known, and offers no way back that would be refused', () => {
    const partly = verdict('pending', 'applied', 'pending', 'skipped')
    expect(partly).toMatchObject({ kind: 'warning', wayBack: null })
    expect(partly.text).not.toContain('failed')
    expect(verdict('pending', 'pending')).toMatchObject({ title: 'Not known whether it was applied' })
  })

  it('tells a deletion that finalizers hold up from an answer that was lost', () => {
    const error = { code: 'deletion-pending', message: '' }
    const held = verdictOf({ status: 'pending', objects: [{ status: 'pending', error }] }, '')
    expect(held).toMatchObject({ title: 'Marked for deletion, not deleted yet', wayBack: null })
    const both = [{ status: 'pending', error }, { status: 'pending' }] as const
    expect(verdictOf({ status: 'pending', objects: both }, '').title).toMatch(/^Not known/)
  })

  it('says of no object that it failed where one was done too late', () => {
    expect(verdict('failed', 'applied', 'skipped').text).not.toContain('failed')
  })

  it('promises no settling of what is settled', () => {
    expect(verdict('unknown', 'unknown').text).not.toContain('within a few minutes')
    expect(verdict('unknown', 'applied', 'unknown').wayBack).toBe('Roll back what was applied')
  })
})
