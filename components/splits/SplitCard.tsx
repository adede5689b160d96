import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import type { Split } from '@/lib/api/schemas/config/splits'
import { formatRatio } from '@/lib/units/ratio'
import { BackendTable } from './BackendTable'
import { refOfSplit } from './change-items'
import classes from './Splits.module.css'
import { callersWords, objectName, ruleName } from './words'

const MUCH_ELSEWHERE = 0.01

/** One weighted route: where it is, what it takes, and its destinations side by side. */
export function SplitCard({
  split,
  scope,
  actions,
  children,
}: {
  split: Split
  scope: Scope
  actions: ReactNode
  children?: ReactNode
}) {
  const { owner, desired, shadow } = split
  // with other rules in the figures, what they send elsewhere is no loss of this one
  const elsewhereShare = split.observedOver === 'service' ? null : split.elsewhereShare
  return (
    <section className={classes.card} aria-label={`${objectName(split)} ${ruleName(split)}`.trim()}>
      <header className={classes.cardHead}>
        <div className={classes.titles}>
          <h2 className={classes.title}>
            <Link prefetch={false} href={pagePaths.splits({ ...scope, split: split.id })}>
              {split.host}
            </Link>
          </h2>
          <div className={classes.sub}>
            {capital(split.match)}, from {callersWords(split)}
          </div>
          <div className={classes.quiet}>
            <Link prefetch={false} className={classes.link} href={pagePaths.configObject(refOfSplit(split))}>
              {objectName(split)}
            </Link>{' '}
            {ruleName(split)}
          </div>
        </div>
        <div className={classes.actions}>{actions}</div>
      </header>
      <BackendTable split={split} scope={scope} />
      {shadow ||
      owner ||
      desired ||
      (elsewhereShare ?? 0) > MUCH_ELSEWHERE ||
      split.observedOver === 'service' ? (
        <div className={classes.notes}>
          {shadow ? (
            <span className={classes.warning}>
              <IconAlertTriangle size={13} aria-hidden /> {shadow.why} These weights move nothing.
            </span>
          ) : null}
          {(elsewhereShare ?? 0) > MUCH_ELSEWHERE ? (
            <span className={classes.warning}>
              <IconAlertTriangle size={13} aria-hidden /> {formatRatio(elsewhereShare)} of what was sent
              reached none of these versions.
            </span>
          ) : null}
          {desired ? (
            <span>
              {desired.tool} {desired.by} shifts it{desired.phase ? `: ${desired.phase}` : ''}.
            </span>
          ) : null}
          {owner ? (
            <span>
              {owner.tool}
              {owner.name ? ` (${owner.name})` : ''} keeps this object and will put a change by hand back (
              {owner.evidence}).
            </span>
          ) : null}
          {split.observedOver === 'service' ? (
            <span className={classes.quiet}>
              Observed figures hold the requests of other rules to the same services, which telemetry does not
              tell apart.
            </span>
          ) : null}
        </div>
      ) : null}
      {children}
    </section>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
