'use client'

import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useMemo } from 'react'
import { useAddressState } from '@/components/hooks/address/use-address-state'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import type { Severity } from '@/components/ui/findings/Findings'
import { SeverityIcon } from '@/components/ui/findings/Findings'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import classes from './Checks.module.css'
import { isTold } from './count-findings'

export interface CheckLine {
  code: string
  severity: Severity
  title: string
  kinds: readonly string[]
}

const FAMILIES = [
  { prefix: 'HED', title: 'Heddle’s own: configuration against what happens' },
  { prefix: 'IST', title: 'Istio’s: the codes of istioctl analyze' },
  { prefix: 'KIA', title: 'Kiali’s that Istio lacks' },
] as const

interface CheckFilter {
  filter: string
}

const parseFilter = (params: URLSearchParams): CheckFilter => ({ filter: params.get('filter') ?? '' })

function withFilter(params: URLSearchParams, { filter }: Partial<CheckFilter>): URLSearchParams {
  const next = new URLSearchParams(params)
  if (filter) next.set('filter', filter)
  else next.delete('filter')
  return next
}

/** Every check there is, with how often the mesh has it now. */
export function CheckIndexPage({ checks }: { checks: readonly CheckLine[] }) {
  const [{ filter }, setState] = useAddressState(parseFilter, withFilter)
  const answer = useQuery({ ...queries.findings(), refetchInterval: useRefreshInterval() })
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  const counts = useMemo(() => {
    const byCode = new Map<string, number>()
    for (const { code } of answer.data?.items ?? []) byCode.set(code, (byCode.get(code) ?? 0) + 1)
    return byCode
  }, [answer.data])
  const found = answer.data
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = checks.filter(({ code, title, kinds, severity }) => {
    const text = [code, title, severity, ...kinds].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <Page
      title="Checks"
      tools={
        <>
          <TextInput
            size="xs"
            w={220}
            aria-label="Filter checks"
            placeholder="Code, words or kind"
            value={filter}
            onChange={(event) => setState({ filter: event.currentTarget.value })}
          />
          <Button component={Link} href={pagePaths.analyze()} prefetch={false} size="xs" variant="default">
            Analyze YAML
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        <Notices
          isKnown={!answer.isPending}
          notices={[
            ...(answer.error ? [{ code: 'stale', message: unreadWords(answer.error, answer.data) }] : []),
            ...(answer.data?.notices ?? []),
          ]}
        />
        <div className={classes.article}>
          {shown.length === 0 ? <p className={plain.note}>No check has these words.</p> : null}
          {FAMILIES.map(({ prefix, title }) => {
            const own = shown.filter((check) => check.code.startsWith(prefix))
            if (own.length === 0) return null
            return (
              <Section key={prefix} title={title} aside={`${own.length} checks`}>
                <ul className={classes.index}>
                  {own.map((check) => (
                    <li key={check.code}>
                      <SeverityIcon severity={check.severity} size={14} />
                      <Link href={pagePaths.check(check.code)} prefetch={false} className={classes.code}>
                        {check.code}
                      </Link>
                      <span className={classes.title}>{check.title}</span>
                      <span className={classes.kinds} title={check.kinds.join(', ')}>
                        {check.kinds.join(', ')}
                      </span>
                      <span className={classes.number}>
                        {found && (counts.has(check.code) || isTold(check.code, found)) ? (
                          <Count of={counts.get(check.code) ?? 0} />
                        ) : found ? (
                          <span className={plain.quiet}>not known</span>
                        ) : (
                          '–'
                        )}
                      </span>
                    </li>
                  ))}
                </ul>
              </Section>
            )
          })}
        </div>
      </div>
    </Page>
  )
}

function Count({ of }: { of: number }) {
  if (of === 0) return <span className={plain.quiet}>none found</span>
  return <>{of === 1 ? '1 finding' : `${of} findings`}</>
}

const unreadWords = ({ message }: Error, data: unknown) =>
  data === undefined
    ? `What the checks find is not known: ${message}`
    : `What the checks found is of earlier: ${message}`
