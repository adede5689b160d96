import { IconMapOff } from '@tabler/icons-react'
import Link from 'next/link'
import { Message } from '@/components/ui/messages/Message'
import { pagePaths } from '@/lib/api/paths'

export default function NotFound() {
  return (
    <main style={{ display: 'grid', minHeight: '100dvh' }}>
      <Message icon={<IconMapOff size={24} />} title="There is no such page">
        The address may be mistyped, or the page belongs to another version.{' '}
        <Link href={pagePaths.overview()}>Go to the overview</Link>
      </Message>
    </main>
  )
}
