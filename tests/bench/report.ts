/** The benchmark's table: what was measured, what it may be. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const PAGE = 'docs/benchmarks.md'

export interface Row {
  what: string
  /** in the unit of `unit` */
  measured: number
  budget: number
  unit: 'ms' | '×' | 'MB' | 'fps' | 'queries' | 'kB'
  /** true where more is better */
  isFloor?: boolean
  /** what the figure was made of */
  note?: string
}

export function isMet(row: Row): boolean {
  return row.isFloor ? row.measured >= row.budget : row.measured <= row.budget
}

/** Middle value; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

const figure = (value: number, unit: Row['unit']) =>
  `${value >= 100 ? Math.round(value) : Math.round(value * 100) / 100} ${unit}`

function line(row: Row): string {
  const sign = row.isFloor ? '≥' : '≤'
  const verdict = isMet(row) ? 'met' : '**missed**'
  return `| ${row.what} | ${figure(row.measured, row.unit)} | ${sign} ${figure(row.budget, row.unit)} | ${verdict} | ${row.note ?? ''} |`
}

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  return ['| what | measured | budget | | made of |', '|---|---:|---:|---|---|', ...rows.map(line)].join('\n')
}

/** Puts rows that were measured alone into docs/benchmarks.md: in the place of those of their name, new ones last. */
export function keepSome(rows: readonly Row[]): void {
  const lines = readFileSync(PAGE, 'utf8').split('\n')
  for (const row of rows) {
    const at = lines.findIndex((one) => one.startsWith(`| ${row.what} |`))
    if (at >= 0) lines[at] = line(row)
    else lines.splice(lines.findLastIndex((one) => one.startsWith('|')) + 1, 0, line(row))
  }
  writeFileSync(PAGE, lines.join('\n'))
}

/** Writes docs/benchmarks.md: the table with when, where and how. */
export function keep(rows: readonly Row[], mesh: string, day: string): void {
  const machine = `${cpus().length} cores, Node ${process.versions.node}, Debian's Prometheus and Chromium on the same machine, no GPU`
  writeFileSync(
    PAGE,
    `# Benchmarks

\`npm run bench\` makes this page: it starts the embedded mesh with 1,000 services, lets a real Prometheus scrape it, serves the production build from that Prometheus, and measures. It takes about half an hour. \`npm run bench -- lists traces details\` measures some parts alone and replaces their rows.

Last run: ${day}, ${machine}. ${mesh}

${table(rows)}

Ratios compare with the query run alone against the same Prometheus in the same run, so they hold on a slower machine too.
`,
  )
}
