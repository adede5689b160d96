'use client'

import { asList, getAt } from '@/lib/istio/edit/fields'
import { ruleKindOf } from '@/lib/istio/edit/rules'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { GatewayForm, K8sGatewayForm } from './entry/GatewayForms'
import { HostsPart, RouteHostsPart } from './entry/HostsPart'
import { PolicyForm } from './policy/PolicyForm'
import classes from './Routing.module.css'
import { RuleList } from './rule/RuleList'

interface Props {
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}

/** The form of an object's kind; kinds without one are edited as YAML. */
export function ObjectForm(props: Props) {
  const { object } = props
  const kind = ruleKindOf(object)
  if (kind) {
    return (
      <>
        {kind === 'VirtualService' ? <HostsPart {...props} /> : <RouteHostsPart {...props} />}
        <RuleList kind={kind} {...props} />
        <PlainRules object={object} />
      </>
    )
  }
  if (object.kind === 'DestinationRule') return <PolicyForm {...props} />
  if (object.kind === 'Gateway') {
    return object.apiVersion.startsWith('gateway.networking.k8s.io/') ? (
      <K8sGatewayForm {...props} />
    ) : (
      <GatewayForm {...props} />
    )
  }
  if (object.kind === 'TLSRoute' || object.kind === 'TCPRoute') {
    return (
      <>
        <RouteHostsPart {...props} hasHosts={object.kind === 'TLSRoute'} />
        <p className={classes.text}>
          A {object.kind} takes every connection of its parents
          {object.kind === 'TLSRoute' ? ' for its hosts' : ''}. Its weights are shifted on the page Traffic
          shifting; what else it holds is kept, and edited as YAML.
        </p>
      </>
    )
  }
  return <p className={classes.text}>There is no form for a {object.kind}: edit it as YAML.</p>
}

function PlainRules({ object }: { object: ConfigObject }) {
  const count = ['tcp', 'tls'].reduce(
    (sum, section) => sum + asList(getAt(object, ['spec', section])).length,
    0,
  )
  if (count === 0) return null
  return (
    <p className={classes.text} style={{ marginTop: 10 }}>
      {count === 1 ? 'Its one rule' : `Its ${count} rules`} for plain TCP and TLS {count === 1 ? 'is' : 'are'}{' '}
      kept, and edited as YAML.
    </p>
  )
}
