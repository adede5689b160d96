/** Under which the choice is kept in this browser, behind the prefix of all tastes. */
export const FOLDED_TASTE = 'navigation.folded'

/**
 * Marks the document before its first frame where the navigation is folded: its room is made by CSS (app/globals.css),
 * so that nothing moves once React knows what was chosen.
 */
export const FOLD_SCRIPT = `try{if(localStorage.getItem('heddle.${FOLDED_TASTE}')==='true')document.documentElement.dataset.navigation='folded'}catch{}`
