// The bundler gives each group of entries a copy of the same code: a process would hold the text of all of them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A chunk is a list of modules by id; whatever else lies there is left alone. */
const CHUNK = /^module\.exports\s*=\s*\[/
const NAME_OF_MAP = /\s*\/\/# sourceMappingURL=\S+\s*$/

/**
 * Of the chunks of a folder that hold the same code only the first keeps it, the others hand on to it. The runtime
 * takes each module once, from whichever chunk comes first, so nothing that runs is different.
 * Answers how many were changed, and how many characters of code they had.
 */
export function shareChunks(folder) {
  const first = new Map()
  const shared = { count: 0, length: 0 }
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.js')) continue
    const text = readFileSync(join(folder, name), 'utf8')
    if (!CHUNK.test(text)) continue
    const code = text.replace(NAME_OF_MAP, '')
    const same = first.get(code)
    if (same === undefined) {
      first.set(code, name)
      continue
    }
    writeFileSync(join(folder, name), `module.exports = require(${JSON.stringify(`./${same}`)})\n`)
    rmSync(join(folder, `${name}.map`), { force: true })
    shared.count += 1
    shared.length += code.length
  }
  return shared
}
