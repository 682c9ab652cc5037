import "server-only";
import { may, requireRight, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { type AuditEntry, withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { type ExpectedVersion, isExpected } from "@/lib/platform/expected-version";
import { cleanName, nameKey } from "@/lib/platform/names";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { changeOf, resealedChange } from "./change-row";
import { toView } from "./describe";
import type { CredentialChange } from "./input";
import { storedMethodIn } from "./methods";
import { freeName, nameConflict } from "./names";
import type { TestReceipt } from "./receipt";
import { credentialsOf, type Row, type Update } from "./repository";
import { busy } from "./rotate/repository";
import { inTurn, untilMade } from "./row-queue";
import { damaged, openIfWhole, sealedHash } from "./sealed-data";
import { cleanTags, tagsWithGrants } from "./tags";
import { testRunOf } from "./test-runs";
import { testReceiptFor, validateChange } from "./validate";
import { updateWrite } from "./writes";

/**
 * Changes a credential; its id stays, the old secret is shredded, the next fetch on every instance sees the new one.
 * Nothing is lost: a change is made from the state it saw or not at all. Changes that name no version are made one after
 * the other, in the order in which they came.
 * @throws Refusal "not_found"; "forbidden" for somebody else's; "version_mismatch" when `expectedVersion` has passed;
 * "invalid" naming the bad fields, or the secrets to send again for a new destination; "conflict" for a taken name;
 * "damaged" for a partial change of data that do not open: a name or tags can be changed all the same
 */
export function updateCredential(actor: Actor, id: string, change: CredentialChange): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:update", { action: "credential.updated", target }, () =>
    inTurn(actor.orgId, id, async () => {
      const made = await untilMade(async () => {
        const row = await changeable(actor, id, "edit", change.expectedVersion);
        const next = await decide(actor, row, change);
        if (next.fields.length === 0) return toView(actor, row);
        const { update, sealedChanged, proof } = next;
        const test = proof && testRunOf(actor, update.sealedVersion, proof);
        const outcome = await writeWithEvent({
          actor,
          entry: eventOf(row, next),
          write: updateWrite(update, { test, by: sightOf(actor) }),
        });
        if (outcome.done) return toView(actor, after(row, update, sealedChanged));
        if (outcome.why === "rotating") throw busy();
        return undefined;
      });
      return made ?? refuseBusy();
    }),
  );
}

/** Other instances have been faster all the time. */
export function refuseBusy(): never {
  throw new Refusal("conflict", "The credential is being changed by others right now. Try again.");
}

/** The live row, if this actor has that right over it and it is at the version that is expected. */
export async function changeable(
  actor: Actor,
  id: string,
  right: "edit" | "manage",
  expectedVersion: ExpectedVersion | undefined,
): Promise<Row> {
  const row = requireRight(actor, await credentialsOf(sightOf(actor)).find(id), right);
  if (!isExpected(row.version, expectedVersion)) {
    throw new Refusal("version_mismatch", "The credential was changed by somebody else", {
      details: { current_version: row.version, modified_by: row.modifiedBy },
    });
  }
  return row;
}

interface Decision {
  update: Update;
  /** Names of what changes, data fields as "credentials.NAME". */
  fields: string[];
  sealedChanged: boolean;
  proof: TestReceipt | undefined;
}

async function decide(actor: Actor, row: Row, change: CredentialChange): Promise<Decision> {
  const type = typeAfter(row, change);
  const before = openIfWhole(row, row.sealed);
  const judged = change.data ? await validateChange({ ...row, data: before }, type, change.data, actor) : before;
  if (!judged) return decideClear(actor, row, change);
  const values = { provider: row.provider, type, data: judged };
  // The whole data sent again are a change all the same: they are sealed anew, and the act is on record. A patch that changes
  // nothing is none.
  const isSent = change.data?.mode === "replace" || changedFields(before ?? {}, judged).length > 0;
  const proof =
    isSent || change.receipt ? await testReceiptFor(actor, values, change.receipt, row.testRequired) : undefined;
  const data = proof?.hostKey && judged.host_key === undefined ? { ...judged, host_key: proof.hostKey } : judged;
  const changedData = changedFields(before ?? {}, data).map((name) => `credentials.${name}`);
  const sealedChanged = isSent || changedData.length > 0;
  const sealedVersion = sealedChanged ? row.sealedVersion + 1 : row.sealedVersion;
  const health = proof && {
    health: proof.outcome,
    healthReason: proof.reason ?? null,
    healthAt: proof.at,
    healthVersion: sealedVersion,
  };
  const named = await namedPart(actor, row, change);
  const methods = await methodsOf(row, type);
  const build = sealedChanged ? resealedChange : changeOf;
  const update = build(row, {
    by: actor.name,
    data: { before, after: data },
    type,
    methods,
    named,
    also: { ...health },
  });
  const fields = [...changedClear(row, update), ...(type === row.type ? [] : ["type"]), ...changedData];
  if (sealedChanged && changedData.length === 0) fields.push("credentials");
  if (proof) fields.push("tested");
  return { update, fields, sealedChanged, proof };
}

