import "server-only";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Actor } from "@/lib/actor";
import { FairQueue } from "@/lib/shares/fair-queue";
import { listCredentials } from "./list";
import type { CredentialPage, CredentialQuery, CredentialView } from "./view";

/** Rows of a page: what is brought into a view and an answer in one turn of the event loop. */
const PAGE = 200;

/**
 * Pages of whole lists that are read at once. A place is held for one page and not for a whole list: whoever takes it slowly,
 * or not at all, holds nothing meanwhile.
 */
const listPages = new FairQueue({
  all: { running: 4, waiting: 300 },
  each: [
    { running: 2, waiting: 60 },
    { running: 1, waiting: 30 },
  ],
  waitMs: 30_000,
  words: {
    own: "Too many lists of yours are being read. Try again when one is done.",
    busy: "Too many lists are being read. Try again in a minute.",
  },
  retryAfterSeconds: 10,
});

/**
 * Everything that a list holds, page by page and one page at a time, for doors whose lists have no pages. Others get their turn
 * between two pages, and it ends when the actor's signal aborts.
 * @throws Refusal as `listCredentials`, and "too_many_requests" or "unavailable" where too many are read
 */
export async function* credentialPages(
  actor: Actor,
  query: Omit<CredentialQuery, "limit" | "cursor">,
): AsyncGenerator<CredentialView[]> {
  let cursor: string | undefined;
  do {
    const from = cursor;
    const read = () => listCredentials(actor, { ...query, limit: PAGE, cursor: from });
    const page: CredentialPage = await listPages.run([actor.orgId, actor.id], read, actor.signal);
    yield page.items;
    cursor = page.next ?? undefined;
    await nextTurn();
  } while (cursor !== undefined && !actor.signal?.aborted);
  actor.signal?.throwIfAborted();
}
