export function readFunctions(folder: string): { name: string; sql: string }[];
export function fingerprintOf(folder: string): string;
