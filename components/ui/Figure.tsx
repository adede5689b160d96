import { ABSENT } from '@/lib/units/number'

/** A number as a formatter wrote it; absence is explained instead of shown as zero. */
export function Figure({ text, why = 'Not measured', tone }: { text: string; why?: string; tone?: string }) {
  if (text !== ABSENT) {
    return (
      <span className="num" {...(tone ? { style: { color: `var(--hd-${tone}-text)` } } : {})}>
        {text}
      </span>
    )
  }
  return (
    // the browser's own hint: tables hold hundreds of these
    <span className="num" style={{ color: 'var(--hd-text-3)' }} role="img" aria-label={why} title={why}>
      {ABSENT}
    </span>
  )
}
