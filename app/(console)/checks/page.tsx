import type { Metadata } from 'next'
import { CheckIndexPage } from '@/components/checks/CheckIndexPage'
import { listChecks } from '@/lib/server/use-cases/checks/get-checks'

export const metadata: Metadata = { title: 'Checks' }

export default function Page() {
  const checks = listChecks().map(({ code, severity, title, kinds }) => ({ code, severity, title, kinds }))
  return <CheckIndexPage checks={checks} />
}
