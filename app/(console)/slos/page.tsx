import type { Metadata } from 'next'
import { SlosPage } from '@/components/slos/SlosPage'

export const metadata: Metadata = { title: 'Objectives' }

export default function Page() {
  return <SlosPage />
}
