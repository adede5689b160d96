import { expect, it } from 'vitest'
import { input, view } from '@/tests/support/graph/samples'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { buildTopology } from '@/lib/graph/build'
import { createOwnMetrics } from '../own-metrics'
import { createProjector } from '../snapshots/projection'
import type { Snapshot } from '../snapshots/snapshot'
import type { Snapshots } from '../snapshots/snapshots'
import { createHub } from './hub'

it('tells those who share a view what is left out for them, and nobody else', () => {
  const metrics = createOwnMetrics()
  const baselines = { of: () => new Map(), ready: () => Promise.resolve() }
  const snapshot: Snapshot = {
    at: 0,
    windowSeconds: 60,
    revision: 0,
    takenAt: 0,
    topology: buildTopology(input({})),
    latencyMs: null,
    isRecorded: false,
    notices: [],
  }
  // a line that has been read, and changes no more
  const line = { state: { snapshot, failure: null }, subscribe: () => () => undefined }
  const snapshots = { live: () => line } as unknown as Snapshots
  const hub = createHub(snapshots, createProjector(DEFAULT_HEALTH, baselines, metrics), metrics, () => [])
  const told = (message: string) => ({ code: 'cluster-left-out', message })
  const sentTo = (...leftOut: ReturnType<typeof told>[]) => {
    let text = ''
    const viewer = {
      send({ bytes }: { bytes: Uint8Array }) {
        text += new TextDecoder().decode(bytes)
        return true
      },
    }
    hub.join(60, view(), viewer, null, leftOut)
    return text
  }
  expect(sentTo(told('west is away'))).toContain('west is away')
  expect(sentTo()).not.toContain('away')
  expect(sentTo(told('north is away'))).toMatch(/^(?!.*west).*north is away/s)
})
