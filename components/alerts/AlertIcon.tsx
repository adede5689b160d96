import { IconBell, IconBellOff, IconBellRinging } from '@tabler/icons-react'
import type { Alert } from '@/lib/api/schemas/telemetry/alerts'
import { alertWord } from './alert-words'

/** A bell that rings, waits, or is off, named by the state of the alert. */
export function AlertIcon({
  alert,
  size,
  className,
}: {
  alert: Pick<Alert, 'state' | 'silenced' | 'handling'>
  size: number
  className?: string | undefined
}) {
  const Icon = alert.silenced ? IconBellOff : alert.state === 'firing' ? IconBellRinging : IconBell
  return <Icon size={size} className={className} role="img" aria-label={alertWord(alert)} />
}
