import type { Metadata } from 'next'
import { TracePage } from '@/components/traces/TracePage'
import { apiPaths } from '@/lib/api/paths'
import { isTraceId } from '@/lib/trace/store'
import { preloadAnswers } from '@/app/(console)/preload-answers'

export const metadata: Metadata = { title: 'Trace' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  // a large trace takes the server as long as the scripts take to arrive: both begin at once
  if (isTraceId(id)) await preloadAnswers(() => [apiPaths.traceOutline(id)])
  return <TracePage id={id} />
}
