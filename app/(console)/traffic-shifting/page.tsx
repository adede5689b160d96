import type { Metadata } from 'next'
import { SplitsPage } from '@/components/splits/SplitsPage'

export const metadata: Metadata = { title: 'Traffic shifting' }

export default function Page() {
  return <SplitsPage />
}
