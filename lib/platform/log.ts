import "server-only";
import pino from "pino";
import { env } from "@/lib/platform/env";

/**
 * What a log line may hold. The list is closed: a line is built from these fields and from nothing else, whatever an object holds
 * besides, so that a secret has no way in. Text is cut and stripped of control characters; pino's JSON does the rest.
 */
export interface LogFields {
  requestId?: string;
  orgId?: string;
  actorKind?: string;
  actorId?: string;
  method?: string;
  /** The route's pattern, never the path or the query. */
  route?: string;
  status?: number;
  durationMs?: number;
  code?: string;
  /** Class and code of an unforeseen error; its message can carry values, so it is left out. */
  error?: string;
  /** Source places of an unforeseen error, without its message. */
  at?: string[];
  seq?: string;
  hash?: string;
  count?: number;
  address?: string;
  keyId?: string;
  /** What the line speaks of, by its id. */
  targetId?: string;
  purpose?: string;
}

/** The same names for whoever builds a line. */
const NAMES: Record<keyof LogFields, true> = {
  requestId: true,
  orgId: true,
  actorKind: true,
  actorId: true,
  method: true,
  route: true,
  status: true,
  durationMs: true,
  code: true,
  error: true,
  at: true,
  seq: true,
  hash: true,
  count: true,
  address: true,
  keyId: true,
  targetId: true,
  purpose: true,
};

let logger: pino.Logger | undefined;

function sink(): pino.Logger {
  logger ??= pino({ level: env().LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return logger;
}

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = Exclude<(typeof LEVELS)[number], "silent">;

type Listener = (level: LogLevel, message: string, fields: LogFields) => void;
// Next loads this module once per layer: somebody else hears all of them.
const holder = globalThis as typeof globalThis & { latchkeyLogListener?: Listener | undefined };

/** Has somebody else hear every line that is written, as it is written. */
export function alsoTell(one: Listener | undefined): void {
  holder.latchkeyLogListener = one;
}

/** A warning that names an error is of something that is tried again and again: one line for each kind in so long. */
const QUIET_MS = 60_000;
const KINDS_MAX = 200;
let kinds = new Map<string, { spokenAt: number; silent: number }>();

function write(level: LogLevel, message: string, given: LogFields = {}): void {
  // Most lines are below the level, and are not made.
  if (LEVELS.indexOf(level) < LEVELS.indexOf(env().LOG_LEVEL)) return;
  const fields = level === "warn" && given.error !== undefined ? onceAMinute(message, given) : given;
  if (!fields) return;
  const named = Object.entries(fields).filter(([name]) => Object.hasOwn(NAMES, name));
  const told: LogFields = Object.fromEntries(named.map(([name, value]) => [name, printable(value)]));
  const words = String(printable(message));
  sink()[level](told, words);
  holder.latchkeyLogListener?.(level, words, told);
}

/** What to say of it: at first everything, then nothing, and after a while how often it was there meanwhile. */
function onceAMinute(message: string, fields: LogFields): LogFields | undefined {
  const { requestId: _, at: __, count = 0, ...what } = fields;
  const name = JSON.stringify([message, what]);
  const kind = kinds.get(name);
  const now = Date.now();
  if (kind && now - kind.spokenAt < QUIET_MS) {
    kind.silent += 1 + count;
    return undefined;
  }
  if (kinds.size >= KINDS_MAX) kinds = new Map();
  kinds.set(name, { spokenAt: now, silent: 0 });
  const silent = (kind?.silent ?? 0) + count;
  // Where it came from was said the first time.
  return silent > 0 ? { ...fields, at: undefined, count: silent } : fields;
}

export const log = {
  debug: (message: string, fields?: LogFields) => write("debug", message, fields),
  info: (message: string, fields?: LogFields) => write("info", message, fields),
  warn: (message: string, fields?: LogFields) => write("warn", message, fields),
  error: (message: string, fields?: LogFields) => write("error", message, fields),
};

/** Somebody hung up, or the database is away: where our program stood by then tells nobody anything. */
const FORESEEN = /^(E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)|57P0[1-3]|08\d{3}|53\d{3})$/;

/** What may be said of an error that nobody foresaw: its class, its code and, unless that says enough, where it came from. */
export function traceOf(error: unknown): Pick<LogFields, "error" | "at"> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  if (error.name === "Refusal" || (typeof code === "string" && FORESEEN.test(code)))
    return { error: typeof code === "string" ? `${error.name} ${code}` : error.name };
  const places = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    error: typeof code === "string" ? `${error.name} ${code}` : error.name,
    at: places.slice(0, 8).map((line) => line.trim()),
  };
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

function printable(value: unknown): unknown {
  return typeof value === "string" ? value.replace(CONTROLS, "�").slice(0, 256) : value;
}
