// npm run demo: the embedded mesh alone, for kubectl, Grafana or another Prometheus.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { installDependencies, requireNode } from './steps/install.mjs'
import { root } from './steps/paths.mjs'
import { runMain } from './steps/say.mjs'

await runMain(async () => {
  requireNode()
  await installDependencies()
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'lib/demo/main.ts'), ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 0))
})
