/**
 * Answers of instant queries read as text. Read as JSON, 70,000 rows make as many objects of seventeen labels;
 * read as text, labels that were seen before are looked up whole.
 */
import type { Scanner } from '@/lib/http/answer-body'
import { decodeVectorEnvelope, sampleValue, ScannedSamples, type Sample } from './decode'
import type { LabelSets } from './label-sets'

const OPEN = '"resultType":"vector","result":['
const METRIC = '{"metric":{'
const VALUE = '},"value":['
/** of a time and a number with the marks between them */
const LONGEST_NUMBER = 40
/** of what stands before the rows (warnings may), and of a row: what is longer is for the full parser */
const LONGEST_PART = 1_000_000

/**
 * Calls `visit` for each row of an answer in Prometheus's own compact JSON, with the inside of its labels and its
 * value. Ends with the warnings beside the rows; undefined for anything it does not know (spaces, histograms, cut
 * text) and when `visit` answers false. The separators looked for hold bare quotes, and a quote inside a label is
 * always escaped, so no label can be taken for one.
 */
export function scanRows(visit: (labels: string, value: number | null) => boolean): Scanner<string[]> {
  let part: 'before' | 'rows' | 'after' | 'lost' = 'before'
  let before = ''
  let rest = ''

  function readRows(): void {
    let at = 0
    while (part === 'rows') {
      if (rest[at] === ']') {
        part = 'after'
        break
      }
      if (rest.length - at < METRIC.length) break
      if (!rest.startsWith(METRIC, at)) return lose()
      const from = at + METRIC.length
      const to = rest.indexOf(VALUE, from)
      const comma = to === -1 ? -1 : rest.indexOf(',"', to + VALUE.length)
      const close = comma === -1 ? -1 : rest.indexOf('"]}', comma + 2)
      const mark = close === -1 ? undefined : rest[close + 3]
      if (mark === undefined) {
        if (rest.length - at > LONGEST_PART) return lose()
        break
      }
      if (close - comma > LONGEST_NUMBER || (mark !== ',' && mark !== ']')) return lose()
      if (!visit(rest.slice(from, to), sampleValue(rest.slice(comma + 2, close)))) return lose()
      at = close + (mark === ',' ? 4 : 3)
    }
    rest = rest.slice(at)
  }

  function lose(): void {
    part = 'lost'
    rest = ''
  }

  return {
    push(text) {
      if (part === 'lost') return
      rest += text
      if (part === 'before') {
        const open = rest.indexOf(OPEN)
        if (open === -1) {
          if (rest.length > LONGEST_PART) lose()
          return
        }
        before = rest.slice(0, open + OPEN.length)
        rest = rest.slice(open + OPEN.length)
        part = 'rows'
      }
      if (part === 'rows') readRows()
    },
    end: () => (part === 'after' ? readEnvelope(before + rest) : undefined),
  }
}

/** The samples of an answer, with labels that equal answers share. */
export function scanSamples(sets: LabelSets): Scanner<ScannedSamples> {
  const samples: Sample[] = []
  const labelsOf = sets.reader()
  const rows = scanRows((text, value) => {
    const labels = labelsOf(text)
    if (!labels) return false
    samples.push({ labels, value })
    return true
  })
  return {
    push: (text) => rows.push(text),
    end() {
      const warnings = rows.end()
      return warnings && new ScannedSamples(samples, warnings)
    },
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
