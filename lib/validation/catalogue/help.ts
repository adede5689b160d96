/** What a person needs to know of a code, in our words; shown at /checks/[code] and written to docs/checks. */
export interface CheckHelp {
  /** what is wrong, in a few words */
  title: string
  /** kinds of the objects it is reported on */
  kinds: readonly string[]
  /** when it is reported */
  meaning: string
  /** what happens to traffic, or to people, if it stays */
  harm: string
  fix: string
  /** parts of YAML: one that is reported, and the same put right */
  before: string
  after: string
}

/** By code. */
export type Catalogue = Readonly<Record<string, CheckHelp>>
