'use client'

import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useReportFreshness } from '@/components/hooks/use-freshness'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { Failure } from '@/components/ui/messages/Failure'
import { Findings, SEVERITY_NAMES, SeverityIcon } from '@/components/ui/findings/Findings'
import { Notices } from '@/components/ui/messages/Notices'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { isTold } from './count-findings'
import { findingPage } from './finding-page'
import type { Severity } from '@/components/ui/findings/Findings'
import classes from './Checks.module.css'

export interface CheckView {
  code: string
  severity: Severity
  title: string
  kinds: readonly string[]
  meaning: string
  harm: string
  fix: string
  before: string
  after: string
}

/** What a code means, why it matters, how to fix it, and where the mesh has it now. */
export function CheckPage({ check }: { check: CheckView }) {
  return (
    <Page
      title={`${check.code} · ${check.title}`}
      above={<Link href={pagePaths.checks()}>All checks</Link>}
      beside={
        <span className={classes.severity}>
          <SeverityIcon severity={check.severity} size={15} />
          {SEVERITY_NAMES[check.severity]}
        </span>
      }
    >
      <div className={classes.body}>
        <div className={classes.article}>
          <Section title="What it means">
            <p className={classes.text}>{check.meaning}</p>
            <p className={plain.note}>Reported on: {check.kinds.join(', ')}</p>
          </Section>
          <Section title="Why it hurts">
            <p className={classes.text}>{check.harm}</p>
          </Section>
          <Section title="How to fix it">
            <p className={classes.text}>{check.fix}</p>
            <div className={classes.examples}>
              <Example title="Before" text={check.before} />
              <Example title="After" text={check.after} />
            </div>
            <p className={plain.note}>
              Where it is meant, the annotation <code>galley.istio.io/analyze-suppress: {check.code}</code> on
              the object silences it.
            </p>
          </Section>
          <Section title="In the mesh now">
            <Live code={check.code} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

function Example({ title, text }: { title: string; text: string }) {
  return (
    <figure className={classes.example}>
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} aria-label={`${title}, as YAML`}>
        {text}
      </pre>
    </figure>
  )
}

function Live({ code }: { code: string }) {
  const answer = useQuery({ ...queries.findings(), refetchInterval: useRefreshInterval() })
  useReportFreshness(answer.dataUpdatedAt || null, answer.isFetching, answer.error)
  if (answer.data) {
    const own = answer.data.items.filter((item) => item.code === code)
    return (
      <>
        <Notices notices={answer.data.notices} />
        <Findings
          findings={own}
          showObject
          linkOf={findingPage}
          label={`Findings of ${code}`}
          whenNone={
            isTold(code, answer.data)
              ? 'No object of the mesh has it.'
              : 'Whether an object has it is not known.'
          }
        />
      </>
    )
  }
  if (answer.error) {
    return (
      <Failure
        error={answer.error}
        title="The findings cannot be read"
        onRetry={() => void answer.refetch()}
      />
    )
  }
  return <p className={plain.note}>Checking the mesh…</p>
}
