import type { Metadata } from 'next'
import { TraceSearchPage } from '@/components/traces/TraceSearchPage'

export const metadata: Metadata = { title: 'Traces' }

export default function Page() {
  return <TraceSearchPage />
}
