import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { Refusal } from "@/lib/platform/refusal";

/**
 * A create under an id that the caller chose may come twice: clients repeat a request whose answer got lost. What is refused as a
 * conflict is looked for, and where it is there with the same content, that is what was asked for.
 * @param made what is there under the id with this very content, or undefined
 */
export async function orMadeBefore<T>(create: () => Promise<T>, made: () => Promise<T | undefined>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    const before = error instanceof Refusal && error.code === "conflict" ? await made() : undefined;
    if (before === undefined) throw error;
    return before;
  }
}

const RETRY_MS = 10 * 60_000;

/**
 * Whether this row may come of a request whose answer its caller never got: made by the same actor some minutes ago, and not
 * changed since. Only then is a secret compared, or another one given: whoever set it may be told, and nobody else.
 */
export const isFreshFrom = (actor: Actor, row: { version: number; createdAt: Date; modifiedBy: string }): boolean =>
  row.version === 1 && row.modifiedBy === actor.name && clock.now().getTime() - row.createdAt.getTime() < RETRY_MS;

export const idInUse = (): Refusal => new Refusal("conflict", "This id is in use, or was: choose another");
