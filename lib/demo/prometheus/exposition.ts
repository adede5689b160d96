import { itemAt } from '@/lib/demo/item-at'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendPieces } from '@/lib/demo/prometheus/api/respond'
import type { LabelSet } from '@/lib/demo/prometheus/label-set'
import type { MetricFamily, MetricStore } from '@/lib/demo/prometheus/metric-store'
import { lastSampleAt } from '@/lib/demo/prometheus/series'

export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Serves the last scrape as Prometheus text, each sample with its own timestamp, so that a Prometheus with
 * `honor_timestamps` (the default) and `honor_labels` holds exactly what this store holds.
 */
export function expositionHandler(options: {
  store: MetricStore
}): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    sendPieces(req, res, 200, EXPOSITION_CONTENT_TYPE, exposition(options.store))
  }
}

/**
 * The last scrape in text format 0.0.4, in pieces of some 64 kB. All pieces are of the scrape that was the
 * last one at the first piece. Format: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function* exposition(store: MetricStore): Generator<string> {
  const index = store.ring.count - 1
  if (index < 0) return
  const stamp = ` ${store.ring.timeAt(index)}\n`
  let piece = ''
  for (const family of store.families.values()) {
    let headed = false
    // members may grow while the reader is slow: what is born later has no sample at `index`
    for (const series of family.members) {
      if (lastSampleAt(series, index) !== index) continue
      if (!headed) {
        piece += familyHeader(family)
        headed = true
      }
      piece +=
        series.metric +
        labelText(series.labels) +
        ' ' +
        sampleText(store.ring.read(series.row, index)) +
        stamp
      if (piece.length > 65_536) {
        yield piece
        piece = ''
      }
    }
  }
  if (piece !== '') yield piece
}

function familyHeader({ name, type, help }: MetricFamily): string {
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`
}

function labelText({ names, values }: LabelSet): string {
  if (names.length === 0) return ''
  let text = '{'
  for (let i = 0; i < names.length; i++) {
    text += `${i > 0 ? ',' : ''}${names[i]}="${escapeLabelValue(itemAt(values, i))}"`
  }
  return text + '}'
}

function escapeLabelValue(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
    : value
}

function sampleText(value: number): string {
  if (value === Infinity) return '+Inf'
  if (value === -Infinity) return '-Inf'
  if (Object.is(value, -0)) return '-0'
  return String(value)
}
