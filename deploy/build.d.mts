export function buildServer(): Promise<void>;
export function buildConsole(): Promise<void>;
