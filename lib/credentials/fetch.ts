import "server-only";
import { requireRight, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { recordAlone, withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { meter } from "@/lib/platform/meter";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { needsLook, renewed } from "./connect/renew";
import { credentialsOf, type SecretRow } from "./repository";
import { openData } from "./sealed-data";
import { noteUse } from "./uses";

export interface FetchedSecret {
  id: string;
  provider: string;
  type: CredentialType;
  version: number;
  /** Counts every time that the values were sealed, renewals included. */
  sealedVersion: number;
  data: CredentialData;
}

/**
 * The plaintext, for service accounts that may use it. Nothing is kept of it here, the newest state is read each time, and its
 * event is durable before this answers. An access token that has ended, or is about to, is renewed first.
 * @throws Refusal "forbidden" for anybody else and for an inactive credential; "not_found", also for one out of sight; "unavailable" when the
 * event cannot be written or the provider does not renew; "reauthorization_required" when somebody must reconnect it;
 * "damaged" when what is stored does not open
 */
export function fetchSecret(actor: Actor, id: string): Promise<FetchedSecret> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "secret:read", { action: "secret.fetched", target }, async () => {
    const row = requireRight(actor, await credentialsOf(sightOf(actor)).secret(id), "use");
    if (!row.active) throw new Refusal("forbidden", "This credential is inactive");
    const stored = await opened(actor, row);
    const good = needsLook(methodOfStored(row.provider, row.type), stored)
      ? await renewed(actor.orgId, row.id)
      : { row, data: stored };
    await writeWithEvent({
      actor,
      entry: {
        action: "secret.fetched",
        target: { ...target, name: row.name },
        version: row.version,
        keyId: row.keyId,
      },
    });
    meter()?.fetched();
    noteUse(actor.orgId, row.id, clock.now());
    return {
      id: row.id,
      provider: row.provider,
      type: row.type,
      version: row.version,
      sealedVersion: good.row.sealedVersion,
      data: good.data,
    };
  });
}

/** Data that does not open fails closed, and the attempt is on record. */
async function opened(actor: Actor, row: SecretRow): Promise<CredentialData> {
  try {
    return openData(row, row.sealed);
  } catch (error) {
    const target = { type: "credential", id: row.id, name: row.name } as const;
    await recordAlone(actor, { action: "secret.fetched", outcome: "failed", reason: "does_not_open", target });
    throw error;
  }
}
