import type { Metadata } from 'next'
import { AnalyzePage } from '@/components/checks/analyze/AnalyzePage'

export const metadata: Metadata = { title: 'Analyze YAML' }

export default function Page() {
  return <AnalyzePage />
}
