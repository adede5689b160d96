'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LineMark } from '@/components/yaml/editor/marks'
import { queries } from '@/lib/api/queries'
import type { Finding } from '@/lib/api/schemas/config/analyze'
import type { CheckAnswer, CheckBody } from '@/lib/api/schemas/config/editing'

const PAUSE_MS = 400

export interface TextCheck {
  /** of the text as it was at the last pause; null: not known yet */
  answer: CheckAnswer | null
  isChecking: boolean
  error: Error | null
  /** what keeps it from being applied, and what checkers say, each at its line */
  marks: readonly LineMark[]
  findings: readonly Finding[]
}

/** What the server says of a text, each time the typing pauses. `isReady` false: it does not parse, nothing is asked. */
export function useTextCheck(body: CheckBody, isReady: boolean): TextCheck {
  const [documents] = useDebouncedValue(body.documents, PAUSE_MS)
  const query = useQuery({
    ...queries.check({ ...body, documents }),
    enabled: isReady && documents !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
  const answer = (isReady ? query.data : null) ?? null
  return useMemo(() => {
    const findings = answer?.findings ?? []
    const problems = (answer?.problems ?? []).map(({ message, line }): LineMark => ({
      severity: 'error',
      message,
      line,
    }))
    return {
      answer,
      isChecking: query.isFetching || documents !== body.documents,
      error: query.error,
      findings,
      marks: [
        ...problems,
        ...findings.map(({ severity, message, line, code }): LineMark => ({ severity, message, line, code })),
      ],
    }
  }, [answer, query.isFetching, query.error, documents, body.documents])
}
