'use client'

import { Button } from '@mantine/core'
import { asFields } from '@/lib/istio/edit/fields'
import { gatewayForm, k8sGatewayForm, NEW_LISTENER, NEW_SERVER } from '@/lib/istio/edit/entry/gateway'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { ChoiceField, FlagField, LabelsField, NumberField, TextField, TextsField } from '../fields/fields'
import { Part, Row } from '../fields/Part'
import { useBound } from '../fields/use-bound'
import classes from '../Routing.module.css'
import { RemoveButton } from '../rule/DestinationsPart'

interface Props {
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'GRPC-WEB', 'TCP', 'TLS', 'MONGO']
const LISTENER_PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP']
const TLS_MODES = [
  '',
  'SIMPLE',
  'MUTUAL',
  'OPTIONAL_MUTUAL',
  'PASSTHROUGH',
  'AUTO_PASSTHROUGH',
  'ISTIO_MUTUAL',
]

/** What is known, with what is written where that is something else. */
function choices(known: readonly string[], now: string, empty = 'not set') {
  return [...new Set([...known, now])].map((value) => ({ value, label: value === '' ? empty : value }))
}

/** A Gateway of Istio: which proxies listen, to what. */
export function GatewayForm({ object, onChange }: Props) {
  const { values, set, pathOf } = useBound(gatewayForm, {
    part: asFields(object),
    at: [],
    // the form changes spec alone
    onChange: (next) => onChange(next as unknown as ConfigObject),
  })
  const { selector, servers } = values
  return (
    <>
      <div className={classes.rule}>
        <Part
          title="Proxies"
          words={selector.map(([name, value]) => `${name}=${value}`).join(', ') || 'all'}
          isSet
        >
          <LabelsField
            label="Pods with all of these labels listen"
            path={pathOf('selector')}
            value={selector}
            onChange={(next) => set('selector', next)}
          />
        </Part>
      </div>
      {servers.map((server, place) => {
        const at = [...pathOf('servers'), place]
        const setOne = (next: Partial<typeof server>) =>
          set('servers', servers.with(place, { ...server, ...next }))
        const { tls } = server
        return (
          <div className={classes.rule} key={`${place} of ${servers.length}`}>
            <Part
              title={`Port ${server.portNumber ?? '—'}`}
              words={`${server.protocol} for ${server.hosts.join(', ') || 'no host'}`}
              isSet
            >
              <Row label="Port">
                <NumberField
                  label="Port"
                  width={90}
                  path={[...at, 'port', 'number']}
                  value={server.portNumber}
                  onChange={(portNumber) => setOne({ portNumber })}
                />
                <ChoiceField
                  label="Protocol"
                  width={130}
                  path={[...at, 'port', 'protocol']}
                  value={server.protocol}
                  options={choices(PROTOCOLS, server.protocol)}
                  onChange={(protocol) => setOne({ protocol })}
                />
                <TextField
                  label="Name of the port"
                  width={130}
                  path={[...at, 'port', 'name']}
                  value={server.portName}
                  onChange={(portName) => setOne({ portName })}
                />
                <RemoveButton
                  name={`port ${server.portNumber}`}
                  isDisabled={servers.length === 1}
                  onClick={() =>
                    set(
                      'servers',
                      servers.filter((_, each) => each !== place),
                    )
                  }
                />
              </Row>
              <TextsField
                label="Hosts"
                path={[...at, 'hosts']}
                value={server.hosts}
                onChange={(hosts) => setOne({ hosts })}
              />
              {tls ? (
                <Row label="TLS">
                  <ChoiceField
                    label="TLS"
                    width={170}
                    path={[...at, 'tls', 'mode']}
                    value={tls.mode}
                    options={choices(TLS_MODES, tls.mode, 'no TLS')}
                    onChange={(mode) => setOne({ tls: { ...tls, mode } })}
                  />
                  <TextField
                    label="Secret of the certificate"
                    path={[...at, 'tls', 'credentialName']}
                    value={tls.credentialName}
                    onChange={(credentialName) => setOne({ tls: { ...tls, credentialName } })}
                  />
                  <ChoiceField
                    label="At least TLS"
                    width={130}
                    path={[...at, 'tls', 'minProtocolVersion']}
                    value={tls.minProtocolVersion}
                    options={choices(['', 'TLSV1_2', 'TLSV1_3'], tls.minProtocolVersion, 'as preset')}
                    onChange={(minProtocolVersion) => setOne({ tls: { ...tls, minProtocolVersion } })}
                  />
                  <FlagField
                    label="Redirect HTTP to HTTPS"
                    path={[...at, 'tls', 'httpsRedirect']}
                    value={tls.httpsRedirect}
                    onChange={(httpsRedirect) => setOne({ tls: { ...tls, httpsRedirect } })}
                  />
                </Row>
              ) : (
                <div>
                  <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() =>
                      setOne({
                        tls: {
                          mode: 'SIMPLE',
                          credentialName: '',
                          httpsRedirect: false,
                          minProtocolVersion: '',
                        },
                      })
                    }
                  >
                    Set TLS
                  </Button>
                </div>
              )}
            </Part>
          </div>
        )
      })}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => set('servers', [...servers, { ...NEW_SERVER }])}
      >
        Listen to another port
      </Button>
    </>
  )
}

