import type { Metadata } from 'next'
import { ItemListPage } from '@/components/lists/ItemListPage'
import { apiPaths } from '@/lib/api/paths'
import { preloadAnswers } from '@/app/(console)/preload-answers'

export const metadata: Metadata = { title: 'Services' }

export default async function Page() {
  await preloadAnswers((view) => [apiPaths.items('services', view)])
  return <ItemListPage kind="services" />
}
