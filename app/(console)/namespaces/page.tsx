import type { Metadata } from 'next'
import { NamespaceListPage } from '@/components/lists/NamespaceListPage'

export const metadata: Metadata = { title: 'Namespaces' }

export default function Page() {
  return <NamespaceListPage />
}
