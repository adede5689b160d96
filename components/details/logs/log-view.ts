/** What the page of logs shows, as the address says it. Pure. */
import type { ContainerEnd } from '@/lib/api/schemas/mesh/lists'
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import type { LogLevel } from '@/lib/logs/line'
import type { UrlPatch } from '@/components/hooks/address/use-url-params'

const SOURCES = ['all', 'app', 'proxy'] as const
export type LogSource = (typeof SOURCES)[number]

export const LINE_CHOICES = [100, 500, 2_000, 5_000] as const
const USUAL_LINES = 500
const LEVELS = ['error', 'warning', 'info', 'debug'] as const satisfies readonly LogLevel[]

export interface LogView {
  source: LogSource
  /** of a namespace; null: all */
  workload: string | null
  /** null: all pods */
  pod: string | null
  /** one of several beside the proxy; null: all */
  container: string | null
  lines: number
  show: string
  hide: string
  without: ReadonlySet<LogLevel>
  isFollowing: boolean
  hasSpans: boolean
  isPrevious: boolean
  /** epoch milliseconds of what one came here for; null: nothing in particular */
  mark: number | null
}

/** `?source=&workload=&pod=&container=&lines=&show=&hide=&without=&follow=&spans=&previous=&mark=`; what is unknown reads as the default. */
export function parseLogView(params: URLSearchParams): LogView {
  const lines = Number(params.get('lines'))
  const mark = Number(params.get('mark'))
  const without = (params.get('without') ?? '').split(',')
  return {
    source: SOURCES.find((one) => one === params.get('source')) ?? 'all',
    workload: params.get('workload') || null,
    pod: params.get('pod') || null,
    container: params.get('container') || null,
    lines: LINE_CHOICES.find((one) => one === lines) ?? USUAL_LINES,
    show: params.get('show') ?? '',
    hide: params.get('hide') ?? '',
    without: new Set(LEVELS.filter((level) => without.includes(level))),
    isFollowing: params.get('follow') !== 'off',
    hasSpans: params.get('spans') !== 'off',
    isPrevious: params.get('previous') === 'on',
    mark: Number.isFinite(mark) && mark > 0 ? mark : null,
  }
}

/** The change of the address for a change of the view; defaults are left out. */
export function logPatch(patch: Partial<LogView>): UrlPatch {
  const out: Record<string, string | null> = {}
  if (patch.source !== undefined) out.source = patch.source === 'all' ? null : patch.source
  if (patch.workload !== undefined) out.workload = patch.workload
  if (patch.pod !== undefined) out.pod = patch.pod
  if (patch.container !== undefined) out.container = patch.container
  if (patch.lines !== undefined) out.lines = patch.lines === USUAL_LINES ? null : String(patch.lines)
  if (patch.show !== undefined) out.show = patch.show
  if (patch.hide !== undefined) out.hide = patch.hide
  if (patch.without !== undefined) out.without = [...patch.without].sort().join(',')
  if (patch.isFollowing !== undefined) out.follow = patch.isFollowing ? null : 'off'
  if (patch.hasSpans !== undefined) out.spans = patch.hasSpans ? null : 'off'
  if (patch.isPrevious !== undefined) out.previous = patch.isPrevious ? 'on' : null
  if (patch.mark !== undefined) out.mark = patch.mark === null ? null : String(patch.mark)
  return out
}

/** Whether a container's lines are wanted. */
export function isWantedContainer(source: LogSource, isProxy: boolean): boolean {
  return source === 'all' || (source === 'proxy') === isProxy
}

/** Names of an answer's containers beside the proxy, sorted; a chosen one that is gone stays a choice. */
export function applicationContainers(answer: Pick<LogAnswer, 'pods'>, chosen: string | null): string[] {
  const names = new Set(chosen === null ? [] : [chosen])
  for (const pod of answer.pods ?? []) {
    for (const { name, isProxy } of pod.containers) if (!isProxy) names.add(name)
  }
  return [...names].sort()
}

/** Names of the workloads of an answer's pods, sorted; a chosen one without pods stays a choice. */
export function workloadsOf(answer: Pick<LogAnswer, 'pods'>, chosen: string | null): string[] {
  const names = (answer.pods ?? []).flatMap(({ workload }) => workload ?? [])
  return [...new Set(chosen === null ? names : [...names, chosen])].sort()
}

export interface EndedContainer {
  pod: string
  container: string
  end: ContainerEnd
}

/** Containers of the chosen pods that ended before and were started again, the latest end first. */
export function endedContainers(
  answer: Pick<LogAnswer, 'pods'>,
  { workload, pod, container }: Pick<LogView, 'workload' | 'pod' | 'container'>,
): EndedContainer[] {
  return (answer.pods ?? [])
    .filter((one) => (pod === null || one.name === pod) && (workload === null || one.workload === workload))
    .flatMap(({ name, containers }) =>
      containers.flatMap((one) =>
        one.lastEnd && (container === null || container === one.name)
          ? [{ pod: name, container: one.name, end: one.lastEnd }]
          : [],
      ),
    )
    .sort((a, b) => b.end.at - a.end.at)
}

/** Names of proxies' containers of an answer. */
export function proxiesOf(answer: Pick<LogAnswer, 'pods'>): Set<string> {
  return new Set(
    (answer.pods ?? []).flatMap((pod) =>
      pod.containers.filter((container) => container.isProxy).map((container) => container.name),
    ),
  )
}
