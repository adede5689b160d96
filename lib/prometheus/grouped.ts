/**
 * Histograms as Prometheus answers them: twenty rows that differ in one label. Read as JSON, 70,000 such rows make
 * as many objects of seventeen labels; read as text, the labels are looked at once per histogram.
 */
import { decodeInstantVector, decodeVectorEnvelope, sampleValue, type Sample } from './decode'

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

const OPEN = '"resultType":"vector","result":['
const METRIC = '{"metric":{'
const VALUE = '},"value":['

/**
 * The groups of an answer in Prometheus's own compact JSON; undefined for anything it does not know (spaces,
 * histograms, cut text), which JSON.parse then has to judge. The separators looked for hold bare quotes, and a
 * quote inside a label is always escaped, so no label can be taken for one.
 */
export function scanGrouped(text: string, label: string): ScannedVector | undefined {
  const open = text.indexOf(OPEN)
  if (open === -1) return undefined
  const groups = new Map<string, Map<string, SampleGroup>>()
  const name = `"${label}":"`
  let at = open + OPEN.length
  while (text[at] !== ']') {
    if (!text.startsWith(METRIC, at)) return undefined
    const start = at + METRIC.length
    const end = text.indexOf(VALUE, start)
    const comma = end === -1 ? -1 : text.indexOf(',"', end + VALUE.length)
    const close = comma === -1 ? -1 : text.indexOf('"]}', comma + 2)
    if (close === -1) return undefined
    const found = text.indexOf(name, start)
    // to Prometheus a label that is missing is one that is empty: which rows agree then, the full parser tells
    if (found === -1 || found > end) return undefined
    const from = found + name.length
    const to = text.indexOf('"', from)
    const by = text.slice(from, to)
    // a value with an escape, or a number that is none, is for the full parser
    if (by === '' || by.includes('\\') || close - comma > 40) return undefined
    const before = text.slice(start, found)
    const after = text.slice(to + 1, end)
    let same = groups.get(before)
    if (!same) groups.set(before, (same = new Map()))
    let group = same.get(after)
    if (!group) {
      const labels = parseLabels(text.slice(start, end))
      if (!labels) return undefined
      const { [label]: _by, ...rest } = labels
      same.set(after, (group = { labels: rest, values: [] }))
    }
    group.values.push({ by, value: sampleValue(text.slice(comma + 2, close)) })
    at = close + 3
    if (text[at] === ',') at += 1
    else if (text[at] !== ']') return undefined
  }
  const warnings = readEnvelope(`${text.slice(0, open + OPEN.length)}${text.slice(at)}`)
  if (!warnings) return undefined
  return new ScannedVector(
    [...groups.values()].flatMap((same) => [...same.values()]),
    warnings,
  )
}

function parseLabels(inside: string): Record<string, string> | undefined {
  try {
    return JSON.parse(`{${inside}}`) as Record<string, string>
  } catch {
    return undefined
  }
}

/** Everything around the rows must be a whole, successful answer. */
function readEnvelope(text: string): string[] | undefined {
  try {
    return decodeVectorEnvelope(JSON.parse(text))
  } catch {
    return undefined
  }
}
