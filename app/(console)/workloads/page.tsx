import type { Metadata } from 'next'
import { ItemListPage } from '@/components/lists/ItemListPage'

export const metadata: Metadata = { title: 'Workloads' }

export default function Page() {
  return <ItemListPage kind="workloads" />
}
