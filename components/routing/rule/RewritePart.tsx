'use client'

import { Button } from '@mantine/core'
import {
  asRedirect,
  asRoute,
  NEW_REDIRECT,
  NEW_REWRITE,
  NEW_ROUTE_REWRITE,
  rewriteForm,
  routeRewriteForm,
  type PathModifier,
} from '@/lib/istio/edit/rule/rewrite'
import { ChoiceField, NumberField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import { useServiceFacts } from '../service-facts'

/** What a rule makes of a request before it goes on, or where it sends the client instead. */
export function RewritePart(props: PartProps) {
  const facts = useServiceFacts()
  const { values, set, pathOf } = useBound(rewriteForm, props)
  const { rewrite, redirect } = values
  return (
    <>
      {rewrite ? (
        <Row label="Rewrite">
          <TextField
            label="Path becomes"
            path={[...pathOf('rewrite'), 'uri']}
            placeholder="as it is"
            value={rewrite.uri}
            onChange={(uri) => set('rewrite', { ...rewrite, uri })}
          />
          <TextField
            label="Host becomes"
            path={[...pathOf('rewrite'), 'authority']}
            placeholder="as it is"
            value={rewrite.authority}
            onChange={(authority) => set('rewrite', { ...rewrite, authority })}
          />
          <Button size="compact-xs" variant="default" onClick={() => set('rewrite', null)}>
            Stop rewriting
          </Button>
        </Row>
      ) : null}
      {redirect ? (
        <Row label="Redirect">
          <ChoiceField
            label="Redirect to"
            width={110}
            path={[...pathOf('redirect'), 'scheme']}
            value={redirect.scheme}
            options={['', 'https', 'http'].map((value) => ({ value, label: value || 'same scheme' }))}
            onChange={(scheme) => set('redirect', { ...redirect, scheme })}
          />
          <TextField
            label="Host"
            path={[...pathOf('redirect'), 'authority']}
            placeholder="the same"
            value={redirect.authority}
            onChange={(authority) => set('redirect', { ...redirect, authority })}
          />
          <TextField
            label="Path"
            path={[...pathOf('redirect'), 'uri']}
            placeholder="the same"
            value={redirect.uri}
            onChange={(uri) => set('redirect', { ...redirect, uri })}
          />
          <NumberField
            label="Code"
            width={80}
            path={[...pathOf('redirect'), 'redirectCode']}
            placeholder="301"
            value={redirect.redirectCode}
            onChange={(redirectCode) => set('redirect', { ...redirect, redirectCode })}
          />
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => props.onChange(asRoute(props.part, facts.name))}
          >
            Send it on instead
          </Button>
        </Row>
      ) : null}
      {rewrite || redirect ? null : (
        <Row>
          <Button size="compact-xs" variant="default" onClick={() => set('rewrite', { ...NEW_REWRITE })}>
            Rewrite path or host
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => props.onChange(asRedirect(props.part, { ...NEW_REDIRECT }))}
          >
            Redirect instead of sending on
          </Button>
        </Row>
      )}
    </>
  )
}

const MODIFIERS: readonly { value: PathModifier; label: string }[] = [
  { value: 'ReplacePrefixMatch', label: 'matched prefix becomes' },
  { value: 'ReplaceFullPath', label: 'whole path becomes' },
]

/** The same for a rule of an HTTPRoute, whose rewrites are filters. */
export function RouteRewritePart(props: PartProps) {
  const { values, set, pathOf } = useBound(routeRewriteForm, props)
  const { rewrite } = values
  if (!rewrite) {
    return (
      <div>
        <Button size="compact-xs" variant="default" onClick={() => set('rewrite', { ...NEW_ROUTE_REWRITE })}>
          Rewrite path or host
        </Button>
      </div>
    )
  }
  const path = rewrite.path ?? { type: 'ReplacePrefixMatch' as const, value: '' }
  return (
    <Row label="Rewrite">
      <ChoiceField
        label="Path"
        width={190}
        path={[]}
        value={path.type}
        options={MODIFIERS}
        onChange={(type) => set('rewrite', { ...rewrite, path: { ...path, type } })}
      />
      <TextField
        label="to"
        path={pathOf('rewrite')}
        value={path.value}
        onChange={(value) => set('rewrite', { ...rewrite, path: value === '' ? null : { ...path, value } })}
      />
      <TextField
        label="Host becomes"
        path={[]}
        placeholder="as it is"
        value={rewrite.hostname}
        onChange={(hostname) => set('rewrite', { ...rewrite, hostname })}
      />
      <Button size="compact-xs" variant="default" onClick={() => set('rewrite', null)}>
        Stop rewriting
      </Button>
    </Row>
  )
}
