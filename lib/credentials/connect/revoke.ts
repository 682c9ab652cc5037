import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "@/lib/actor";
import { recordAlone } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { log, traceOf } from "@/lib/log";
import { revokeToken } from "@/lib/oauth";
import { methodOfStored } from "@/lib/providers/index";
import type { Row } from "../repository";
import { openData } from "../sealed-data";
import { clientFor } from "./clients";

/** Tries again after these, then gives up and says so. */
const WAITS_MS = [0, 5_000, 30_000];

/**
 * Ends a deleted credential's tokens at its provider, as well as that can be done (RFC 7009); Microsoft offers no such
 * thing for one token, and Google ends all of an account's at once, so there they stay while another credential needs
 * them. The outcome goes to the audit log: done, failed, left alone, or that there is no way. Never throws.
 */
export async function revokeAtProvider(by: Actor, row: Row): Promise<void> {
  try {
    const data = openData(row, row.sealed);
    const { authorization } = methodOfStored(row.provider, row.type) ?? {};
    const token = data.refresh_token ?? data.access_token;
    // An application's own secret is ended where the application is registered.
    if (!authorization || typeof token !== "string" || data.client_secret !== undefined) return;
    const target = { type: "credential", id: row.id, name: row.name } as const;
    const outcome =
      authorization.revokesAccount && (await isShared(row))
        ? "account_in_use"
        : await attempted(() => revokeToken(clientFor(row.orgId, authorization, data), token));
    const entry = { action: "credential.revoked_at_provider", target } as const;
    await recordAlone(by, outcome === "done" ? entry : { ...entry, outcome: "failed", reason: outcome });
  } catch (error) {
    log.warn("a deleted credential was not revoked at its provider", { orgId: row.orgId, ...traceOf(error) });
  }
}

/** Whether another credential of the organisation lives on the same account's grant. */
function isShared({ orgId, provider, accountEmail }: Row): Promise<boolean> {
  if (accountEmail === null) return Promise.resolve(false);
  const where = { orgId, provider, accountEmail, deletedAt: null, needsReauth: false };
  return inOrganization(orgId, async (tx) => (await tx.credential.findFirst({ where, select: { id: true } })) !== null);
}

async function attempted(revoke: () => Promise<boolean>): Promise<"done" | "not_supported" | "not_revoked"> {
  for (const wait of WAITS_MS) {
    await sleep(wait, undefined, { ref: false });
    try {
      return (await revoke()) ? "done" : "not_supported";
    } catch (error) {
      log.warn("a provider did not revoke a token", traceOf(error));
    }
  }
  return "not_revoked";
}
