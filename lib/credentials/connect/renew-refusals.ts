import "server-only";
import { clock } from "@/lib/platform/clock";
import { isGrantCode, OAuthFailure } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import type { Row } from "../repository";
import { hasOwnClient } from "./clients";
import { applicationMessages, asSentence, clientMessages, grantMessages, inItsPlace } from "./refusal-messages";

/** Why access could not be renewed, for whoever asked for it: what is the matter, who can mend it, and how. */

/** @param failure what the provider said; without it, all that is known is that the connection has ended */
export function signInAgain(failure?: OAuthFailure): Refusal {
  const reason = isGrantCode(failure?.code) ? failure.code : "grant_ended";
  const { what, mend } = grantMessages[reason];
  return new Refusal("reauthorization_required", `${what}: ${mend}`, { details: { reason }, cause: failure });
}

/** Access has ended that the provider gave nothing to renew with. */
export const notRenewable = () =>
  new Refusal(
    "reauthorization_required",
    "This access has ended, and the provider gave nothing to renew it with: somebody must reconnect it and agree to everything that is asked",
    { details: { reason: "not_renewable" } },
  );

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

/** Nothing is known that would be different later on. `failure` is absent while an earlier one is waited out. */
export function refuseFor(retryAt: Date, failure?: OAuthFailure): never {
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - clock.now().getTime()) / 1_000));
  const what = failure ? inItsPlace(failure) : "did not do so a moment ago";
  throw new Refusal("unavailable", `The provider that renews this access ${what}. Try again later.`, {
    retryAfterSeconds: seconds,
    cause: failure,
  });
}

/** Whose client it is says who can mend it. */
export function clientRefused(row: Row, data: CredentialData, failure: OAuthFailure): Refusal {
  return new Refusal("external_failure", clientText(row, data, failure), { cause: failure });
}

function clientText(row: Row, data: CredentialData, { code }: OAuthFailure): string {
  const authorization = methodOfStored(row.provider, row.type)?.authorization;
  const isOperators = authorization !== undefined && !hasOwnClient(authorization, data);
  const application = isGrantCode(code) ? applicationMessages[code] : undefined;
  const words =
    clientMessages[code === undefined || code === "in_trouble" || isGrantCode(code) ? "client_refused" : code];
  const what =
    application?.what ?? words.what(isOperators ? "this installation's client" : "the client of this credential");
  const mend = application?.mend ?? words.mend;
  return `${what}. ${asSentence(isOperators ? `ask whoever runs Latchkey to ${mend}` : mend)}`;
}

/** The failure that a refusal of this file tells, if it is one of the provider's. */
export const failureBehind = ({ cause }: Refusal): OAuthFailure | undefined =>
  cause instanceof OAuthFailure ? cause : undefined;
