/** `npm run analyze`: arguments to findings to text and an exit code. */
import { analyzeDocuments } from '@/lib/validation/analyze-documents'
import { ALL_CHECKERS } from '@/lib/validation/all-checkers'
import { SEVERITIES, type Finding, type Severity } from '@/lib/validation/finding'

export const USAGE = `npm run analyze -- [--fail-on error|warning|info] [--json] file.yaml …

Says what is wrong with the Kubernetes documents of all files together; no cluster is asked. - reads standard input.
Exit code: 0 nothing at or above --fail-on (error), 1 something, 2 the input cannot be read.`

export interface Outcome {
  code: 0 | 1 | 2
  out: string
  /** a sentence for standard error; empty for none */
  problem: string
}

interface Options {
  files: string[]
  failOn: Severity
  isJson: boolean
}

/** Runs the command; `read` answers the text of a file, or throws with why not. */
export function analyzeFiles(args: readonly string[], read: (file: string) => string, now: number): Outcome {
  if (args.includes('--help')) return { code: 0, out: USAGE, problem: '' }
  const options = readOptions(args)
  if (typeof options === 'string') return refuse(options)
  const sources: { file: string; firstLine: number }[] = []
  let documents = ''
  let lines = 0
  for (const file of options.files) {
    let text: string
    try {
      text = read(file)
    } catch (error) {
      return refuse(
        `${nameOf(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    // a file begins a document of its own, whatever the one before ends with
    const part = `${documents === '' ? '' : '---\n'}${text}${text.endsWith('\n') ? '' : '\n'}`
    sources.push({ file, firstLine: lines + (documents === '' ? 0 : 1) })
    documents += part
    lines += part.split('\n').length - 1
  }
  const { findings, problems } = analyzeDocuments({ documents }, { now, checkers: ALL_CHECKERS })
  const [problem] = problems
  if (problem) {
    const { file, line } = placeOf(sources, problem.line)
    return refuse(`${file}${line === null ? '' : ` line ${line}`}: ${problem.message}`)
  }
  const located = findings.map((finding) => ({ ...finding, ...placeOf(sources, finding.line) }))
  const bound = SEVERITIES.indexOf(options.failOn)
  const isBad = findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= bound)
  return {
    code: isBad ? 1 : 0,
    out: options.isJson ? JSON.stringify({ findings: located }, null, 2) : textOf(located),
    problem: '',
  }
}

type Located = Finding & { file: string }

function textOf(findings: readonly Located[]): string {
  if (findings.length === 0) return 'No findings.'
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  const lines = sorted.map(({ file, line, severity, code, object, message }) => {
    const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`
    return `${file}${line === null ? '' : `:${line}`}  ${severity}  ${code}  ${object.kind} ${name}\n    ${message}`
  })
  const counts = SEVERITIES.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  )
  const words = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`)
  return `${lines.join('\n')}\n\n${words.join(', ')}. What a code means: docs/checks, or /checks/CODE in Heddle.`
}

function placeOf(
  sources: readonly { file: string; firstLine: number }[],
  line: number | null,
): { file: string; line: number | null } {
  const source = line === null ? sources[0] : sources.findLast(({ firstLine }) => firstLine < line)
  if (!source) return { file: '', line }
  return { file: nameOf(source.file), line: line === null ? null : line - source.firstLine }
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file
}

function readOptions(args: readonly string[]): Options | string {
  const options: Options = { files: [], failOn: 'error', isJson: false }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--json') options.isJson = true
    else if (arg === '--fail-on' || arg.startsWith('--fail-on=')) {
      const value = arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (args[++at] ?? '')
      const severity = SEVERITIES.find((one) => one === value)
      if (!severity) return `--fail-on takes ${SEVERITIES.join(', ')}, not ${value || 'nothing'}`
      options.failOn = severity
    } else if (arg.startsWith('-') && arg !== '-') return `there is no option ${arg}; --help lists them`
    else options.files.push(arg)
  }
  return options.files.length > 0 ? options : 'name a file, or - for standard input; --help says more'
}

function refuse(problem: string): Outcome {
  return { code: 2, out: '', problem: `${problem.replace(/\.$/, '')}.` }
}
