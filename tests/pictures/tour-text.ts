import { TOUR } from './tour'
import type { View } from './view'

/** docs/tour.md, made of the views. */
export function tourText(): string {
  const parts = TOUR.map(({ title, says, views }) => [`## ${title}`, says, ...views.map(textOf)].join('\n\n'))
  return `${[
    '# A tour',
    'Every page, in pictures of the embedded mesh that `npm start` serves, most of them while its scenario _Bad canary_ runs. `npm run pictures` takes them anew and writes this page.',
    ...parts,
  ].join('\n\n')}\n`
}

function textOf({ name, title, says, isShownDark }: View): string {
  const picture = (file: string, words: string) => `![${words}](screenshots/${file}.webp)`
  return [
    `**${title}.** ${says}`,
    [picture(name, title), ...(isShownDark ? [picture(`${name}-dark`, `${title}, in dark`)] : [])].join('\n'),
  ].join('\n\n')
}
