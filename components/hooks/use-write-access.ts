'use client'

import { useStatus } from './use-status'

export interface WriteAccess {
  canWrite: boolean
  /** a sentence for what is shown disabled; null when writing is possible */
  whyNot: string | null
}

/** Whether anything can be changed here at all; single objects are judged in the review. */
export function useWriteAccess(): WriteAccess {
  const { data } = useStatus()
  if (!data) return { canWrite: true, whyNot: null }
  const hasKubernetes = data.upstreams.some(({ name, configured }) => name === 'kubernetes' && configured)
  const whyNot = data.readOnly
    ? 'Heddle is set to read-only here.'
    : hasKubernetes
      ? null
      : 'Heddle is connected to no Kubernetes API, so nothing can be changed.'
  return { canWrite: whyNot === null, whyNot }
}
