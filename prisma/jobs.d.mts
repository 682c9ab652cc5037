import type pg from "pg";

export function applyJobs(db: pg.Client, options: { role: string; log: (line: string) => void }): Promise<void>;
