import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { authorizationUrl, freshState, OAuthFailure } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import { type Authorization, scopeOf } from "@/lib/providers/authorization";
import { signInOf } from "@/lib/providers/catalog/registry";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { methodFor, methodOfRow } from "../methods";
import { openData, openIfWhole } from "../sealed-data";
import { changeable } from "../update";
import { clientFor, hasOwnClient } from "./clients";
import { challengeOf, keepFlow } from "./flows";
import { inItsPlace } from "./refusal-messages";

export interface AuthorizationRequest {
  /** A credential to reconnect, which keeps its id; or what to make a new one of. */
  for:
    | { id: string }
    | { provider: string; type: CredentialType; name?: string | undefined; tags?: string[] | undefined };
  /** Permissions chosen of those that the provider's definition offers; its presets when absent. */
  scopes?: string[] | undefined;
  /** The callback's address, as registered at the provider. */
  redirectUri: string;
  /** Where the browser goes afterwards: a path of ours, judged by the door. */
  returnTo?: string | undefined;
}

export interface StartedAuthorization {
  /** What its ending will name: a page that waits may hear of several. */
  id: string;
  /** Where to send the browser. */
  url: string;
  /** For a cookie of the browser that is sent there: whoever comes back without it is somebody else. */
  browserKey: string;
  redirectUri: string;
  expiresAt: Date;
}

/**
 * Begins a sign-in at a provider, for a new credential or to reconnect one. Nothing is stored of the person's yet.
 * @throws Refusal "forbidden"; "not_found"; "invalid" when this cannot be signed in for, or is not set up here;
 * "external_failure" when the provider does not answer
 */
export function startAuthorization(actor: Actor, request: AuthorizationRequest): Promise<StartedAuthorization> {
  const target = "id" in request.for ? ({ type: "credential", id: request.for.id } as const) : undefined;
  const permission = target ? "credential:update" : "credential:create";
  return withAuthorization(
    actor,
    permission,
    { action: "credential.authorized", ...(target && { target }) },
    async () => {
      if (actor.kind !== "user") throw new Refusal("forbidden", "User account required");
      const subject = await subjectOf(actor, request);
      const { authorization, data, scope } = subject;
      const client = clientFor(actor.orgId, authorization, data);
      const state = freshState();
      const browserKey = freshState();
      const challenge = challengeOf(state, request.redirectUri);
      const parameters = parametersOf(authorization, data);
      const url = await authorizationUrl(client, challenge, scope, parameters).catch(refuseUnanswered);
      const id = uuidv7();
      const expiresAt = await keepFlow(
        {
          orgId: actor.orgId,
          id,
          userId: actor.id,
          provider: subject.provider,
          type: subject.type,
          credentialId: "id" in request.for ? request.for.id : null,
          name: "id" in request.for ? null : (request.for.name ?? null),
          tags: "id" in request.for ? [] : (request.for.tags ?? []),
          scope,
          redirectUri: request.redirectUri,
          returnTo: request.returnTo ?? null,
        },
        state,
        browserKey,
      );
      return { id, url: url.href, browserKey, redirectUri: request.redirectUri, expiresAt };
    },
  );
}

interface Subject {
  provider: string;
  type: CredentialType;
  authorization: Authorization;
  data: CredentialData;
  scope: string;
}

async function subjectOf(actor: Actor, { for: what, scopes }: AuthorizationRequest): Promise<Subject> {
  if (!("id" in what)) {
    const authorization = authorizationOf(methodFor(what.provider, what.type));
    // Its client is in its own fields, which have to be stored first.
    if (authorization.client === "credential") throw notOffered();
    return { ...what, authorization, data: {}, scope: scopeOf(authorization, scopes) };
  }
  const row = await changeable(actor, what.id, "edit", undefined);
  const authorization = authorizationOf(methodOfRow(row, row.type));
  // Signing in anew mends what does not open, unless the client to do it with is in there as well.
  const data = authorization.client === "operator" ? (openIfWhole(row, row.sealed) ?? {}) : openData(row, row.sealed);
  if (authorization.client === "operator" && hasOwnClient(authorization, data)) throw notOffered();
  const { scopes: asked } = signInOf(authorization.signIn);
  const scope = Array.isArray(asked) ? undefined : data[asked.field];
  return {
    provider: row.provider,
    type: row.type,
    authorization,
    data,
    scope: typeof scope === "string" ? scope : scopeOf(authorization, scopes ?? grantedBefore(data)),
  };
}

/** Reconnecting asks for what was asked for the first time, unless somebody chooses anew. */
const grantedBefore = (data: CredentialData): string[] | undefined =>
  typeof data.requested_scope === "string" ? data.requested_scope.split(" ") : undefined;

function authorizationOf({ authorization }: { authorization?: Authorization }): Authorization {
  // An application signs in as itself: no person can do that for it.
  if (!authorization || authorization.client === "application") throw notOffered();
  return authorization;
}

const notOffered = () =>
  new Refusal("invalid", "Credentials of this type are not made by signing in", {
    fields: [{ path: ["credential_type"], message: "Has no sign-in: send its values", code: "no_authorization" }],
  });

/** The server's own parameters, or those that somebody wrote into the credential; the protocol's are not theirs to set. */
function parametersOf({ signIn }: Authorization, data: CredentialData): Record<string, string> {
  const { parameters = {} } = signInOf(signIn);
  if (!isField(parameters)) return parameters;
  const text = data[parameters.field];
  if (typeof text !== "string") return {};
  const given = [...new URLSearchParams(text)].filter(([name]) => !PROTOCOL.has(name.toLowerCase()));
  return Object.fromEntries(given);
}

const isField = (parameters: object): parameters is { field: string } => Object.keys(parameters).join() === "field";

const PROTOCOL: ReadonlySet<string> = new Set([
  "client_id",
  "client_secret",
  "response_type",
  "redirect_uri",
  "scope",
  "state",
  "nonce",
  "code_challenge",
  "code_challenge_method",
  "request",
  "request_uri",
]);

function refuseUnanswered(error: unknown): never {
  if (!(error instanceof OAuthFailure)) throw error;
  const what = inItsPlace(error);
  throw new Refusal("external_failure", `The provider's sign-in ${what}. Try again in a moment.`, { cause: error });
}
