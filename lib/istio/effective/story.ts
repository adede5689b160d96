/** What happens to a request, told in order: the shape of the story, and small words of it. */
import type { ConfigObject } from '@/lib/mesh/inventory'

/** The object a sentence comes from. */
export interface ObjectName {
  apiVersion: string
  kind: string
  namespace: string
  name: string
}

export interface StoryLine {
  /** a sentence without its full stop */
  text: string
  /** 0: a statement; 1: belongs to the one above; 2: to that one */
  depth: 0 | 1 | 2
  /** `warning`: requests are lost or a rule has no effect */
  tone: 'plain' | 'warning'
  object: ObjectName | null
}

export type StoryStage = 'scope' | 'entry' | 'route' | 'destination' | 'access'

export interface StoryStep {
  stage: StoryStage
  title: string
  lines: StoryLine[]
}

/** What happens to a request for one host, step by step. */
export interface RequestStory {
  host: string
  /** of the Kubernetes service; null for an outside host */
  service: { namespace: string; name: string } | null
  steps: StoryStep[]
}

export function nameOf(object: ConfigObject): ObjectName {
  const { name, namespace = '' } = object.metadata
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name }
}

export function line(
  text: string,
  { depth = 0, object = null, tone = 'plain' }: Partial<Omit<StoryLine, 'text'>> = {},
): StoryLine {
  return { text, depth, tone, object }
}

export function warning(text: string, more: Partial<Omit<StoryLine, 'text' | 'tone'>> = {}): StoryLine {
  return line(text, { ...more, tone: 'warning' })
}

/** `a`, `a and b`, `a, b and c`, `a, b and 7 more`. */
export function listWords(names: readonly string[], most = 4): string {
  if (names.length <= 1) return names[0] ?? 'nothing'
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`
}

/** `12.5 %` of a number of hundredths. */
export function percentWords(hundredths: number): string {
  return `${Number(hundredths.toFixed(2))} %`
}

/**
 * A duration of the mesh's objects (`1h30m`, `2.5s`, `500ms`) as a person says it; what cannot be read stays as it is.
 * https://pkg.go.dev/time#ParseDuration
 */
export function durationWords(text: string): string {
  const seconds = durationSeconds(text)
  if (seconds === null) return text
  if (seconds === 0) return '0 s'
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(6))} ms`
  if (seconds < 120) return `${Number(seconds.toPrecision(6))} s`
  return seconds < 7200
    ? `${Number((seconds / 60).toPrecision(4))} min`
    : `${Number((seconds / 3600).toPrecision(4))} h`
}

/** Seconds of a duration, or null for what is none. */
export function durationSeconds(text: string): number | null {
  if (text === '0') return 0
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? ''] ?? 0), 0)
}

const SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
}
