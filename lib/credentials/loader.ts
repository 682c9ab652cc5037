import "server-only";
import DataLoader from "dataloader";
import { statement } from "@/lib/platform/db";

interface Key {
  orgId: string;
  id: string;
}

/** Ids of one call, so that the first in it does not wait for too many others. */
const CALL_MAX = 64;

/**
 * Reads rows by id, where requests that arrive in the same turn of the event loop share a call of the database, one for each
 * organisation (measured: the call costs more than the row). Nothing is kept: what is asked for now is read after now.
 * `text` takes the organisation and an array of ids.
 */
export function loader<Row extends { id: string }>(name: string, text: string) {
  const call = async (orgId: string, ids: Set<string>): Promise<(id: string) => Row | Error | undefined> => {
    try {
      const rows = new Map((await statement<Row>(name, text, [orgId, [...ids]])).map((row) => [row.id, row]));
      return (id) => rows.get(id);
    } catch (error) {
      return () => error as Error;
    }
  };
  const batch = async (keys: readonly Key[]) => {
    const asked = new Map<string, Set<string>>();
    for (const { orgId, id } of keys) asked.set(orgId, (asked.get(orgId) ?? new Set()).add(id));
    const calls = [...asked].map(async ([orgId, ids]) => [orgId, await call(orgId, ids)] as const);
    const answers = new Map(await Promise.all(calls));
    return keys.map(({ orgId, id }) => answers.get(orgId)?.(id));
  };
  const rows = new DataLoader<Key, Row | undefined>(batch, {
    cache: false,
    maxBatchSize: CALL_MAX,
    batchScheduleFn: setImmediate,
  });
  return (orgId: string, id: string): Promise<Row | undefined> => rows.load({ orgId, id });
}
