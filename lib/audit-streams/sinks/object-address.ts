import "server-only";
import type { SettingsOf } from "./settings";
import type { Batch } from "./sink";

type Store = SettingsOf<"object_store">;

/** Where the object of a batch lies; the bucket is in the path or in front of the host's name. */
export function addressOf(settings: Store, batch: Batch): URL {
  const { endpoint, bucket, addressing } = settings;
  const url = new URL(endpoint);
  const path = keyOf(settings, batch).split("/").map(encodeURIComponent).join("/");
  if (addressing === "virtual_host") url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = addressing === "virtual_host" ? path : `${bucket}/${path}`;
  return url;
}

/** PREFIX/ORGANISATION/YYYY/MM/DD/FROM-TO.jsonl; numbers of one width, so that a list by name is in order. */
function keyOf({ prefix }: Store, { orgId, id, events, at, from, to }: Batch): string {
  const folder = [...(prefix === undefined ? [] : [prefix]), orgId];
  if (events.length === 0) return [...folder, "tests", `${id}.jsonl`].join("/");
  const [year = "", month = "", day = ""] = at.toISOString().slice(0, 10).split("-");
  const padded = (seq: bigint) => String(seq).padStart(20, "0");
  return [...folder, year, month, day, `${padded(from)}-${padded(to)}.jsonl`].join("/");
}
