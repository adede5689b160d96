import type { KeyRow } from '@/components/keys/key-rows'

/** The keys of the graph, while it has the focus. Binds them, and tells of them. */
export const CANVAS_KEYS = [
  {
    keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    does: 'walk',
    words: 'Walk from node to node',
  },
  {
    keys: ['Shift ArrowLeft', 'Shift ArrowRight', 'Shift ArrowUp', 'Shift ArrowDown'],
    does: 'pan',
    words: 'Move the picture',
  },
  { keys: ['Enter', ' '], does: 'select', words: 'Select the node one is at' },
  { keys: ['ContextMenu', 'Shift F10'], does: 'menu', words: 'What can be done with the node one is at' },
  { keys: ['Escape'], does: 'leave', words: 'Select nothing' },
  { keys: ['+', '='], does: 'zoomIn', words: 'Closer' },
  { keys: ['-'], does: 'zoomOut', words: 'Further' },
  { keys: ['0'], does: 'fit', words: 'Everything in sight' },
] as const satisfies readonly KeyRow[]
