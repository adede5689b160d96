// npm run analyze -- file.yaml …: what is wrong with Kubernetes documents; no cluster is asked. For pipelines.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { requireNode, installDependencies } from './steps/install.mjs'
import { root } from './steps/paths.mjs'
import { runMain } from './steps/say.mjs'

await runMain(async () => {
  requireNode()
  await installDependencies()
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, 'scripts/analyze/main.ts'), ...process.argv.slice(2)],
    // npm runs scripts in the project's folder; files are named from where the user is
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, HEDDLE_FROM: process.env.INIT_CWD ?? process.cwd() },
    },
  )
  child.on('exit', (code) => process.exit(code ?? 2))
})