/** What can be changed of a row whose data do not open: what is kept in clear. The sealed data stay as they are. */
async function decideClear(actor: Actor, row: Row, change: CredentialChange): Promise<Decision> {
  if (change.receipt !== undefined || typeAfter(row, change) !== row.type) throw damaged();
  const methods = await methodsOf(row, row.type);
  const update = changeOf(row, { by: actor.name, methods, named: await namedPart(actor, row, change) });
  return { update, fields: changedClear(row, update), sealedChanged: false, proof: undefined };
}

const typeAfter = (row: Row, { type = row.type }: CredentialChange) => (typeof type === "function" ? type(row) : type);

const methodsOf = async (row: Row, type: CredentialType) => ({
  before: await storedMethodIn(row, row.type),
  after: await storedMethodIn(row, type),
});

/** What people set by hand. */
async function namedPart(actor: Actor, row: Row, change: CredentialChange) {
  return {
    name: await nameAfter(actor, row, change),
    tags: change.tags === undefined ? row.tags : await tagsAfter(actor, row, cleanTags(change.tags)),
    active: change.active ?? row.active,
    expiresAt: change.expiresAt === undefined ? row.expiresAt : change.expiresAt,
  };
}

/** @throws Refusal "conflict" when the name is another credential's and no number is wanted behind it */
async function nameAfter(actor: Actor, row: Row, change: CredentialChange): Promise<string> {
  if (change.name === undefined) return row.name;
  const name = cleanName(change.name);
  const key = nameKey(name);
  if (key === row.nameKey) return name;
  const mine = credentialsOf(sightOf(actor));
  if (!(await mine.isNameTaken(key, row.id))) return name;
  if (change.nameClash !== "number") throw nameConflict();
  return freeName((keys) => mine.takenNames(keys, row.id), name);
}

/**
 * A tag over which something is granted says who reaches the credential: to put it on or take it off is to grant.
 * @throws Refusal "forbidden" for such a tag, to whoever may not manage the credential
 */
async function tagsAfter(actor: Actor, row: Row, tags: string[]): Promise<string[]> {
  if (may(actor, row, "manage")) return tags;
  const changed = [...row.tags.filter((tag) => !tags.includes(tag)), ...tags.filter((tag) => !row.tags.includes(tag))];
  const [carrying] = await tagsWithGrants(actor.orgId, changed);
  if (carrying === undefined) return tags;
  throw new Refusal("forbidden", "Access is granted by a tag that you would put on or take off", {
    fields: [
      { path: ["tags"], message: "Only somebody who manages this credential may change this", code: "carries_grants" },
    ],
  });
}

function changedClear(row: Row, next: Pick<Row, "name" | "tags" | "active" | "expiresAt">): string[] {
  const same = {
    name: row.name === next.name,
    tags: row.tags.join("\n") === next.tags.join("\n"),
    active: row.active === next.active,
    expires_at: row.expiresAt?.getTime() === next.expiresAt?.getTime(),
  };
  return Object.entries(same).flatMap(([name, unchanged]) => (unchanged ? [] : [name]));
}

const changedFields = (before: CredentialData, after: CredentialData): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).sort();

function eventOf(row: Row, { update, fields }: Decision): AuditEntry {
  const switched = fields.length === 1 && fields[0] === "active";
  return {
    action: switched ? (update.active ? "credential.enabled" : "credential.disabled") : "credential.updated",
    target: { type: "credential", id: row.id, name: update.name },
    fields,
    version: row.version + 1,
    keyId: update.keyId ?? row.keyId,
    // Who did not touch the sealed data does not vouch for them either.
    ...(update.sealed && { sealedHash: sealedHash(update.sealed) }),
  };
}

/** The row as it now is, without reading it back. */
const after = (row: Row, { expected, withheld: _, ...update }: Update, sealedChanged: boolean): Row => ({
  ...row,
  ...update,
  version: expected + 1,
  type: sealedChanged ? update.type : row.type,
});
