import "server-only";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Actor } from "@/lib/authorization/actor";
import type { CredentialPage, CredentialQuery, CredentialView } from "@/lib/vocabulary/credential-view";
import { listCredentials } from "./list";

/** Rows of a page: what is brought into a view and an answer in one turn of the event loop. */
const PAGE = 200;

/**
 * Everything that a list holds, page by page and one page at a time, for doors whose lists have no pages. Others get their turn
 * between two pages, and it ends when the actor's signal aborts.
 * @throws Refusal as `listCredentials`
 */
export async function* credentialPages(
  actor: Actor,
  query: Omit<CredentialQuery, "limit" | "cursor">,
): AsyncGenerator<CredentialView[]> {
  let cursor: string | undefined;
  do {
    const page: CredentialPage = await listCredentials(actor, { ...query, limit: PAGE, cursor });
    yield page.items;
    cursor = page.next ?? undefined;
    await nextTurn();
  } while (cursor !== undefined && !actor.signal?.aborted);
  actor.signal?.throwIfAborted();
}
