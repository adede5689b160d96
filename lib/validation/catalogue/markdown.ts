/** The catalogue as pages of docs/checks: one a family of codes. */
import type { Severity } from '../finding'
import type { CheckHelp } from './help'

export interface DocumentedCheck extends CheckHelp {
  code: string
  severity: Severity
}

const FAMILIES = [
  { prefix: 'IST', file: 'istio.md', title: 'Checks of Istio' },
  { prefix: 'KIA', file: 'kiali.md', title: 'Checks of Kiali that Istio lacks' },
  { prefix: 'HED', file: 'heddle.md', title: 'Heddle’s own checks' },
] as const

/** Text by file name, for every family that has checks. */
export function checkPages(checks: readonly DocumentedCheck[]): Map<string, string> {
  const pages = new Map<string, string>()
  for (const { prefix, file, title } of FAMILIES) {
    const own = checks.filter(({ code }) => code.startsWith(prefix))
    if (own.length > 0) pages.set(file, page(title, own))
  }
  return pages
}

function page(title: string, checks: readonly DocumentedCheck[]): string {
  const head = `# ${title}\n\nWritten by \`npx tsx scripts/generate-check-docs.ts\` from lib/validation/catalogue; the same is shown at \`/checks\`.\n`
  return [head, ...checks.map(section)].join('\n')
}

function section({
  code,
  severity,
  title,
  kinds,
  meaning,
  harm,
  fix,
  before,
  after,
}: DocumentedCheck): string {
  return `## ${code}: ${title}

${severity}, on ${kinds.join(', ')}

${meaning}

**Why it hurts.** ${harm}

**How to fix it.** ${fix}

\`\`\`yaml
# before
${before}
\`\`\`

\`\`\`yaml
# after
${after}
\`\`\`
`
}
