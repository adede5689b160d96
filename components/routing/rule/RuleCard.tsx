'use client'

import { ActionIcon, Button, Menu, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconTrash, IconUserStar } from '@tabler/icons-react'
import { useState } from 'react'
import { asFields, asList, type Fields, type Path } from '@/lib/istio/edit/fields'
import { readForm } from '@/lib/istio/edit/form'
import { matchFormOf, takesEverything } from '@/lib/istio/edit/rule/match'
import { hasMirror } from '@/lib/istio/edit/rule/mirror'
import type { RuleKind } from '@/lib/istio/edit/rules'
import { isHeader } from '@/lib/istio/edit/split/rule-extras'
import { destinationWords, ruleWords } from '@/lib/istio/edit/words'
import { routeMatch, virtualServiceMatch } from '@/lib/istio/split/match-words'
import { Part, Row } from '../fields/Part'
import { useProblemsAt } from '../fields/shown-problems'
import classes from '../Routing.module.css'
import { DestinationsPart, RouteDestinationsPart } from './DestinationsPart'
import { FaultPart } from './FaultPart'
import { MatchPart } from './MatchPart'
import { MirrorPart } from './MirrorPart'
import { RewritePart, RouteRewritePart } from './RewritePart'
import { RouteTimeoutPart, TimeoutPart } from './TimeoutPart'

export interface RuleSteps {
  onMove: (by: -1 | 1) => void
  onCopy: () => void
  onTesters: (header: { name: string; value: string }) => void
  onRemove: () => void
}

/** One rule: what it takes and does in words, and each part of it in a form that opens. */
export function RuleCard({
  kind,
  rule,
  index,
  count,
  at,
  namespace,
  onChange,
  steps,
}: {
  kind: RuleKind
  rule: Fields
  index: number
  count: number
  at: Path
  namespace: string
  onChange: (rule: Fields) => void
  steps: RuleSteps
}) {
  const props = { part: rule, at, onChange }
  const isIstio = kind === 'VirtualService'
  const matches = asList(isIstio ? rule.match : rule.matches).map(asFields)
  const takes = isIstio ? virtualServiceMatch(matches, 'http') : routeMatch(matches)
  const goes = destinationWords(rule, kind)
  const words = ruleWords(rule, kind)
  const does = (pattern: RegExp) => words.filter((clause) => pattern.test(clause)).join(', ')
  const timing = does(/^timeout|retr(y|ies)\b/)
  const faults = does(/^(delays|aborts)/)
  const mirrors = does(/^mirrors/)
  const rewrites = does(/^(rewrites|redirects|answers|leaves)/)
  const name = typeof rule.name === 'string' ? rule.name : ''
  const problems = {
    match: Boolean(useProblemsAt([...at, isIstio ? 'match' : 'matches']).error),
    to: Boolean(useProblemsAt([...at, isIstio ? 'route' : 'backendRefs']).error),
    time: Boolean(useProblemsAt([...at, isIstio ? 'timeout' : 'timeouts']).error),
    fault: Boolean(useProblemsAt([...at, 'fault']).error),
  }
  return (
    <li className={classes.rule} aria-label={`Rule ${index + 1}`}>
      <div className={classes.ruleHead}>
        <h3 className={classes.ruleTitle}>
          <b>
            Rule {index + 1}
            {name === '' ? '' : ` (${name})`}
          </b>
          : {takes} → {goes || rewrites || 'nowhere'}
        </h3>
        <RuleMenu index={index} count={count} steps={steps} />
      </div>
      <Part
        title="Requests it takes"
        words={takes}
        isSet={!takesEverything(readForm(matchFormOf(kind), rule).alternatives)}
        hasProblem={problems.match}
      >
        <MatchPart kind={kind} {...props} />
      </Part>
      <Part title="Where they go" words={goes || 'nowhere'} isSet={goes !== ''} hasProblem={problems.to}>
        {isIstio ? (
          <DestinationsPart namespace={namespace} {...props} />
        ) : (
          <RouteDestinationsPart {...props} />
        )}
      </Part>
      {kind === 'GRPCRoute' ? null : (
        <Part
          title="Timeout and retries"
          words={timing || 'as the mesh has it'}
          isSet={timing !== ''}
          hasProblem={problems.time}
        >
          {isIstio ? <TimeoutPart {...props} /> : <RouteTimeoutPart {...props} />}
        </Part>
      )}
      {isIstio ? (
        <Part
          title="Fault injection"
          words={faults || 'none'}
          isSet={faults !== ''}
          hasProblem={problems.fault}
        >
          <FaultPart {...props} />
        </Part>
      ) : null}
      <Part title="Mirroring" words={mirrors || 'none'} isSet={hasMirror(rule)}>
        <MirrorPart kind={kind} {...props} />
      </Part>
      {kind === 'GRPCRoute' ? null : (
        <Part title="Rewrite" words={rewrites || 'none'} isSet={rewrites !== ''}>
          {isIstio ? <RewritePart {...props} /> : <RouteRewritePart {...props} />}
        </Part>
      )}
    </li>
  )
}

function RuleMenu({ index, count, steps }: { index: number; count: number; steps: RuleSteps }) {
  const { isReadOnly } = useProblemsAt([])
  const [isAsking, setAsking] = useState(false)
  if (isReadOnly) return null
  if (isAsking) {
    return (
      <TestersForm
        onCancel={() => setAsking(false)}
        onAdd={(header) => {
          setAsking(false)
          steps.onTesters(header)
        }}
      />
    )
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`What to do with rule ${index + 1}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={14} aria-hidden />}
          disabled={index === 0}
          onClick={() => steps.onMove(-1)}
        >
          Move up: tried earlier
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={14} aria-hidden />}
          disabled={index === count - 1}
          onClick={() => steps.onMove(1)}
        >
          Move down: tried later
        </Menu.Item>
        <Menu.Item leftSection={<IconUserStar size={14} aria-hidden />} onClick={() => setAsking(true)}>
          Copy for testers, by a header
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={steps.onCopy}>
          Copy
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} aria-hidden />}
          disabled={count === 1}
          onClick={steps.onRemove}
        >
          Remove this rule
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function TestersForm({
  onAdd,
  onCancel,
}: {
  onAdd: (header: { name: string; value: string }) => void
  onCancel: () => void
}) {
  const [name, setName] = useState('end-user')
  const [value, setValue] = useState('')
  const [isTried, setTried] = useState(false)
  return (
    <Row label="Copy for testers">
      <TextInput
        size="xs"
        w={120}
        label="Header"
        value={name}
        error={isTried && !isHeader(name) ? 'No header’s name' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        w={120}
        label="has the value"
        value={value}
        error={isTried && value === '' ? 'Give a value' : undefined}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button
        size="xs"
        onClick={() => {
          setTried(true)
          if (isHeader(name) && value !== '') onAdd({ name: name.toLowerCase(), value })
        }}
      >
        Copy before it
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </Row>
  )
}
