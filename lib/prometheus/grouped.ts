/**
 * Histograms as Prometheus answers them: twenty rows that differ in one label. Read as JSON, 70,000 such rows make
 * as many objects of seventeen labels; read as text, the labels are looked at once per histogram.
 */
import type { Scanner } from '@/lib/http/answer-body'
import { decodeInstantVector, type Sample } from './decode'
import { copyOf, type LabelSets } from './label-sets'
import { scanRows } from './scan'

/** Samples that agree in all labels but one. */
export interface SampleGroup {
  /** without the label they differ in */
  labels: Sample['labels']
  values: { by: string; value: number | null }[]
}

export interface GroupedVector {
  groups: SampleGroup[]
  warnings: string[]
}

/** Throws UpstreamError('prometheus', 'decode') when the body is no instant vector. */
export function decodeGrouped(body: unknown, label: string): GroupedVector {
  if (body instanceof ScannedVector) return body
  const { samples, warnings } = decodeInstantVector(body)
  const groups = new Map<string, SampleGroup>()
  for (const sample of samples) {
    const { [label]: by = '', ...labels } = sample.labels
    const key = JSON.stringify(Object.entries(labels).sort())
    const value = { by, value: sample.value }
    const group = groups.get(key)
    if (group) group.values.push(value)
    else groups.set(key, { labels, values: [value] })
  }
  return { groups: [...groups.values()], warnings }
}

class ScannedVector implements GroupedVector {
  readonly groups: SampleGroup[]
  readonly warnings: string[]

  constructor(groups: SampleGroup[], warnings: string[]) {
    this.groups = groups
    this.warnings = warnings
  }
}

/**
 * The groups of an answer, labels shared with earlier ones; left to the full parser is what `scanRows` does not know
 * and rows without the label: to Prometheus a label that is missing is one that is empty, and which rows agree then,
 * that parser tells.
 */
export function scanGrouped(label: string, sets: LabelSets): Scanner<GroupedVector> {
  const groups = new Map<string, Map<string, SampleGroup>>()
  const name = `"${label}":"`
  const labelsOf = sets.reader()
  // rows of one group mostly come one after the other: comparing with the last is far cheaper than hashing each
  let last: { before: string; after: string; group: SampleGroup } | null = null
  const rows = scanRows((inside, value) => {
    const found = inside.indexOf(name)
    if (found === -1) return false
    const from = found + name.length
    const to = inside.indexOf('"', from)
    const by = inside.slice(from, to)
    // one with an escape is for the full parser
    if (by === '' || by.includes('\\')) return false
    const before = inside.slice(0, found)
    const after = inside.slice(to + 1)
    if (last?.before !== before || last.after !== after) {
      let same = groups.get(before)
      if (!same) groups.set(copyOf(before), (same = new Map()))
      let group = same.get(after)
      if (!group) {
        // without the label, and without the comma that parted it from the others
        const labels = labelsOf(before === '' ? after.slice(1) : `${before.slice(0, -1)}${after}`)
        if (!labels) return false
        same.set(copyOf(after), (group = { labels, values: [] }))
      }
      last = { before, after, group }
    }
    last.group.values.push({ by, value })
    return true
  })
  return {
    push: (text) => rows.push(text),
    end() {
      const warnings = rows.end()
      return (
        warnings &&
        new ScannedVector(
          [...groups.values()].flatMap((same) => [...same.values()]),
          warnings,
        )
      )
    },
  }
}
