import type { Core } from 'cytoscape'

/** What Cytoscape keeps of its own renderer and does not speak of in its types. */
interface Renderer {
  render: (options: unknown) => void
}

/**
 * Takes drawing away from Cytoscape, or gives it back: it keeps places, viewport and pointer, and says `render` at
 * each frame as before. Going through a thousand invisible nodes takes it a tenth of a second.
 */
export function drawNothing(cy: Core, isOn: boolean): void {
  const renderer = (cy as unknown as { renderer(): Partial<Renderer> | null }).renderer()
  // without a screen there is nothing to take away
  if (!renderer?.render) return
  if (isOn) renderer.render = () => void cy.emit('render')
  // the one of its class shows again
  else delete renderer.render
}
