import { describe, expect, it } from 'vitest'
import { readSyncz } from './syncz'

const entry = (rest: Record<string, string>) => ({
  cluster_id: 'east',
  proxy: 'reviews-v1-x.bookinfo',
  istio_version: '1.29.0',
  ...rest,
})

describe('readSyncz', () => {
  it.each([
    ['n1', 'n1', 'synced'],
    ['n2', 'n1', 'stale'],
    ['n1', '', 'never-acknowledged'],
    ['', '', 'not-sent'],
  ])('of sent %j and acknowledged %j is %s', (sent, acked, state) => {
    const [proxy] = readSyncz([entry({ cluster_sent: sent, cluster_acked: acked })]) ?? []
    expect(proxy?.types[0]).toMatchObject({ type: 'cluster', short: 'CDS', state })
  })

  it('reads all kinds, the version, and what else is there', () => {
    const [proxy] = readSyncz([entry({ listener_sent: 'a', listener_acked: 'a' }), { no: 'proxy' }, 7]) ?? []
    expect(proxy).toMatchObject({ proxy: 'reviews-v1-x.bookinfo', version: '1.29.0' })
    expect(proxy?.types.map((one) => one.state)).toEqual([
      'not-sent',
      'synced',
      'not-sent',
      'not-sent',
      'not-sent',
    ])
  })

  it('says nothing of what is no list', () => expect(readSyncz({ error: 'x' })).toBeNull())
})
