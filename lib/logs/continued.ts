/** Lines that go on with what the line before them began: the frames of a stack trace, a value written over several lines. */
import type { LogLevel } from './line'

/** What was written so much later was written for itself. */
const MOST_APART_MS = 1_000
/** An exception is printed right after the line that tells of it. */
const SOON_MS = 50
/** A program that indents all it writes still gets its lines. */
const MOST_LINES = 500

const FRAME = /^\s+(?:at \S|File ")|^#\d+ /
/** Indented, or as Java, .NET, Python, PHP and Rust go on. */
const GOES_ON =
  /^(?:\s+\S|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)|--- End of |#\d+ |Stack trace:|stack backtrace:|note: |[}\])]+[,;]?\s*$)/
/** Such a line says its own level though it belongs to what is above. */
const CAUSE = /^(?:Caused by: |Suppressed: |Traceback \(most recent call last\))/
const TRACEBACK = /^Traceback \(most recent call last\)/
const CHAINED = /^(?:During handling of the above exception|The above exception was the direct cause)/
const GO_BEGINS = /^(?:panic: |fatal error: |goroutine \d+ \[)/
const GO_GOES_ON = /^(?:goroutine \d+ \[|created by |exit status \d+|\[signal |$)/
/** `main.(*Server).handle(0xc000, {0x1, 0x2})` up to its arguments; that it ends with `)` is looked at apart, since a
 * pattern for both takes squares of a line's length. */
const GO_CALL = /^[\w./*()$-]+\(/
/** `java.lang.IllegalStateException: …`, `ValueError: …`, with nothing before it. */
const THROWN = /^(?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error|Throwable|Panic)(?::|$)/

interface Line {
  atMs: number
  pod: string
  container: string
  level: LogLevel | null
  text: string
  access: unknown
}

interface Group<T> {
  head: T
  texts: string[]
  level: LogLevel | null
  lastMs: number
  isGo: boolean
  /** Python names the exception under its frames, without indent */
  awaitsException: boolean
}

/**
 * The same lines, with those that continue another joined to it: its text in several lines, how many they are, and the
 * level that the first of them to give one gives: a program that warns of an exception knows best. A stack trace that
 * gives none is an error. Order is that of the first lines; what
 * other containers wrote between does not part them. https://docs.fluentbit.io/manual/pipeline/parsers/multiline-parsing
 */
export function joinContinued<T extends Line>(lines: readonly T[]): (T & { lines: number })[] {
  const groups: Group<T>[] = []
  const open = new Map<string, Group<T>>()
  for (const line of lines) {
    const of = `${line.pod}/${line.container}`
    const group = open.get(of)
    if (group && continues(line, group)) {
      add(line, group)
      continue
    }
    const begun = {
      head: line,
      texts: [line.text],
      level: line.level,
      lastMs: line.atMs,
      isGo: GO_BEGINS.test(line.text),
      awaitsException: TRACEBACK.test(line.text),
    }
    groups.push(begun)
    open.set(of, begun)
  }
  return groups.map(({ head, texts, level }) => ({
    ...head,
    level,
    text: texts.length === 1 ? head.text : texts.join('\n').trimEnd(),
    lines: texts.length,
  }))
}

function continues({ atMs, text, level, access }: Line, group: Group<Line>): boolean {
  if (access !== null || group.head.access !== null) return false
  if (atMs - group.lastMs > MOST_APART_MS || group.texts.length >= MOST_LINES) return false
  if (FRAME.test(text) || CAUSE.test(text)) return isPart(text, group, atMs)
  if (level !== null) return GO_BEGINS.test(text) && group.isGo
  // traces have blank lines between their parts
  if (text.trim() === '' && group.texts.length > 1) return true
  if (GOES_ON.test(text) || group.awaitsException || CHAINED.test(text)) return true
  if (group.isGo && (GO_GOES_ON.test(text) || (text.endsWith(')') && GO_CALL.test(text)))) return true
  return isSoon(group, atMs) && (THROWN.test(text) || GO_BEGINS.test(text))
}

/** A trace that begins by itself belongs to the error that was told of just before, or to a trace that goes on. */
function isPart(text: string, group: Group<Line>, atMs: number): boolean {
  return !TRACEBACK.test(text) || isSoon(group, atMs) || group.texts.some((one) => CHAINED.test(one))
}

function isSoon({ level, lastMs }: Group<Line>, atMs: number): boolean {
  return (level === 'error' || level === 'warning') && atMs - lastMs <= SOON_MS
}

function add<T extends Line>(line: T, group: Group<T>): void {
  const { text } = line
  if (TRACEBACK.test(text)) group.awaitsException = true
  else if (/^\S/.test(text)) group.awaitsException = false
  group.isGo ||= GO_BEGINS.test(text)
  group.texts.push(text)
  group.lastMs = line.atMs
  group.level ??= line.level ?? (FRAME.test(text) ? 'error' : null)
}
