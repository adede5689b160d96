'use client'

import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import {
  conditionPath,
  matchFormOf,
  type Alternative,
  type Comparison,
  type Condition,
  type ConditionField,
} from '@/lib/istio/edit/rule/match'
import type { RuleKind } from '@/lib/istio/edit/rules'
import { ChoiceField, FlagField, NameField, NumberField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import classes from '../Routing.module.css'

interface FieldChoice {
  label: string
  hows: readonly Comparison[]
  /** what a new one asks for */
  fresh: { name: string; how: Comparison; value: string }
  isNamed?: boolean
}

const HTTP = ['exact', 'prefix', 'regex'] as const
const NAMED = ['exact', 'prefix', 'regex', 'present'] as const

const ISTIO: Readonly<Partial<Record<ConditionField, FieldChoice>>> = {
  path: { label: 'path', hows: HTTP, fresh: { name: '', how: 'prefix', value: '/' } },
  method: { label: 'method', hows: HTTP, fresh: { name: '', how: 'exact', value: 'GET' } },
  header: {
    label: 'header',
    hows: NAMED,
    fresh: { name: 'end-user', how: 'exact', value: '' },
    isNamed: true,
  },
  notHeader: {
    label: 'not header',
    hows: NAMED,
    fresh: { name: 'end-user', how: 'exact', value: '' },
    isNamed: true,
  },
  queryParam: {
    label: 'query parameter',
    hows: NAMED,
    fresh: { name: 'version', how: 'exact', value: '' },
    isNamed: true,
  },
  authority: { label: 'host', hows: HTTP, fresh: { name: '', how: 'exact', value: '' } },
  scheme: { label: 'scheme', hows: HTTP, fresh: { name: '', how: 'exact', value: 'https' } },
  port: { label: 'port', hows: ['exact'], fresh: { name: '', how: 'exact', value: '80' } },
  sourceNamespace: {
    label: 'caller namespace',
    hows: ['exact'],
    fresh: { name: '', how: 'exact', value: '' },
  },
  sourceLabel: {
    label: 'caller label',
    hows: ['exact'],
    fresh: { name: 'app', how: 'exact', value: '' },
    isNamed: true,
  },
  gateway: { label: 'gateway', hows: ['exact'], fresh: { name: '', how: 'exact', value: 'mesh' } },
}
const ROUTE: typeof ISTIO = {
  path: { ...(ISTIO.path as FieldChoice) },
  method: { ...(ISTIO.method as FieldChoice), hows: ['exact'] },
  header: { ...(ISTIO.header as FieldChoice), hows: ['exact', 'regex'] },
  queryParam: { ...(ISTIO.queryParam as FieldChoice), hows: ['exact', 'regex'] },
}
const GRPC: typeof ISTIO = {
  grpcService: {
    label: 'service',
    hows: ['exact', 'regex'],
    fresh: { name: '', how: 'exact', value: 'package.Service' },
  },
  grpcMethod: { label: 'method', hows: ['exact', 'regex'], fresh: { name: '', how: 'exact', value: 'Get' } },
  header: { ...(ISTIO.header as FieldChoice), hows: ['exact', 'regex'] },
}
const CHOICES: Readonly<Record<RuleKind, typeof ISTIO>> = {
  VirtualService: ISTIO,
  HTTPRoute: ROUTE,
  GRPCRoute: GRPC,
}
const HOW_WORDS: Readonly<Record<Comparison, string>> = {
  exact: 'is',
  prefix: 'begins with',
  regex: 'matches',
  present: 'exists',
}

/** Which requests a rule takes. */
export function MatchPart({ kind, ...props }: PartProps & { kind: RuleKind }) {
  const { values, set } = useBound(matchFormOf(kind), props)
  const { alternatives } = values
  const choices = CHOICES[kind]
  const setAt = (place: number, next: Alternative) => set('alternatives', alternatives.with(place, next))
  const add = () =>
    set('alternatives', [
      ...alternatives,
      { origin: null, ignoreCase: false, conditions: [newCondition(choices, 'header', [])] },
    ])
  return (
    <>
      {alternatives.length === 0 ? (
        <p className={classes.text}>Every request that no rule before it took.</p>
      ) : null}
      {alternatives.map((alternative, place) => (
        <div key={place} className={classes.item} role="group" aria-label={`Match ${place + 1}`}>
          {place > 0 ? <div className={classes.or}>or</div> : null}
          {alternative.conditions.length === 0 ? (
            <p className={classes.text}>Every request, or conditions that only the YAML shows.</p>
          ) : null}
          {alternative.conditions.map((condition, at) => (
            <ConditionRow
              key={`${condition.field} ${condition.name} ${at}`}
              condition={condition}
              choices={choices}
              others={alternative.conditions.filter((_, each) => each !== at)}
              path={[...props.at, ...conditionPath(kind, place, alternative.conditions, at)]}
              onChange={(next) =>
                setAt(place, {
                  ...alternative,
                  conditions: next
                    ? alternative.conditions.with(at, next)
                    : alternative.conditions.filter((_, each) => each !== at),
                })
              }
            />
          ))}
          <Row>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                setAt(place, {
                  ...alternative,
                  conditions: [
                    ...alternative.conditions,
                    newCondition(choices, freeField(choices, alternative.conditions), alternative.conditions),
                  ],
                })
              }
            >
              And a condition
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                set(
                  'alternatives',
                  alternatives.filter((_, each) => each !== place),
                )
              }
            >
              Remove this match
            </Button>
            {kind === 'VirtualService' && alternative.conditions.some(({ field }) => field === 'path') ? (
              <FlagField
                label="Ignore case of the path"
                path={[...props.at, 'match', place, 'ignoreUriCase']}
                value={alternative.ignoreCase}
                onChange={(ignoreCase) => setAt(place, { ...alternative, ignoreCase })}
              />
            ) : null}
          </Row>
        </div>
      ))}
      <div>
        <Button size="compact-xs" variant="default" onClick={add}>
          {alternatives.length === 0 ? 'Take only some requests' : 'Or another match'}
        </Button>
      </div>
    </>
  )
}

