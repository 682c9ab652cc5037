export function buildClients(names?: string[]): Promise<void>;
