/** Words for a page that could not be drawn. Pure. */

export interface DrawFailure {
  title: string
  text: string
  /** false: drawing it again fails again, since the browser keeps asking for a script that is not there */
  canDrawAgain: boolean
}

/** An updated Heddle no longer has the scripts of pages that were opened before; a broken connection looks the same. */
export function drawFailure(error: { name: string; message: string; digest?: string }): DrawFailure {
  if (error.name === 'ChunkLoadError' || error.message.startsWith('Failed to load chunk')) {
    return {
      title: 'A part of this page could not be loaded',
      text: 'Heddle was updated since this page was opened, or the connection to it broke.',
      canDrawAgain: false,
    }
  }
  const digest = error.digest ? ` (${error.digest})` : ''
  return {
    title: 'This page failed to draw',
    text: `${error.message.trim().replace(/\.$/, '')}${digest}. The rest of Heddle works on.`,
    canDrawAgain: true,
  }
}
