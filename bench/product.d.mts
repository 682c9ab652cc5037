import type { EmbeddedDatabase } from "../deploy/database.mjs";

export interface Product {
  url: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  readonly pid: number;
  readonly exitCode: number | null;
  log(): string;
  start(more?: Record<string, string>): Promise<void>;
  startRefused(more?: Record<string, string>): Promise<{ code: number; words: string }>;
  kill(): Promise<void>;
  terminate(): Promise<number | null>;
  command(args: string[], more?: Record<string, string>): Promise<{ stdout: string; stderr: string }>;
  openDatabase(): Promise<EmbeddedDatabase>;
  stop(): Promise<void>;
}

export function startProduct(settings?: Record<string, string>, tree?: string): Promise<Product>;
export function runProgram(product: Product, file: string, args: string[]): Promise<string>;
