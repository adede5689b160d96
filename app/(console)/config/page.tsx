import type { Metadata } from 'next'
import { ConfigListPage } from '@/components/config/list/ConfigListPage'

export const metadata: Metadata = { title: 'Configuration' }

export default function Page() {
  return <ConfigListPage />
}
