import "server-only";
import DataLoader from "dataloader";
import { type Sight, statement } from "@/lib/platform/db";

interface Key {
  sight: Sight;
  id: string;
}

const sameSight = ({ orgId, who, token }: Sight) => `${orgId}/${who}/${token}`;

/** Ids of one call, so that the first in it does not wait for too many others. */
const CALL_MAX = 64;

/**
 * Reads rows by id, where requests that arrive in the same turn of the event loop share a call of the database, one for each that
 * looks (measured: the call costs more than the row). Nothing is kept: what is asked for now is read after now.
 * `text` takes what is in sight (organisation, for whom, token) and an array of ids.
 */
export function loader<Row extends { id: string }>(name: string, text: string) {
  const call = async (
    { orgId, who, token }: Sight,
    ids: Set<string>,
  ): Promise<(id: string) => Row | Error | undefined> => {
    try {
      const rows = new Map(
        (await statement<Row>(name, text, [orgId, who, token, [...ids]])).map((row) => [row.id, row]),
      );
      return (id) => rows.get(id);
    } catch (error) {
      return () => error as Error;
    }
  };
  const batch = async (keys: readonly Key[]) => {
    const asked = new Map<string, { sight: Sight; ids: Set<string> }>();
    for (const { sight, id } of keys) {
      const together = asked.get(sameSight(sight)) ?? { sight, ids: new Set() };
      asked.set(sameSight(sight), { sight, ids: together.ids.add(id) });
    }
    const calls = [...asked].map(async ([key, { sight, ids }]) => [key, await call(sight, ids)] as const);
    const answers = new Map(await Promise.all(calls));
    return keys.map(({ sight, id }) => answers.get(sameSight(sight))?.(id));
  };
  const rows = new DataLoader<Key, Row | undefined>(batch, {
    cache: false,
    maxBatchSize: CALL_MAX,
    batchScheduleFn: setImmediate,
  });
  return (sight: Sight, id: string): Promise<Row | undefined> => rows.load({ sight, id });
}
