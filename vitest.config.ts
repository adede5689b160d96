import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const resolve = {
  alias: {
    // throws outside Next's server build by design; tests run server files directly
    'server-only': at('./tests/support/empty.ts'),
    '@': at('.'),
  },
}

export default defineConfig({
  resolve,
  test: {
    projects: [
      {
        resolve,
        test: { name: 'unit', include: ['{lib,components,scripts}/**/*.test.{ts,tsx}'], environment: 'node' },
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
