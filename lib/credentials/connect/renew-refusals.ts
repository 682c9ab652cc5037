import "server-only";
import { clock } from "@/lib/clock";
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

export function refuseFor(retryAt: Date): never {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - clock.now().getTime()) / 1_000));
  throw new Refusal("unavailable", "The provider that renews this access does not answer. Try again later.", {
    retryAfterSeconds: seconds,
  });
}

/** Whose client it is says who can mend it. */
export function clientRefused(row: Row, data: CredentialData): string {
  const authorization = methodOfStored(row.provider, row.type)?.authorization;
  return authorization && !hasOwnClient(authorization, data)
    ? "The provider refuses this installation's client. Ask whoever runs Latchkey."
    : "The provider refuses the client of this credential: check its client ID and secret.";
}
