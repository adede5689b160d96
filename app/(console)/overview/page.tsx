import type { Metadata } from 'next'
import { OverviewPage } from '@/components/overview/OverviewPage'
import { apiPaths } from '@/lib/api/paths'
import { preloadAnswers } from '@/app/(console)/preload-answers'

export const metadata: Metadata = { title: 'Overview' }

export default async function Page() {
  await preloadAnswers((view) => [apiPaths.incidents(view), apiPaths.overview(view)])
  return <OverviewPage />
}