/** A Gateway of the Gateway API. */
export function K8sGatewayForm({ object, onChange }: Props) {
  const { values, set, pathOf } = useBound(k8sGatewayForm, {
    part: asFields(object),
    at: [],
    // the form changes spec alone
    onChange: (next) => onChange(next as unknown as ConfigObject),
  })
  const { listeners } = values
  return (
    <>
      {listeners.map((listener, place) => {
        const at = [...pathOf('listeners'), place]
        const setOne = (next: Partial<typeof listener>) =>
          set('listeners', listeners.with(place, { ...listener, ...next }))
        return (
          <div className={classes.rule} key={`${place} of ${listeners.length}`}>
            <Part
              title={`Listener ${listener.name}`}
              words={`${listener.protocol} ${listener.port ?? '—'} for ${listener.hostname || 'every host'}`}
              isSet
            >
              <Row label="Listener">
                <TextField
                  label="Name"
                  width={130}
                  path={[...at, 'name']}
                  value={listener.name}
                  onChange={(name) => setOne({ name })}
                />
                <TextField
                  label="Host name"
                  path={[...at, 'hostname']}
                  placeholder="every host"
                  value={listener.hostname}
                  onChange={(hostname) => setOne({ hostname })}
                />
                <NumberField
                  label="Port"
                  width={90}
                  path={[...at, 'port']}
                  value={listener.port}
                  onChange={(port) => setOne({ port })}
                />
                <ChoiceField
                  label="Protocol"
                  width={120}
                  path={[...at, 'protocol']}
                  value={listener.protocol}
                  options={choices(LISTENER_PROTOCOLS, listener.protocol)}
                  onChange={(protocol) => setOne({ protocol })}
                />
                <ChoiceField
                  label="Routes from"
                  width={150}
                  path={[...at, 'allowedRoutes']}
                  value={listener.allowedFrom}
                  options={choices(
                    ['', 'Same', 'All', 'Selector'],
                    listener.allowedFrom,
                    'its own namespace',
                  )}
                  onChange={(allowedFrom) => setOne({ allowedFrom })}
                />
                <RemoveButton
                  name={`listener ${listener.name}`}
                  isDisabled={listeners.length === 1}
                  onClick={() =>
                    set(
                      'listeners',
                      listeners.filter((_, each) => each !== place),
                    )
                  }
                />
              </Row>
              {listener.protocol === 'HTTPS' || listener.protocol === 'TLS' ? (
                <Row label="TLS">
                  <ChoiceField
                    label="TLS"
                    width={150}
                    path={[...at, 'tls', 'mode']}
                    value={listener.tlsMode}
                    options={choices(['', 'Terminate', 'Passthrough'], listener.tlsMode, 'ends here')}
                    onChange={(tlsMode) => setOne({ tlsMode })}
                  />
                  <TextsField
                    label="Secrets of the certificates"
                    width={300}
                    path={[...at, 'tls']}
                    value={listener.certificates}
                    onChange={(certificates) => setOne({ certificates })}
                  />
                </Row>
              ) : null}
            </Part>
          </div>
        )
      })}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() =>
          set('listeners', [...listeners, { ...NEW_LISTENER, name: `http-${listeners.length + 1}` }])
        }
      >
        Add a listener
      </Button>
    </>
  )
}
