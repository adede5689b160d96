import type { Metadata } from 'next'
import { MtlsPage } from '@/components/mtls/MtlsPage'

export const metadata: Metadata = { title: 'Mutual TLS' }

export default function Page() {
  return <MtlsPage />
}
