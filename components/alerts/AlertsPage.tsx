'use client'

import { Skeleton, TextInput } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useHydrated } from '@/components/hooks/use-hydrated'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { scopeOf, useView } from '@/components/hooks/address/use-view'
import card from '@/components/ui/Card.module.css'
import { Failure } from '@/components/ui/messages/Failure'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import { queries } from '@/lib/api/queries'
import type { Alert } from '@/lib/api/schemas/telemetry/alerts'
import { AlertItem } from './AlertItem'
import classes from './Alerts.module.css'
import { RuleTable } from './RuleTable'
import { Silences } from './Silences'
import { UnknownAlert } from './UnknownAlert'

/** What Prometheus's alerting rules have found, worst first, who is told, what is silenced, and the rules. */
export function AlertsPage() {
  const [view] = useView()
  const scope = scopeOf(view)
  const { params, set } = useUrlParams()
  const isHydrated = useHydrated()
  const answer = useQuery({
    ...queries.alerts(scope),
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const data = isHydrated ? answer.data : undefined
  useReportFreshness(data?.at ?? null, answer.isFetching, answer.error, data?.notices)
  const filter = params.get('filter') ?? ''
  const open = params.get('open')
  const items = data?.items ?? []
  const shown = items.filter((alert) => matches(alert, filter))
  const count = (state: Alert['state']) =>
    items.filter((alert) => alert.state === state && !alert.silenced).length
  const silenced = items.filter((alert) => alert.silenced).length
  const rules = new Map(data?.rules.map((rule) => [rule.id, rule]))
  const known = new Set([...items, ...(data?.rules ?? [])].map(({ id }) => id))
  const notices = [
    ...(answer.isRefetchError
      ? [{ code: 'stale', message: `These alerts are old: ${answer.error.message}` }]
      : []),
    ...(scope.at == null
      ? []
      : [{ code: 'of-now', message: 'Alerts are of now, whatever moment the other pages show.' }]),
    ...(data?.notices ?? []),
  ]
  return (
    <Page
      title="Alerts"
      beside={
        data ? (
          <span className={classes.count} role="status">
            {data.rulesState === 'read' && data.rules.length === 0 && items.length === 0
              ? 'no rules'
              : data.rulesState === 'read'
                ? `${count('firing')} firing, ${count('pending')} pending`
                : data.alertmanager.state === 'answering'
                  ? `${count('firing') || 'none'} firing as far as Alertmanager knows`
                  : 'not known'}
            {silenced > 0 ? `, ${silenced} silenced or inhibited` : ''}
          </span>
        ) : null
      }
      tools={
        <TextInput
          size="xs"
          w={240}
          placeholder="Filter by name, label or text"
          aria-label="Filter alerts"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={filter}
          onChange={(event) => set({ filter: event.currentTarget.value }, 'replace')}
        />
      }
    >
      <div className={classes.body} tabIndex={0} role="region" aria-label="Alerts">
        <Notices notices={notices} isKnown={data !== undefined} />
        {data && open !== null && !known.has(open) ? (
          <UnknownAlert
            id={open}
            names={[...new Set([...items, ...data.rules].map(({ name }) => name))]}
            onName={(name) => set({ open: null, filter: name })}
          />
        ) : null}
        {data ? (
          <>
            <section aria-label="Active alerts" className={classes.list}>
              {items.length === 0 && data.rulesState !== 'read' ? (
                <p className={card.calm} data-unknown>
                  <IconCircleDashed size={18} aria-hidden /> Whether an alert fires is not known: the rules
                  could not be read
                  {data.alertmanager.state === 'answering' ? ', and Alertmanager holds none' : ''}.
                </p>
              ) : items.length === 0 && data.rules.length > 0 ? (
                <p className={card.calm}>
                  <IconCircleCheckFilled size={18} aria-hidden /> No alert fires and none is about to.
                </p>
              ) : null}
              {items.length > 0 && shown.length === 0 ? (
                <p className={card.calm}>None of {items.length} alerts matches the filter.</p>
              ) : null}
              {shown.map((alert) => (
                <AlertItem
                  key={alert.id}
                  alert={alert}
                  rule={alert.rule === null ? undefined : rules.get(alert.rule)}
                  silences={data.silences}
                  now={data.at}
                  scope={scope}
                  isOpen={open === alert.id}
                  onToggle={() => set({ open: open === alert.id ? null : alert.id }, 'replace')}
                />
              ))}
            </section>
            <Silences list={data} now={data.at} />
            <RuleTable
              state={data.rulesState}
              isFiltered={data.rules.length > 0}
              rules={data.rules.filter((rule) => matches({ ...rule, labels: {} }, filter))}
              open={open}
              onToggle={(id) => set({ open: open === id ? null : id }, 'replace')}
            />
          </>
        ) : isHydrated && answer.error ? (
          <Failure
            error={answer.error}
            title="Alerts cannot be shown"
            onRetry={() => void answer.refetch()}
          />
        ) : (
          <div role="status" aria-label="Loading" aria-busy className={classes.list}>
            <Skeleton height={52} radius="md" />
            <Skeleton height={52} radius="md" />
            <Skeleton height={240} radius="md" />
          </div>
        )}
      </div>
    </Page>
  )
}

/** Every word must be part of name, text or a label. */
function matches(
  alert: Pick<Alert, 'name' | 'summary' | 'severity' | 'labels'> & { state: string },
  filter: string,
): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const text = [
    alert.name,
    alert.summary ?? '',
    alert.severity ?? '',
    alert.state,
    ...Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`),
  ]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}
