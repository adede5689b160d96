/**
 * Answers of instant queries read as text. Read as JSON, 70,000 rows make as many objects of seventeen labels;
 * read as text, labels that were seen before are looked up whole.
 */
import { decodeVectorEnvelope, sampleValue, ScannedSamples, type Sample } from './decode'
import type { LabelSets } from './label-sets'

const OPEN = '"resultType":"vector","result":['
const METRIC = '{"metric":{'
const VALUE = '},"value":['
/** of a time and a number with the marks between them */
const LONGEST_NUMBER = 40

/**
 * Calls `visit` for each row of an answer in Prometheus's own compact JSON, with where the inside of its labels
 * begins and ends, and its value. Answers the warnings beside the rows; undefined for anything it does not know
 * (spaces, histograms, cut text) and when `visit` answers false: JSON.parse then has to judge. The separators looked
 * for hold bare quotes, and a quote inside a label is always escaped, so no label can be taken for one.
 */
export function scanRows(
  text: string,
  visit: (from: number, to: number, value: number | null) => boolean,
): string[] | undefined {
  const open = text.indexOf(OPEN)
  if (open === -1) return undefined
  let at = open + OPEN.length
  while (text[at] !== ']') {
    if (!text.startsWith(METRIC, at)) return undefined
    const from = at + METRIC.length
    const to = text.indexOf(VALUE, from)
    const comma = to === -1 ? -1 : text.indexOf(',"', to + VALUE.length)
    const close = comma === -1 ? -1 : text.indexOf('"]}', comma + 2)
    if (close === -1 || close - comma > LONGEST_NUMBER) return undefined
    if (!visit(from, to, sampleValue(text.slice(comma + 2, close)))) return undefined
    at = close + 3
    if (text[at] === ',') at += 1
    else if (text[at] !== ']') return undefined
  }
  return readEnvelope(`${text.slice(0, open + OPEN.length)}${text.slice(at)}`)
}

/** The samples of an answer, with labels that equal answers share; undefined where JSON.parse has to judge. */
export function scanSamples(text: string, sets: LabelSets): ScannedSamples | undefined {
  const samples: Sample[] = []
  const labelsOf = sets.reader()
  const warnings = scanRows(text, (from, to, value) => {
    const labels = labelsOf(text.slice(from, to))
    if (!labels) return false
    samples.push({ labels, value })
    return true
  })
  return warnings && new ScannedSamples(samples, warnings)
}

/** Everything around the rows must be a whole, successful answer. */
function readEnvelope(text: string): string[] | undefined {
  try {
    return decodeVectorEnvelope(JSON.parse(text))
  } catch {
    return undefined
  }
}
