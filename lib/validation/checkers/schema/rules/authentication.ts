import type { FieldPath } from '@/lib/validation/finding'
import {
  asFields,
  asList,
  asText,
  asTexts,
  isFields,
  items,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { checkTargets } from './policies'
import type { Rules, Say } from './say'
import { checkDuration, checkSelector, isHeaderName } from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidatePeerAuthentication */
export const peerAuthenticationRules: Rules = (object, say) => {
  const { selector, portLevelMtls } = specOf(object)
  checkSelector(
    selector,
    'matchLabels',
    ['spec', 'selector'],
    say,
    'applies to all workloads of the namespace',
  )
  if (!isFields(portLevelMtls)) return
  const path = ['spec', 'portLevelMtls']
  const ports = Object.keys(portLevelMtls)
  const isForWorkloads = Object.keys(asFields(asFields(selector).matchLabels)).length > 0
  if (ports.length === 0) say.error(path, 'portLevelMtls is empty. Name a port, or remove it.')
  else if (!isForWorkloads) {
    say.error(
      path,
      'Modes of single ports are for selected workloads. Add a selector, or remove portLevelMtls.',
    )
  }
  for (const port of ports) {
    if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535) {
      say.error([...path, port], `${port} is no port. Use a number from 1 to 65535.`)
    }
  }
}

/** Source: istio/istio pkg/config/validation/validation.go, ValidateRequestAuthentication */
export const requestAuthenticationRules: Rules = (object, say) => {
  const spec = specOf(object)
  checkTargets(spec, say)
  for (const [rule, index] of items(spec.jwtRules)) checkJwtRule(rule, ['spec', 'jwtRules', index], say)
}

function checkJwtRule(rule: Fields, path: FieldPath, say: Say): void {
  const jwksUri = asText(rule.jwksUri)
  if (asText(rule.issuer) === '' && jwksUri === '')
    say.error(path, 'A rule for tokens needs an issuer, or a jwksUri.')
  for (const [index, audience] of asTexts(rule.audiences).entries()) {
    if (audience === '') say.error([...path, 'audiences', index], 'An audience cannot be empty.')
  }
  if (jwksUri !== '' && !(URL.canParse(jwksUri) && /^https?:$/.test(new URL(jwksUri).protocol))) {
    say.error([...path, 'jwksUri'], `${jwksUri} is no address of keys. Use http or https.`)
  }
  const jwks = asText(rule.jwks)
  if (jwks !== '' && !isKeySet(jwks))
    say.error([...path, 'jwks'], 'jwks is no set of keys: it must be JSON with a list of keys.')
  for (const [location, index] of items(rule.fromHeaders)) {
    if (asText(location.name) === '')
      say.error([...path, 'fromHeaders', index], 'A header that carries tokens needs a name.')
  }
  for (const field of ['fromParams', 'fromCookies']) {
    for (const [index, name] of asList(rule[field]).entries()) {
      if (name === '') say.error([...path, field, index], 'A name cannot be empty.')
    }
  }
  for (const [output, index] of items(rule.outputClaimToHeaders)) {
    const at = [...path, 'outputClaimToHeaders', index]
    const header = asText(output.header)
    if (asText(output.claim) === '' || header === '')
      say.error(at, 'A claim that is copied needs both claim and header.')
    else if (!isHeaderName(header)) say.error([...at, 'header'], `${header} is no header name.`)
  }
  checkDuration(rule.timeout, [...path, 'timeout'], say)
}

function isKeySet(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text)
    return isFields(parsed) && (Array.isArray(parsed.keys) || typeof parsed.kty === 'string')
  } catch {
    return false
  }
}
