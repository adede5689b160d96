import type { Metadata } from 'next'
import { ChangePage } from '@/components/changes/ChangePage'

export const metadata: Metadata = { title: 'Change' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <ChangePage id={(await params).id} />
}
