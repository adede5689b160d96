import { fileURLToPath } from 'node:url'

/** The project's top folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
