import "server-only";
import { v7 as uuidv7 } from "uuid";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { type AuditEntry, type Miss, withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { nameKey } from "@/lib/platform/names";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { searchText, toView } from "./describe";
import { checkExternalId, idConflict } from "./external-id";
import type { NewCredential } from "./input";
import { methodIn } from "./methods";
import { freeName, nameConflict } from "./names";
import { type Ids, newRow } from "./new-row";
import { credentialsOf, type NewRow } from "./repository";
import { untilMade } from "./row-queue";
import { sealedHash } from "./sealed-data";
import { type StoredTestRun, testRunOf } from "./test-runs";
import { testIsRequired, testReceiptFor, validateData } from "./validate";
import { createWrite } from "./writes";

/**
 * Stores a new credential of the actor's.
 * @throws Refusal "forbidden" for service accounts; "invalid" naming the bad fields; "over_limit" at the
 * organisation's limits; "conflict" when the given name or id is taken
 */
export function createCredential(actor: Actor, input: NewCredential): Promise<CredentialView> {
  return withAuthorization(actor, "credential:create", { action: "credential.created" }, async () => {
    const { provider, type, openType } = input;
    const method = await methodIn(actor.orgId, provider, type, openType);
    const judged = await validateData({ provider, method }, input.data, actor);
    const values = { provider, type, data: judged };
    const proof = await testReceiptFor(actor, values, input.receipt, await testIsRequired(actor.orgId));
    const data = proof?.hostKey && judged.host_key === undefined ? { ...judged, host_key: proof.hostKey } : judged;
    const mine = credentialsOf(sightOf(actor));
    const made = input.reservedId === undefined ? undefined : await mine.show(input.reservedId);
    if (made) return toView(actor, made);
    const row = newRow(actor, input, { method, data, proof, ids: await idsFor(actor, input) });
    const id = await insert(actor, row, {
      input,
      fields: Object.keys(data),
      test: proof && testRunOf(actor, 1, proof),
    });
    const stored = await mine.show(id);
    if (!stored) throw notFound();
    return toView(actor, stored);
  });
}

interface Insertion {
  input: NewCredential;
  fields: string[];
  test: StoredTestRun | undefined;
}

/** Stores the row under a free name, with its event and the test that it was saved with; answers its id. */
async function insert(actor: Actor, first: NewRow, { input, fields, test }: Insertion): Promise<string> {
  let row = first;
  const stored = await untilMade(async () => {
    const outcome = await writeWithEvent({ actor, entry: createdEvent(row, fields), write: createWrite(row, test) });
    if (outcome.done) return row.id;
    // The id was reserved for this very request: an earlier try of it was stored, whatever its caller heard.
    const isOwnId = outcome.why === "id_taken" && row.id === input.reservedId;
    if (isOwnId && (await credentialsOf(sightOf(actor)).show(row.id))) return row.id;
    if (outcome.why !== "name_taken" && outcome.why !== "stale") throw whyNotMade(outcome);
    if (await credentialsOf(sightOf(actor)).isNameTaken(row.nameKey, null)) row = await renamed(actor, row, input);
    return undefined;
  });
  if (stored === undefined) throw nameConflict();
  return stored;
}

export const createdEvent = (row: NewRow, fields: string[]): AuditEntry => ({
  action: "credential.created",
  target: { type: "credential", id: row.id, name: row.name },
  fields,
  version: 1,
  ...(row.keyId && { keyId: row.keyId }),
  sealedHash: sealedHash(row.sealed),
});

/** Why a new credential was not stored, for whoever asked for it. */
export function whyNotMade(miss: Miss): Refusal {
  switch (miss.why) {
    case "over_limit": {
      const { scope, limit, current } = miss;
      return new Refusal("over_limit", LIMITS[scope], { details: { limit, scope, current } });
    }
    case "id_taken":
    case "external_id_taken":
      return idConflict();
    case "name_taken":
    case "stale":
    case "rotating":
      return nameConflict();
    // A deletion of the whole organisation was faster; nothing may be sealed after it.
    case "gone":
      return notFound();
  }
}

const LIMITS = {
  provider: "The organisation has as many credentials of this provider as it may",
  user: "You have as many credentials as one person may",
};

/**
 * A UUID that the caller brought along is the credential's own id, so that every door knows it by that. One that a deleted
 * credential had cannot be: its row stays for the audit trail. Then it is kept beside a new id, which finds it just as well.
 */
async function idsFor(actor: Actor, input: NewCredential): Promise<Ids> {
  if (input.externalId === undefined) return { id: input.reservedId ?? uuidv7(), externalId: null };
  const externalId = checkExternalId(input.externalId);
  const taken = await credentialsOf(sightOf(actor)).idTaken(externalId);
  if (taken === "live") throw idConflict();
  if (input.reservedId === undefined && taken === "free" && isUuid(externalId)) {
    return { id: externalId.toLowerCase(), externalId: null };
  }
  return { id: input.reservedId ?? uuidv7(), externalId };
}

/**
 * A name that is taken: one the caller chose is refused, or gets a number if that is wanted; one that we made gets the end of
 * the id.
 * @throws Refusal "conflict"
 */
export async function renamed(actor: Actor, row: NewRow, input: NewCredential): Promise<NewRow> {
  if (input.name !== undefined && input.nameClash !== "number") throw nameConflict();
  const mine = credentialsOf(sightOf(actor));
  const name =
    input.nameClash === "number"
      ? await freeName((keys) => mine.takenNames(keys, null), row.name)
      : `${row.name} · ${row.id.slice(-6)}`;
  return { ...row, name, nameKey: nameKey(name), search: searchText({ ...row, name }) };
}
