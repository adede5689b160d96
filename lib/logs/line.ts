/** One line of a container's log: when, how serious, what. */
import type { AccessEntry } from './access-log'
import { splitFlags } from '@/lib/mesh/response-flags'

export const LOG_LEVELS = ['error', 'warning', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface StampedLine {
  /** as the container runtime wrote it, to the nanosecond; tells two lines of one millisecond apart */
  stamp: string
  atMs: number
  text: string
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s

/** A line of a log read with `timestamps=true`; undefined for one whose beginning was cut off. */
export function parseStamped(line: string): StampedLine | undefined {
  const parts = STAMPED.exec(line)
  const stamp = parts?.[1]
  if (stamp === undefined) return undefined
  // a Date keeps milliseconds: the rest of the fraction is dropped before, since not every parser takes it
  const atMs = Date.parse(stamp.replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(atMs) ? undefined : { stamp, atMs, text: withoutColours(parts?.[2] ?? '') }
}

/** Terminals' colour codes say nothing on a page. */
function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '') : text
}

const WORDS: Readonly<Record<string, LogLevel>> = {
  error: 'error',
  err: 'error',
  fatal: 'error',
  critical: 'error',
  crit: 'error',
  panic: 'error',
  alert: 'error',
  emergency: 'error',
  severe: 'error',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
  information: 'info',
  notice: 'info',
  debug: 'debug',
  trace: 'debug',
  verbose: 'debug',
  fine: 'debug',
}
const KLOG: Readonly<Record<string, LogLevel>> = { E: 'error', F: 'error', W: 'warning', I: 'info' }
/** Where a level stands, if anywhere: later words are the message's own. */
const HEAD_CHARS = 120
const JSON_LEVEL = /"(?:level|severity|lvl|log\.level|levelname)"\s*:\s*"([A-Za-z]+)"/
/** Bunyan's and pino's numbers: https://github.com/pinojs/pino/blob/main/docs/api.md#logger-level */
const JSON_NUMBER = /"level"\s*:\s*([1-6]0)\s*[,}]/
const NUMBERS: Readonly<Record<string, LogLevel>> = {
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'error',
}
const LOGFMT_LEVEL = /\b(?:level|severity|lvl)="?([A-Za-z]+)/
const KLOG_HEAD = /^([EFWI])\d{4} \d\d:\d\d:\d\d/
/** Istio's and Envoy's own logs: `2026-08-20T12:00:00Z<tab>warn<tab>…`, `[2026-08-20 12:00:00.000][1][warning]…` */
const FIELD = /(?:^|[\t[(|])([A-Za-z]+)(?=[\t\])|])/g
const SHOUTED = /\b(FATAL|CRITICAL|SEVERE|ERROR|WARNING|WARN|INFO|NOTICE|DEBUG|TRACE)\b/
const CRASH =
  /^(?:Traceback \(most recent call last\)|panic: |fatal error: |Exception in thread |Caused by: )/

/** The level a line gives itself, whatever wrote it; null where it gives none. */
export function levelOf(text: string): LogLevel | null {
  if (CRASH.test(text)) return 'error'
  const klog = KLOG_HEAD.exec(text)?.[1]
  if (klog !== undefined) return KLOG[klog] ?? null
  const isJson = text.startsWith('{')
  const named = (isJson ? JSON_LEVEL : LOGFMT_LEVEL).exec(isJson ? text : text.slice(0, HEAD_CHARS * 4))?.[1]
  if (named !== undefined) return WORDS[named.toLowerCase()] ?? null
  if (isJson) return NUMBERS[JSON_NUMBER.exec(text)?.[1] ?? ''] ?? null
  const head = text.slice(0, HEAD_CHARS)
  for (const [, word = ''] of head.matchAll(FIELD)) {
    const level = WORDS[word.toLowerCase()]
    if (level) return level
  }
  const shouted = SHOUTED.exec(head)?.[1]
  return shouted === undefined ? null : (WORDS[shouted.toLowerCase()] ?? null)
}

/** How serious the outcome of a request is: no answer and 5xx are errors, 4xx and other flags warnings. */
export function levelOfAccess(entry: Pick<AccessEntry, 'code' | 'flags' | 'method'>): LogLevel {
  const flags = splitFlags(entry.flags)
  const isConnection = entry.method === null
  if (entry.code >= 500) return 'error'
  if (entry.code === 0 && flags.length > 0) return flags.every((flag) => flag === 'DC') ? 'warning' : 'error'
  if (entry.code === 0 && !isConnection) return 'error'
  return entry.code >= 400 || flags.length > 0 ? 'warning' : 'info'
}
