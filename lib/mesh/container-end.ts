/** How a container ended, in words. */
import type { ContainerEnd } from './inventory'

/** Signals that end a program, by the exit code a shell gives them: 128 and the number of the signal. */
const SIGNALS: Readonly<Record<number, readonly [words: string, name: string]>> = {
  134: ['aborted itself', 'SIGABRT'],
  137: ['was killed', 'SIGKILL'],
  139: ['touched memory that is not its own', 'SIGSEGV'],
  143: ['was asked to stop', 'SIGTERM'],
}

/**
 * What happened, as the end of a sentence whose subject is the container: `ran out of memory (OOMKilled, exit code
 * 137)`. Reasons: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/container/runtime.go
 */
export function endWords({ reason, exitCode }: Pick<ContainerEnd, 'reason' | 'exitCode'>): string {
  const code = exitCode === undefined ? null : `exit code ${exitCode}`
  if (reason === 'OOMKilled') return withFacts('ran out of memory', [reason, code])
  if (reason === 'Completed' && (exitCode ?? 0) === 0) return withFacts('ended by itself', [code])
  const [words, signal] = (exitCode === undefined ? undefined : SIGNALS[exitCode]) ?? [
    exitCode === 0 ? 'ended' : 'failed',
    null,
  ]
  const isPlain = reason === null || reason === code || reason === 'Error' || reason === 'Completed'
  return withFacts(words, [isPlain ? null : reason, signal, code])
}

function withFacts(words: string, facts: readonly (string | null)[]): string {
  const known = facts.filter((fact) => fact !== null)
  return known.length === 0 ? words : `${words} (${known.join(', ')})`
}
