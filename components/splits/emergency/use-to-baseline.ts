'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { queries } from '@/lib/api/queries'
import type { ApplyAnswer } from '@/lib/api/schemas/config/changes'
import type { Split } from '@/lib/api/schemas/config/splits'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { baselineItems, objectKey, refOfSplit } from '../change-items'
import { objectName } from '../words'

/**
 * Opens the review of sending everything to the baselines. Asks Kubernetes alone, never Prometheus: it must work when
 * telemetry does not. `problem` says why the objects could not be read; `start` answers whether the review opened.
 */
export function useToBaseline(onApplied?: (answer: ApplyAnswer) => void) {
  const client = useQueryClient()
  const { review } = useChangeReview()
  const [problem, setProblem] = useState<string | null>(null)
  const start = useCallback(
    async (splits: readonly Split[]): Promise<boolean> => {
      const fail = (words: string) => {
        setProblem(words)
        return false
      }
      setProblem(null)
      try {
        const refs = new Map(splits.map((split) => [objectKey(refOfSplit(split)), refOfSplit(split)]))
        const objects = await Promise.all(
          [...refs].map(async ([key, ref]) => {
            const { object } = await client.fetchQuery({ ...queries.configObject(ref), staleTime: 0 })
            // the API answers with Kubernetes objects
            return [key, object as unknown as ConfigObject] as const
          }),
        )
        const made = baselineItems(splits, new Map(objects))
        if ('problem' in made) return fail(made.problem)
        if (made.items.length === 0) return fail('Everything goes to the baseline already.')
        review({
          title: `Send all traffic of ${[...new Set(splits.map((split) => split.host))].join(', ')} to the baseline`,
          changes: made.items,
          reason: 'Back to the baseline',
          // rules of one object go back alike
          warning: [...new Set(splits.map(sentenceOf))].join(' '),
          confirmLabel: 'Send all to the baseline',
          ...(onApplied ? { onApplied } : {}),
        })
        return true
      } catch (error) {
        return fail(error instanceof Error ? error.message : 'The objects could not be read.')
      }
    },
    [client, review, onApplied],
  )
  return { start, problem }
}

function sentenceOf(split: Split): string {
  const baseline = split.baseline && split.backends[split.baseline.place]
  return baseline
    ? `${objectName(split)} will send everything to ${baseline.name}, because ${split.baseline?.why}.`
    : ''
}
