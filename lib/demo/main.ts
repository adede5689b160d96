/**
 * The embedded mesh as a process: `node --import tsx lib/demo/main.ts`.
 * Prints its addresses, or with `--json` one line for a parent process, and runs until it is told to end.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readSettings, USAGE } from './settings'
import type { Settings } from './settings'
import { startDemo } from './start-demo'
import type { Demo } from './start-demo'

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env)
  if (settings.wantsHelp) {
    console.log(USAGE)
    return
  }
  const demo = await startDemo({
    seed: settings.seed,
    services: settings.services,
    scenario: settings.scenario,
    ports: settings.ports,
    onProgress: settings.json ? undefined : progress(),
  })
  const kubeconfigPath = resolve(settings.kubeconfigOut)
  mkdirSync(dirname(kubeconfigPath), { recursive: true })
  // tokens of a simulation, yet a kubeconfig nobody else should have to trust
  writeFileSync(kubeconfigPath, demo.kubeconfig, { mode: 0o600 })
  // first: who reads the addresses may end the process at once
  endWith(demo, settings)
  announce(demo, kubeconfigPath, settings)
}

function announce(demo: Demo, kubeconfigPath: string, settings: Settings): void {
  const { prometheusUrl, alertmanagerUrl, jaegerUrl, tempoUrl, kubernetesUrl, scrapeUrl, controlUrl } = demo
  if (settings.json) {
    const at = {
      prometheusUrl,
      alertmanagerUrl,
      jaegerUrl,
      tempoUrl,
      kubernetesUrl,
      scrapeUrl,
      controlUrl,
      kubeconfigPath,
    }
    process.stdout.write(`${JSON.stringify(at)}\n`)
    return
  }
  console.log(`The embedded mesh is ready.

  Prometheus   ${prometheusUrl}
  Alertmanager ${alertmanagerUrl}
  Jaeger       ${jaegerUrl}
  Tempo        ${tempoUrl}
  Kubernetes   ${kubernetesUrl}
  text format  ${scrapeUrl}
  control      ${controlUrl}

  kubectl --kubeconfig ${kubeconfigPath} get pods -A
  curl -X POST ${controlUrl}/scenarios/bad-canary/start

Ctrl-C ends it.`)
}

/** A line per tenth, so that a long start shows that it moves. */
function progress(): (share: number) => void {
  let shown = 0
  const started = performance.now()
  return (share) => {
    const tenth = Math.floor(share * 10)
    if (tenth <= shown || performance.now() - started < 2_000) return
    shown = tenth
    console.log(`simulating an hour of history: ${tenth * 10} %`)
  }
}

function endWith(demo: Demo, settings: Settings): void {
  let isEnding = false
  const end = () => {
    if (isEnding) return
    isEnding = true
    demo.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (!settings.withParent) return
  // whatever ends the parent closes these, even a kill that nobody can catch
  process.on('disconnect', end)
  process.stdin.on('end', end).on('close', end).on('error', end).resume()
}

main().catch((error: unknown) => {
  console.error(sentence(error))
  process.exit(1)
})

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken; free it, choose another, or leave the flag out for a free one.`
  }
  return error.message
}
