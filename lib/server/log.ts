import 'server-only'
import type { LogLevel } from './config/config'

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

export interface Log {
  write(level: Exclude<LogLevel, 'silent'>, message: string, facts?: Record<string, unknown>): void
}

/**
 * One JSON line per event. Facts are chosen by the caller field by field; requests, bodies and headers are never
 * passed whole, so credentials cannot slip in.
 */
export function createLog(
  lowest: LogLevel,
  out: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Log {
  return {
    write(level, message, facts = {}) {
      if (RANK[level] < RANK[lowest]) return
      out(JSON.stringify({ time: new Date().toISOString(), level, message, ...facts }))
    },
  }
}

/** What of an error may be logged: its words and where it came from, causes included. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) }
  const causes: string[] = []
  for (let at: unknown = error.cause; at instanceof Error && causes.length < 5; at = at.cause) {
    causes.push(`${at.name}: ${at.message}`)
  }
  return { error: `${error.name}: ${error.message}`, causes, stack: error.stack }
}
