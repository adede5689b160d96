import type { Metadata } from 'next'
import { preload } from 'react-dom'
import { TracePage } from '@/components/traces/TracePage'
import { apiPaths } from '@/lib/api/paths'
import { isTraceId } from '@/lib/trace/store'

export const metadata: Metadata = { title: 'Trace' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  // a large trace takes the server as long as the scripts take to arrive: both begin at once
  if (isTraceId(id)) preload(apiPaths.traceOutline(id), { as: 'fetch', crossOrigin: 'anonymous' })
  return <TracePage id={id} />
}
