/** Parts of the UTC date of a value in seconds since the epoch. */
export const DATE_FUNCTIONS: Readonly<Record<string, (seconds: number) => number>> = {
  minute: (seconds) => dateOf(seconds).getUTCMinutes(),
  hour: (seconds) => dateOf(seconds).getUTCHours(),
  day_of_week: (seconds) => dateOf(seconds).getUTCDay(),
  day_of_month: (seconds) => dateOf(seconds).getUTCDate(),
  day_of_year: (seconds) => {
    const date = dateOf(seconds)
    const start = Date.UTC(date.getUTCFullYear(), 0, 1)
    return Math.floor((date.getTime() - start) / 86_400_000) + 1
  },
  days_in_month: (seconds) => {
    const date = dateOf(seconds)
    return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  },
  month: (seconds) => dateOf(seconds).getUTCMonth() + 1,
  year: (seconds) => dateOf(seconds).getUTCFullYear(),
}

function dateOf(seconds: number): Date {
  return new Date(Math.trunc(seconds) * 1000)
}
