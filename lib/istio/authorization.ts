/** What AuthorizationPolicies are about, whatever their rules. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asText, specOf } from '@/lib/validation/read'

/** ALLOW where the policy does not say. */
export function actionOf(policy: ConfigObject): string {
  return asText(specOf(policy).action) || 'ALLOW'
}

/**
 * Only tried: proxies log what it would do, and do nothing. Read as Go reads a boolean; what is none is no dry run.
 * Source: istio/istio pilot/pkg/security/authz/builder/builder.go, isDryRun
 */
export function isDryRun({ metadata }: Pick<ConfigObject, 'metadata'>): boolean {
  return /^(1|t|T|true|TRUE|True)$/.test(metadata.annotations?.['istio.io/dry-run'] ?? '')
}
