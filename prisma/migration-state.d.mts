import type pg from "pg";

export function migrationState(
  db: pg.Client,
  folder: string,
): Promise<{ pending: string[]; newer: string[]; changed: string[]; serves: boolean }>;
