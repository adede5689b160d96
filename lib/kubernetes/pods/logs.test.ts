import { describe, expect, it } from 'vitest'
import type { KubernetesClient, ReadOptions } from '../client'
import { readLog } from './logs'

/** A container that wrote so many lines of so many bytes, answered as the kubelet does: tail first, then the limit. */
function writer(lines: number, lineBytes: number) {
  const asked: number[] = []
  const readText = (_path: string, { query }: ReadOptions = {}) => {
    const tail = Math.min(lines, Number(query?.tailLines ?? lines))
    const limit = Number(query?.limitBytes)
    asked.push(tail)
    let text = ''
    for (let n = lines - tail; n < lines && text.length < limit; n += 1) {
      text += `2026-08-20T12:00:00.${String(n).padStart(9, '0')}Z `.padEnd(lineBytes - 1, 'x') + '\n'
    }
    return Promise.resolve(text.slice(0, limit))
  }
  return { client: { readText } as unknown as KubernetesClient, asked }
}

const of = (client: KubernetesClient, rest: { tailLines?: number; limitBytes: number }) =>
  readLog(client, { namespace: 'n', pod: 'p', container: 'c', ...rest })

describe('readLog', () => {
  it('reads all of a short log', async () => {
    const { client, asked } = writer(3, 100)
    const log = await of(client, { tailLines: 500, limitBytes: 10_000 })
    expect([log.lines.length, log.cut, asked.length]).toEqual([3, null, 1])
  })

  it('says that older lines were left out', async () => {
    expect((await of(writer(1_000, 100).client, { tailLines: 500, limitBytes: 100_000 })).cut).toBe('lines')
  })

  it('keeps the newest lines of a log whose lines are long: a gigabyte costs a few bounded questions', async () => {
    const { client, asked } = writer(100_000, 10_000)
    const log = await of(client, { tailLines: 500, limitBytes: 1_000_000 })
    expect(log.cut).toBe('bytes')
    expect(log.lines.at(-1)?.stamp).toBe('2026-08-20T12:00:00.000099999Z')
    expect(log.lines.length).toBeGreaterThan(50)
    expect(asked.length).toBeLessThanOrEqual(4)
  })

  it('says that a log was cut which the server did not cut', async () => {
    const { client } = writer(2_000, 1_000)
    const deaf = {
      // a server that knows no limit; the client reads so far
      readText: async (path: string, options: ReadOptions = {}) =>
        (await client.readText(path, { ...options, query: { ...options.query, limitBytes: 1e9 } })).slice(
          0,
          options.cutBytes,
        ),
    } as unknown as KubernetesClient
    const log = await of(deaf, { tailLines: 500, limitBytes: 100_000 })
    expect([log.cut, log.lines.at(-1)?.stamp]).toEqual(['bytes', '2026-08-20T12:00:00.000001999Z'])
    expect(log.lines.length).toBeGreaterThan(50)
  })

  it('reads what lies right before an instant, also where the time before holds more than fits', async () => {
    const second = (n: number) =>
      `2026-08-20T12:${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}Z `
    // a line of 1 kB every second for an hour
    const all = Array.from({ length: 3_600 }, (_, n) => `${second(n).padEnd(999, 'x')}\n`)
    const readText = (_path: string, { query }: ReadOptions = {}) => {
      const since = Date.parse(String(query?.sinceTime))
      const from = Math.max(0, Math.ceil((since - Date.UTC(2026, 7, 20, 12)) / 1000))
      return Promise.resolve(all.slice(from).join('').slice(0, Number(query?.limitBytes)))
    }
    const log = await readLog({ readText } as unknown as KubernetesClient, {
      namespace: 'n',
      pod: 'p',
      container: 'c',
      sinceMs: Date.UTC(2026, 7, 20, 12),
      untilMs: Date.UTC(2026, 7, 20, 12, 50),
      limitBytes: 100_000,
    })
    expect(log.cut).toBe('bytes')
    expect(log.lines.at(-1)?.stamp).toBe('2026-08-20T12:49:59Z')
    expect(log.lines.length).toBeGreaterThan(60)
  })

  it('drops a line whose beginning is missing', async () => {
    const client = { readText: () => Promise.resolve('cut off\n2026-08-20T12:00:00Z whole\n') }
    const log = await of(client as unknown as KubernetesClient, { tailLines: 5, limitBytes: 1_000 })
    expect(log.lines.map((line) => line.text)).toEqual(['whole'])
  })
})