function ConditionRow({
  condition,
  choices,
  others,
  path,
  onChange,
}: {
  condition: Condition
  choices: typeof ISTIO
  others: readonly Condition[]
  path: readonly (string | number)[]
  /** null: taken out */
  onChange: (condition: Condition | null) => void
}) {
  const choice = choices[condition.field]
  return (
    <Row label={`Condition on the ${choice?.label ?? condition.field}`}>
      <ChoiceField
        label="The"
        width={130}
        // what is wrong is said at the value
        path={[]}
        value={condition.field}
        options={fieldsOf(choices).map(([value, { label, isNamed }]) => ({
          value,
          label,
          disabled: !isNamed && others.some((each) => each.field === value),
        }))}
        onChange={(field) => onChange(newCondition(choices, field, others))}
      />
      {choice?.isNamed ? (
        <NameField
          label="named"
          width={110}
          path={[]}
          value={condition.name}
          taken={others.filter(({ field }) => field === condition.field).map(({ name }) => name)}
          onChange={(name) => onChange({ ...condition, name })}
        />
      ) : null}
      {(choice?.hows.length ?? 0) > 1 ? (
        <ChoiceField
          label="compared"
          width={112}
          path={[]}
          value={condition.how}
          options={(choice?.hows ?? []).map((value) => ({ value, label: HOW_WORDS[value] }))}
          onChange={(how) => onChange({ ...condition, how })}
        />
      ) : null}
      {condition.field === 'port' ? (
        <NumberField
          label="is"
          path={path}
          value={Number(condition.value)}
          onChange={(port) => port !== null && onChange({ ...condition, value: String(port) })}
        />
      ) : condition.how === 'present' ? null : (
        <TextField
          label={condition.how === 'regex' ? 'the pattern' : 'with'}
          isGrowing
          path={path}
          value={condition.value}
          onChange={(value) => onChange({ ...condition, value })}
        />
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="md"
        aria-label={`Remove the condition on the ${choice?.label ?? condition.field}`}
        onClick={() => onChange(null)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </Row>
  )
}

function fieldsOf(choices: typeof ISTIO): [ConditionField, FieldChoice][] {
  // the keys are those of the tables above
  return Object.entries(choices) as [ConditionField, FieldChoice][]
}

/** A field that can be asked for once more. */
function freeField(choices: typeof ISTIO, present: readonly Condition[]): ConditionField {
  const isFree = (field: ConditionField) =>
    choices[field]?.isNamed === true || present.every((each) => each.field !== field)
  const first = (['path', 'method', 'grpcService', 'grpcMethod'] as const).filter((field) => field in choices)
  return first.find(isFree) ?? 'header'
}

function newCondition(choices: typeof ISTIO, field: ConditionField, others: readonly Condition[]): Condition {
  const { name, how, value } = choices[field]?.fresh ?? { name: '', how: 'exact' as const, value: '' }
  const taken = others.filter((each) => each.field === field).map((each) => each.name)
  let free = name
  for (let count = 2; taken.includes(free); count += 1) free = `${name}-${count}`
  return { field, name: free, how, value }
}
