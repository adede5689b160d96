/** Most of the panel's code, which nobody needs before something is selected. */
export const loadNodePanel = () => import('./NodePanel').then((file) => file.NodePanel)
export const loadEdgePanel = () => import('./EdgePanel').then((file) => file.EdgePanel)
