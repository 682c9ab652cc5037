import "server-only";
import { statement } from "@/lib/platform/db";

/** Failures of an hour that cost no wait. After them one attempt at a time, with doubling waits from 2 seconds to 15 minutes. */
export const FREE = {
  /** One account from one network: the person who mistypes, and whoever guesses from there. */
  "sign-in": 5,
  /** One account in a browser that it signed in with before. */
  "sign-in-device": 5,
  /** One network, whichever accounts it tries: many people may sit behind one. */
  "sign-in-network": 50,
  /** One account from networks that it never signed in from: guesses that are spread over many machines. */
  "sign-in-account": 20,
} as const;
export type CounterName = keyof typeof FREE;

/** What is counted, and of whom. Accounts stand here as keyed hashes: people type passwords into the wrong field. */
export type BackoffKey = readonly [counter: CounterName, of: string];

const WAIT = "sign-in-wait:";
const waitKey = ([counter, of]: BackoffKey) => `${WAIT}${counter}/${of}`;

/** Milliseconds until all of these are open again; 0 when they are. Writes nothing. */
export async function secondsBlocked(keys: readonly BackoffKey[]): Promise<number> {
  const now = Date.now();
  const [row] = await statement<{ until: string | null }>(
    "sign_in_shut_until",
    "SELECT max(expire) AS until FROM rate_limit WHERE key = ANY($1)",
    [keys.map(waitKey)],
  );
  return Math.max(0, Number(row?.until ?? 0) - now);
}

/** Shuts this for a while. @returns false when it is shut already, and then it stays as it is */
export async function addDelay(key: BackoffKey, seconds: number): Promise<boolean> {
  const now = Date.now();
  const rows = await statement(
    "sign_in_slow",
    `INSERT INTO rate_limit AS held (key, points, expire) VALUES ($1, 1, $2::bigint)
     ON CONFLICT (key) DO UPDATE SET points = 1, expire = $2::bigint WHERE held.expire <= $3::bigint RETURNING key`,
    [waitKey(key), now + seconds * 1_000, now],
  );
  return rows.length > 0;
}

/** Opens these at once. */
export const lift = (keys: readonly BackoffKey[]): Promise<unknown> =>
  statement("sign_in_lift", "DELETE FROM rate_limit WHERE key = ANY($1)", [keys.map(waitKey)]);

/** A network counts as an account's own for thirty days after a right password from there. */
const MARK = "sign-in-known:";
const DAY_MS = 86_400_000;
const MARK_MS = 30 * DAY_MS;

export async function isMarked(here: string): Promise<boolean> {
  const rows = await statement(
    "sign_in_known_here",
    "SELECT 1 FROM rate_limit WHERE key = $1 AND expire > $2::bigint",
    [MARK + here, Date.now()],
  );
  return rows.length > 0;
}

/** Written once a day at most: there are programs that send the password with every request. */
export async function mark(here: string): Promise<void> {
  const now = Date.now();
  await statement(
    "sign_in_mark_here",
    `INSERT INTO rate_limit AS held (key, points, expire) VALUES ($1, 1, $2::bigint)
     ON CONFLICT (key) DO UPDATE SET expire = $2::bigint WHERE held.expire < $3::bigint`,
    [MARK + here, now + MARK_MS, now + MARK_MS - DAY_MS],
  );
}

export interface BlockedKey {
  counter: CounterName;
  of: string;
  until: Date;
}

/** All that is shut now, longest first, at most a thousand. */
export async function listBlocked(): Promise<BlockedKey[]> {
  const rows = await statement<{ key: string; expire: string }>(
    "sign_in_all_slowed",
    "SELECT key, expire FROM rate_limit WHERE key LIKE $1 AND expire > $2::bigint ORDER BY expire DESC LIMIT 1000",
    [`${WAIT}%`, Date.now()],
  );
  return rows.map(({ key, expire }) => {
    const [counter = "", ...of] = key.slice(WAIT.length).split("/");
    return { counter: counter as CounterName, of: of.join("/"), until: new Date(Number(expire)) };
  });
}

/** Forgets counts and waits of these counters that are of this, or of a part of it. @returns how many waits */
export async function liftOf(counters: readonly CounterName[], of: string): Promise<number> {
  const keys = counters.flatMap((counter) => [`${counter}:${of}`, `${WAIT}${counter}/${of}`]);
  const [row] = await statement<{ lifted: string }>(
    "sign_in_lift_of",
    `WITH gone AS (
       DELETE FROM rate_limit r USING unnest($1::text[]) AS wanted
       WHERE r.key = wanted OR starts_with(r.key, wanted || '/') RETURNING r.key)
     SELECT count(*) FILTER (WHERE starts_with(key, $2)) AS lifted FROM gone`,
    [keys, WAIT],
  );
  return Number(row?.lifted ?? 0);
}

/** Forgets every count and wait of sign-ins. @returns how many waits */
export async function liftAll(): Promise<number> {
  const [row] = await statement<{ lifted: string }>(
    "sign_in_lift_all",
    `WITH gone AS (
       DELETE FROM rate_limit WHERE starts_with(key, $1) OR split_part(key, ':', 1) = ANY($2) RETURNING key)
     SELECT count(*) FILTER (WHERE starts_with(key, $1)) AS lifted FROM gone`,
    [WAIT, Object.keys(FREE)],
  );
  return Number(row?.lifted ?? 0);
}
