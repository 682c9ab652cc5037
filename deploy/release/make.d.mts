export function makeRelease(root: string, into: string): Promise<string[]>;
