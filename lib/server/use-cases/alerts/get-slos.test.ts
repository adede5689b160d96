import { expect, it } from 'vitest'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { readConfig } from '../../config/config'
import { createLog } from '../../log'
import { createUpstreams } from '../../upstreams'
import { getSlos } from './get-slos'

type Current = ReturnType<InventorySource['current']>

it('does not say that nothing was promised where no service could be read', async () => {
  const up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), {
    clock: manualClock(Date.UTC(2026, 7, 20, 12)),
    log: createLog('error', () => undefined),
  })
  const { items, notices } = await getSlos(up, { namespaces: [], clusters: [] })
  await up.close()
  expect(items).toEqual([])
  expect(notices.map(({ code }) => code)).toEqual(['kubernetes-not-configured'])
})

it('says that what services promise may have changed where no news of them come', async () => {
  const up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), {
    clock: manualClock(Date.UTC(2026, 7, 20, 12)),
    log: createLog('error', () => undefined),
  })
  const current = () =>
    ({ inventory: { services: [] }, error: 'the connection broke', kinds: [] }) as unknown as Current
  const source = { ...up.inventories[0], cluster: 'east', current } as unknown as InventorySource
  const { notices } = await getSlos({ ...up, inventories: [source] }, { namespaces: [], clusters: [] })
  await up.close()
  expect(notices.map(({ code }) => code)).toEqual(['objects-outdated'])
})
