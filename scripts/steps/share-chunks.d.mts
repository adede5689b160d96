export function shareChunks(folder: string): { count: number; length: number }
