import "server-only";
import { clock } from "@/lib/platform/clock";
import { inOrganization, statement } from "@/lib/platform/db";
import { hmac } from "@/lib/platform/keys";
import type { Challenge } from "@/lib/platform/oauth";
import type { CredentialType } from "@/lib/providers/define";

/** A sign-in that is under way, as it is kept. */
export interface Flow {
  orgId: string;
  id: string;
  userId: string;
  provider: string;
  type: CredentialType;
  credentialId: string | null;
  name: string | null;
  tags: string[];
  scope: string;
  redirectUri: string;
  returnTo: string | null;
}

/** How long a person may take at the provider. */
export const FLOW_MS = 10 * 60_000;

/**
 * State, nonce and verifier of one sign-in. The state goes out with the browser and is kept as a digest only; the other
 * two follow from it by a key, so the database holds nothing that a reader of it could use.
 */
export const challengeOf = (state: string, redirectUri: string): Challenge => ({
  redirectUri,
  state,
  nonce: derived("nonce", state),
  verifier: derived("verifier", state),
});

const derived = (what: string, state: string) => hmac("authorization-flow", `${what}:${state}`).toString("base64url");

const digest = (what: "state" | "browser", value: string) =>
  new Uint8Array(hmac("authorization-flow", `${what}-digest:${value}`));

export async function keepFlow(flow: Flow, state: string, browserKey: string): Promise<Date> {
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + FLOW_MS);
  await inOrganization(flow.orgId, async (tx) => {
    await tx.authorizationFlow.deleteMany({ where: { orgId: flow.orgId, expiresAt: { lt: now } } });
    await tx.authorizationFlow.create({
      data: {
        ...flow,
        stateDigest: digest("state", state),
        browserDigest: digest("browser", browserKey),
        createdAt: now,
        expiresAt,
      },
    });
  });
  return expiresAt;
}

const TAKE = `SELECT org_id AS "orgId", id, user_id AS "userId", provider, type, credential_id AS "credentialId", name, tags,
  scope, redirect_uri AS "redirectUri", return_to AS "returnTo", expires_at AS "expiresAt", browser_digest AS "browserDigest"
  FROM take_authorization($1)`;

/**
 * The flow of this state, which is good once: whoever comes second finds nothing. `isBrowser` tells whether a key is
 * that of the browser it was started in.
 */
export async function takeFlow(
  state: string,
): Promise<{ flow: Flow; expired: boolean; isBrowser: (key: string | undefined) => boolean } | undefined> {
  if (!/^[A-Za-z0-9_-]{20,128}$/.test(state)) return undefined;
  const [row] = await statement<Flow & { expiresAt: Date; browserDigest: Buffer }>("take_authorization", TAKE, [
    Buffer.from(digest("state", state)),
  ]);
  if (!row) return undefined;
  const { expiresAt, browserDigest, ...flow } = row;
  return {
    flow,
    expired: expiresAt <= clock.now(),
    isBrowser: (key) => key !== undefined && browserDigest.equals(Buffer.from(digest("browser", key))),
  };
}
