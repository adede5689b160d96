import type { Metadata } from 'next'
import { CreatePage } from '@/components/config/create/CreatePage'

export const metadata: Metadata = { title: 'New objects' }

export default function Page() {
  return <CreatePage />
}
