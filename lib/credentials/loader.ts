import "server-only";
import { statement } from "@/lib/platform/db";

interface LoadRequest<Row> {
  id: string;
  resolve: (row: Row | undefined) => void;
  reject: (error: unknown) => void;
}

/** Ids of one call, so that the first in it does not wait for too many others. */
const CALL_MAX = 64;

/**
 * Reads rows by id, where requests that arrive in the same turn of the event loop share one call of the database
 * (measured: the call costs more than the row). Nothing is kept: what is asked for now is read after now.
 * `text` takes the organisation and an array of ids.
 */
export function loader<Row extends { id: string }>(name: string, text: string) {
  const asked = new Map<string, LoadRequest<Row>[]>();
  return (orgId: string, id: string): Promise<Row | undefined> =>
    new Promise((resolve, reject) => {
      const waiting = asked.get(orgId);
      if (waiting) {
        waiting.push({ id, resolve, reject });
        return;
      }
      asked.set(orgId, [{ id, resolve, reject }]);
      setImmediate(() => {
        const all = asked.get(orgId) ?? [];
        asked.delete(orgId);
        for (let from = 0; from < all.length; from += CALL_MAX)
          void read(name, text, orgId, all.slice(from, from + CALL_MAX));
      });
    });
}

async function read<Row extends { id: string }>(name: string, text: string, orgId: string, asked: LoadRequest<Row>[]) {
  try {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const rows = new Map((await statement<Row>(name, text, [orgId, ids])).map((row) => [row.id, row]));
    for (const { id, resolve } of asked) resolve(rows.get(id));
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
