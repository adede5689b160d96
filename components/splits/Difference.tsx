import { IconArrowDownRight, IconArrowUpRight, IconEqual, IconHourglassEmpty } from '@tabler/icons-react'
import type { Comparison } from '@/lib/api/schemas/config/splits'
import classes from './Splits.module.css'
import { verdictSentence, verdictText, type Unit } from './words'

const ICONS = {
  worse: IconArrowUpRight,
  better: IconArrowDownRight,
  none: IconEqual,
  notEnough: IconHourglassEmpty,
}

/** A version against the baseline, under its figure: what, how much, how sure. */
export function Difference({ comparison, unit }: { comparison: Comparison; unit: Unit }) {
  const Icon = ICONS[comparison.verdict]
  return (
    // the browser's own hint: a page holds dozens of these
    <span
      className={classes.difference}
      data-verdict={comparison.verdict}
      title={verdictSentence(comparison, unit)}
    >
      <Icon size={12} aria-hidden />
      {comparison.verdict === 'worse' || comparison.verdict === 'better' ? (
        <span className={classes.hidden}>{comparison.verdict}: </span>
      ) : null}
      {verdictText(comparison, unit)}
    </span>
  )
}
