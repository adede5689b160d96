/**
 * npm run pictures: takes the pictures of docs/screenshots from the embedded mesh and writes docs/tour.md.
 *
 *   names…                 only these views
 *   --only=pattern         only views whose name matches
 *   --to=folder            into another folder, every one in both schemes, and without the tour
 *   --width=N --height=N   of the window (1440 × 900)
 *   --url=http://…         of a Heddle that runs already; it must show what the views ask for
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launch } from '../bench/instruments/watched-page'
import { startHeddle } from '../support/heddle/heddle-process'
import { takePicture } from './picture'
import { prepareFacts, WORLDS } from './worlds'
import { VIEWS } from './tour'
import { tourText } from './tour-text'
import type { View, World } from './view'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    to: { type: 'string' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    url: { type: 'string' },
  },
})
const folder = values.to ?? 'docs/screenshots'
const size = { width: Number(values.width), height: Number(values.height) }
const pattern = values.only === undefined ? null : new RegExp(values.only)
const wanted = VIEWS.filter(
  ({ name }) => (positionals.length === 0 || positionals.includes(name)) && (pattern?.test(name) ?? true),
)
if (wanted.length === 0) {
  console.error('No view has such a name; see tests/pictures/sections.')
  process.exit(2)
}

mkdirSync(folder, { recursive: true })
const browser = await launch()
try {
  for (const [world, views] of byWorld(wanted)) {
    if (values.url && world !== 'bad-canary') continue
    const { env, prepare } = WORLDS[world]
    const heddle = values.url ? null : await startHeddle({ HEDDLE_DEMO_SEED: '7', ...env })
    const url = values.url ?? heddle?.url ?? ''
    try {
      await prepare?.(url)
      const facts = await prepareFacts(url, world)
      for (const view of views) {
        for (const scheme of ['light', 'dark'] as const) {
          if (scheme === 'dark' && !values.to && !view.isShownDark) continue
          const file = join(folder, `${view.name}${scheme === 'dark' ? '-dark' : ''}.webp`)
          try {
            writeFileSync(file, await takePicture(browser, url, view, facts, { scheme, size }))
            console.log(`▸ ${file}`)
          } catch (error) {
            console.error(
              `${view.name} in ${scheme}: ${error instanceof Error ? error.message : String(error)}`,
            )
            process.exitCode = 1
          }
        }
      }
    } finally {
      await heddle?.stop()
    }
  }
} finally {
  await browser.close()
}
if (!values.to) writeFileSync('docs/tour.md', tourText())

function byWorld(views: readonly View[]): Map<World, View[]> {
  const worlds = new Map<World, View[]>()
  for (const view of views) {
    const world = view.world ?? 'bad-canary'
    worlds.set(world, [...(worlds.get(world) ?? []), view])
  }
  return worlds
}
