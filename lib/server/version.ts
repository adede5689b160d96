import 'server-only'
import manifest from '@/package.json'

/** Version of this Heddle. */
export const version: string = manifest.version
