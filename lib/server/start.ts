import 'server-only'
import { settleAtStart } from './changes/settle'
import { ConfigError } from './config/config-error'
import { upstreams } from './upstreams'

/**
 * Makes the upstreams of this process, or ends it with one sentence when the configuration cannot be used.
 * An address that does not answer yet is no reason to end: it is asked again when somebody looks.
 */
export function start(): void {
  try {
    const up = upstreams()
    const { config, log, facts, close } = up
    log.write('info', 'started', { mode: config.mode, clusters: config.clusters.map(({ name }) => name) })
    if (config.auth.mode === 'token' && config.auth.sessionKey === null) {
      log.write(
        'warn',
        'HEDDLE_SESSION_KEY is not set: sessions end with this process and hold for no other replica',
      )
    }
    facts.current()
    void settleAtStart(up)
    // Next ends when all connections have: live feeds never would by themselves
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void close())
  } catch (error) {
    // thrown on, Next would print it and stay: a server that answers nothing
    const unforeseen = error instanceof Error ? error.stack : String(error)
    process.stderr.write(`heddle: ${error instanceof ConfigError ? error.message : unforeseen}\n`)
    process.exit(1)
  }
}
