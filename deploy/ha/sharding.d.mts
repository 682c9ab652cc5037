import type pg from "pg";

export const REFERENCE: Record<string, string>;
export const LOCAL: Record<string, string>;

export interface Sharding {
  distributed: string[];
  reference: string[];
  local: string[];
  problems: string[];
}

export function shardingOf(db: pg.Client): Promise<Sharding>;
export function statementsFor(found: Sharding): string[];
