export function makeFolder(path: string, mode: number): void;
export function makePassingFolder(parent: string, prefix: string): string;
