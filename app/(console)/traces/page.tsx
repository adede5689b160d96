import type { Metadata } from 'next'
import { TraceSearchPage } from '@/components/traces/search/TraceSearchPage'

export const metadata: Metadata = { title: 'Traces' }

export default function Page() {
  return <TraceSearchPage />
}
