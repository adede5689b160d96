import { IconBan, IconLock, IconLockOpen, IconLockOpen2, IconLockQuestion } from '@tabler/icons-react'
import type { MtlsState } from '@/lib/api/schemas/config/mtls'
import classes from './Mtls.module.css'
import { STATE_WORDS } from './words'

const ICONS = {
  broken: IconBan,
  plaintext: IconLockOpen,
  open: IconLockOpen2,
  permissive: IconLockQuestion,
  strict: IconLock,
}

/** A state by shape, colour and word; the calm ones stay grey. */
export function StateMark({ state }: { state: MtlsState }) {
  const Icon = ICONS[state]
  return (
    <span className={classes.state} data-state={state} title={STATE_WORDS[state].meaning}>
      <Icon size={15} aria-hidden />
      {STATE_WORDS[state].name}
    </span>
  )
}

/** The shape alone, beside a word that says the same. */
export function StateIcon({ state }: { state: MtlsState }) {
  const Icon = ICONS[state]
  return (
    <span className={classes.state} data-state={state} aria-hidden>
      <Icon size={14} />
    </span>
  )
}
