'use client'

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { queries } from '@/lib/api/queries'
import type { TraceMarks } from '@/lib/trace/nodes/on-graph'

/** What a trace passed in the mesh; asks for nothing while `id` is null. */
export function useTraceMarks(id: string | null): {
  marks: TraceMarks | undefined
  error: Error | null
  retry: () => void
} {
  const client = useQueryClient()
  const answer = useQuery({
    ...queryOptions({
      queryKey: ['trace-marks', id],
      queryFn: async (): Promise<TraceMarks> => {
        // few graphs show a trace: the rest need not load how
        const [{ marksOf }, { trace }] = await Promise.all([
          import('@/lib/trace/nodes/on-graph'),
          client.fetchQuery(queries.trace(id ?? '')),
        ])
        return marksOf(trace)
      },
      staleTime: Infinity,
    }),
    enabled: id !== null,
  })
  return { marks: answer.data, error: answer.error, retry: () => void answer.refetch() }
}
