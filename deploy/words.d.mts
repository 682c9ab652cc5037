export function wordsOf(error: unknown): string;
export function isOfFiles(error: unknown): boolean;
