import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/actor";
import { lockOrganization, permitted, record } from "@/lib/audit";
import { inOrganization, type Transaction } from "@/lib/db";
import { nameKey } from "@/lib/names";
import { notFound, Refusal } from "@/lib/refusal";
import { searchText, toView } from "./describe";
import { checkExternalId, idConflict } from "./external-id";
import type { NewCredential } from "./input";
import { judge, methodFor, provenBy, testIsRequired } from "./judge";
import { rememberProof } from "./kept-tests";
import { freeName, nameConflict } from "./names";
import { type Ids, newRow } from "./new-row";
import { credentialsOf, type NewRow } from "./repository";
import { sealedHash } from "./sealed-data";
import type { CredentialView } from "./view";

/**
 * Stores a new credential of the actor's.
 * @throws Refusal "forbidden" for service accounts; "invalid" naming the bad fields; "over_limit" at the
 * organisation's limits; "conflict" when the given name or id is taken
 */
export function createCredential(actor: Actor, input: NewCredential): Promise<CredentialView> {
  return permitted(actor, "credential:create", { action: "credential.created" }, async () => {
    const { provider, type, openType } = input;
    const method = methodFor(provider, type, openType);
    const judged = await judge({ provider, method }, input.data);
    const values = { provider, type, data: judged };
    const proof = await provenBy(actor, values, input.receipt, await testIsRequired(actor.orgId));
    const data = proof?.hostKey && judged.host_key === undefined ? { ...judged, host_key: proof.hostKey } : judged;
    const mine = credentialsOf(actor.orgId);
    const made = input.id === undefined ? undefined : await mine.show(input.id);
    if (made) return toView(made);
    const row = newRow(actor, input, { method, data, proof, ids: await idsFor(actor, input) });
    await inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      await refuseOverLimit(tx, actor, row.provider);
      if (input.externalId !== undefined && (await mine.idTaken(tx, input.externalId)) === "live") throw idConflict();
      const named = await withFreeName(tx, actor, row, input);
      await mine.insert(tx, named);
      if (proof) await rememberProof(tx, actor, row.id, 1, proof);
      await record(tx, actor, {
        action: "credential.created",
        target: { type: "credential", id: row.id, name: named.name },
        fields: Object.keys(data),
        version: 1,
        ...(row.keyId && { keyId: row.keyId }),
        sealedHash: sealedHash(row.sealed),
      });
    });
    const stored = await mine.show(row.id);
    if (!stored) throw notFound();
    return toView(stored);
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A UUID that the caller brought along is the credential's own id, so that every door knows it by that. One that a deleted
 * credential had cannot be: its row stays for the audit trail. Then it is kept beside a new id, which finds it just as well.
 */
async function idsFor(actor: Actor, input: NewCredential): Promise<Ids> {
  if (input.externalId === undefined) return { id: input.id ?? uuidv7(), externalId: null };
  const externalId = checkExternalId(input.externalId);
  const taken = await inOrganization(actor.orgId, (tx) => credentialsOf(actor.orgId).idTaken(tx, externalId));
  if (taken === "live") throw idConflict();
  if (input.id === undefined && taken === "free" && UUID.test(externalId)) {
    return { id: externalId.toLowerCase(), externalId: null };
  }
  return { id: input.id ?? uuidv7(), externalId };
}

export async function refuseOverLimit(tx: Transaction, actor: Actor, provider: string): Promise<void> {
  const organization = await tx.organization.findUnique({ where: { id: actor.orgId } });
  // A deletion of the whole organisation may have been faster; nothing may be sealed after it.
  if (!organization || organization.deletedAt) throw notFound();
  const counts = await credentialsOf(actor.orgId).counts(tx, provider, actor.id);
  if (counts.provider >= organization.maxPerProvider) {
    throw overLimit(
      "provider",
      organization.maxPerProvider,
      counts.provider,
      "The organisation has as many credentials of this provider as it may",
    );
  }
  if (counts.owner >= organization.maxPerUser) {
    throw overLimit("user", organization.maxPerUser, counts.owner, "You have as many credentials as one person may");
  }
}

const overLimit = (scope: string, limit: number, current: number, message: string) =>
  new Refusal("over_limit", message, { details: { limit, scope, current } });

/** A name the caller chose must be free, or gets a number if that is wanted; one that we made gets the end of its id. */
export async function withFreeName(tx: Transaction, actor: Actor, row: NewRow, input: NewCredential): Promise<NewRow> {
  const mine = credentialsOf(actor.orgId);
  if (!(await mine.nameTaken(tx, row.nameKey))) return row;
  if (input.name !== undefined && input.nameClash !== "number") throw nameConflict();
  const name =
    input.nameClash === "number"
      ? await freeName((keys) => mine.takenNames(tx, keys, null), row.name)
      : `${row.name} · ${row.id.slice(-6)}`;
  return { ...row, name, nameKey: nameKey(name), search: searchText({ ...row, name }) };
}
