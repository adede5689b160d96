import { fileURLToPath } from 'node:url'
import { defaultExclude, defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const resolve = {
  alias: {
    // throws outside Next's server build by design; tests run server files directly
    'server-only': at('./tests/support/empty.ts'),
    '@': at('.'),
  },
}

const UNIT = '{lib,components,scripts}/**/*.test.{ts,tsx}'
/** Folders and files of unit tests that open sockets: what connections leave running others must not see. */
export const WITH_SOCKETS = [
  'lib/http',
  'lib/kubernetes',
  'lib/prometheus/client.test.ts',
  'lib/demo/prometheus/handler.test.ts',
]
const socketTests = WITH_SOCKETS.map((place) => (place.endsWith('.ts') ? place : `${place}/**/*.test.ts`))

export default defineConfig({
  resolve,
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: [UNIT],
          exclude: [...defaultExclude, ...socketTests],
          environment: 'node',
          // pure functions leave nothing behind: files that share a process load what they test once, not 400 times
          isolate: false,
          pool: 'threads',
        },
      },
      {
        resolve,
        test: { name: 'unit-sockets', include: socketTests, environment: 'node' },
      },
      { resolve, test: { name: 'guards', include: ['tests/guards/**/*.test.ts'], environment: 'node' } },
      {
        resolve,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // they wait for scrapes and upstreams more than they compute; more of them would make each other late
          maxWorkers: 2,
          // projects that differ in it do not run at a time
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
