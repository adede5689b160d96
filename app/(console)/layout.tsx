import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { Shell } from '@/components/layout/Shell'
import { pagePaths } from '@/lib/api/paths'
import { describeSession } from '@/lib/server/session/authenticate'
import { upstreams } from '@/lib/server/upstreams'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const asked = await headers()
  const { mode, problem } = describeSession(upstreams(), { headers: asked })
  if (mode === 'token' && problem !== undefined) {
    redirect(pagePaths.signIn(asked.get('x-heddle-path') ?? '/'))
  }
  return <Shell>{children}</Shell>
}
