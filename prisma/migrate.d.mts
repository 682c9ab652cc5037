import type pg from "pg";

interface Migrated {
  applied: string[];
  role: string;
}

export function migrate(
  connectionString: string,
  folder: string,
  log?: (line: string) => void,
  options?: { role?: string | undefined },
): Promise<Migrated>;
export function migrateOver(
  db: pg.Client,
  folder: string,
  log: (line: string) => void,
  options?: { role?: string | undefined; until?: string | undefined },
): Promise<Migrated>;
export function migrationsIn(folder: string): string[];
