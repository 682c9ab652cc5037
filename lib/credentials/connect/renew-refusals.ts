import "server-only";
import { clock } from "@/lib/clock";
import type { OAuthFailure } from "@/lib/oauth";
import type { CredentialData } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { Refusal } from "@/lib/refusal";
import type { Row } from "../repository";
import { hasOwnClient } from "./clients";

/** Why access could not be renewed, for whoever asked for it. */

export const signInAgain = () =>
  new Refusal("reauthorization_required", "The provider no longer accepts this connection: somebody must reconnect it");

export const busy = () =>
  new Refusal("unavailable", "Access is being renewed and the provider takes long. Try again in a moment.", {
    retryAfterSeconds: 2,
  });

/** New tokens have come, and the vault's database has not taken them yet: they are kept until it does. */
export const unstored = (cause: unknown) =>
  new Refusal("unavailable", "Access was renewed and could not be stored yet. Try again in a moment.", {
    retryAfterSeconds: 2,
    cause,
  });

export function refuseFor(retryAt: Date, reason?: OAuthFailure["reason"]): never {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - clock.now().getTime()) / 1_000));
  const answered = reason === "unreadable" || reason === "malformed";
  const what = answered ? "answered something unreadable" : "does not answer";
  throw new Refusal("unavailable", `The provider that renews this access ${what}. Try again later.`, {
    retryAfterSeconds: seconds,
  });
}

/** Whose client it is says who can mend it. `code` is what the provider says of its secret, where it says that. */
export function clientRefused(row: Row, data: CredentialData, code?: string): string {
  const authorization = methodOfStored(row.provider, row.type)?.authorization;
  const isOperators = authorization !== undefined && !hasOwnClient(authorization, data);
  const whose = isOperators ? "this installation's client" : "the client of this credential";
  const who = isOperators ? "Ask whoever runs Latchkey" : undefined;
  if (code === "client_secret_expired")
    return `The secret of ${whose} has expired at the provider. ${who ?? "Make a new one there and enter it here"}.`;
  if (code === "client_secret_wrong")
    return `The provider does not know the secret of ${whose}. ${who ?? "Enter its value, not its ID"}.`;
  return isOperators
    ? `The provider refuses ${whose}. ${who}.`
    : `The provider refuses ${whose}: check its client ID and secret.`;
}
