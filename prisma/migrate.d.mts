export function migrate(
  connectionString: string,
  folder: string,
  log?: (line: string) => void,
  options?: { role?: string | undefined },
): Promise<{ applied: string[]; role: string }>;
