import "server-only";
import { v5 as uuidv5 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { AuditEntry } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { fitName, nameKey } from "@/lib/platform/names";
import { isUuid } from "@/lib/platform/uuid";
import type { ImportVerdict, IncomingCredential, JudgedCredential } from "./import-input";
import { importsOf, type KnownRow, type Room } from "./import-repository";
import { freeName, nameStems } from "./names";
import { newRow } from "./new-row";
import type { NewRow } from "./repository";
import { sealedHash } from "./sealed-data";

/** What rows before these take up although they are not stored. */
export interface Claims {
  names: ReadonlySet<string>;
  perProvider: ReadonlyMap<string, number>;
  ofOwner: number;
}

export const noClaims = (): Claims => ({ names: new Set(), perProvider: new Map(), ofOwner: 0 });

interface CreatedRow {
  from: JudgedCredential;
  row: NewRow;
  event: AuditEntry;
}

interface ImportDecision {
  verdicts: ImportVerdict[];
  made: CreatedRow[];
  claims: Claims;
}

/** What the batch finds, and what the rows of it that are taken add to that. */
interface Scene {
  actor: Actor;
  known: KnownRow[];
  names: Set<string>;
  room: Room;
  claimed: { names: Set<string>; perProvider: Map<string, number>; ofOwner: number };
  made: CreatedRow[];
}

/** Decides a batch from one look at the table; what has changed until it is written, the write itself finds out. */
export async function decide(
  tx: Transaction,
  actor: Actor,
  batch: JudgedCredential[],
  before: Claims,
): Promise<ImportDecision> {
  const mine = importsOf(actor.orgId);
  const ids = batch.map(({ incoming }) => incoming.id);
  const stems = new Set(batch.flatMap((one) => nameStems(wantedName(one))));
  const scene: Scene = {
    actor,
    known: await mine.known(tx, [...new Set(ids.map((id) => idsOf(id).id))], ids),
    names: await mine.namesLike(tx, [...stems]),
    room: await mine.room(tx, [...new Set(batch.map(({ incoming }) => incoming.provider))], ownerOf(actor)),
    claimed: { names: new Set(before.names), perProvider: new Map(before.perProvider), ofOwner: before.ofOwner },
    made: [],
  };
  const verdicts: ImportVerdict[] = [];
  for (const one of batch) verdicts.push(await verdictOn(one, scene));
  return { verdicts, made: scene.made, claims: scene.claimed };
}

const ownerOf = (actor: Actor) => (actor.kind === "user" ? actor.id : null);

/** Any fixed UUID: the ids made from external ids must be the same in every run. */
const NAMESPACE = "6f0b6d6a-5c0c-4d0e-9d57-2f6f3a1c8e11";

/**
 * The ids a row gets. One that is no UUID is kept beside one that is made from it, so that a deleted credential is
 * known again: a deletion frees the external id.
 */
export function idsOf(given: string): { id: string; externalId: string | null } {
  if (isUuid(given)) return { id: given.toLowerCase(), externalId: null };
  return { id: uuidv5(given, NAMESPACE), externalId: given };
}

async function verdictOn(judged: JudgedCredential, scene: Scene): Promise<ImportVerdict> {
  if ("isDouble" in judged) return { outcome: "unacceptable", problems: [DOUBLE] };
  const there = presentIn(scene.known, judged.incoming);
  // Before its values: what is here is left alone, whatever a later run would think of them.
  if (there) return { outcome: "present", id: there.id, state: stateOf(there) };
  if ("problems" in judged) return { outcome: "unacceptable", problems: judged.problems };
  const full = fullness(scene, judged.incoming.provider);
  if (full) return full;
  const { incoming, accepted } = judged;
  const wanted = wantedName(judged);
  const isTaken = (key: string) => scene.names.has(key) || scene.claimed.names.has(key);
  const name = isTaken(nameKey(wanted))
    ? await freeName(async (keys) => new Set(keys.filter(isTaken)), wanted)
    : wanted;
  const row = rowOf(scene.actor, incoming, accepted, name);
  scene.made.push({ from: judged, row, event: eventOf(row, Object.keys(accepted.data)) });
  scene.claimed.names.add(row.nameKey);
  scene.claimed.perProvider.set(row.provider, (scene.claimed.perProvider.get(row.provider) ?? 0) + 1);
  scene.claimed.ofOwner += 1;
  const { ownKind } = incoming;
  return { outcome: "imported", id: row.id, name, renamed: name !== incoming.name, ...(ownKind && { ownKind }) };
}

const DOUBLE = { field: null, message: "A row before it has the same id" };

/** A live row before a deleted one. */
function presentIn(known: KnownRow[], { id: given }: IncomingCredential): KnownRow | undefined {
  const { id } = idsOf(given);
  const found = known.filter((row) => row.id === id || row.externalId === given);
  return found.find(({ deletedAt }) => deletedAt === null) ?? found[0];
}

const stateOf = ({ version, deletedAt }: KnownRow) => (deletedAt ? "deleted" : version > 1 ? "changed" : "unchanged");

function fullness({ actor, room, claimed }: Scene, provider: string): ImportVerdict | undefined {
  const ofProvider = (room.perProvider.get(provider) ?? 0) + (claimed.perProvider.get(provider) ?? 0);
  if (ofProvider >= room.maxPerProvider)
    return { outcome: "over_limit", scope: "provider", limit: room.maxPerProvider };
  const isFull = ownerOf(actor) !== null && room.ofOwner + claimed.ofOwner >= room.maxPerUser;
  return isFull ? { outcome: "over_limit", scope: "user", limit: room.maxPerUser } : undefined;
}

/** Its own, or its summary where it has none that could be shown. */
function wantedName(judged: JudgedCredential): string {
  const { name, provider } = judged.incoming;
  const instead = "accepted" in judged ? judged.accepted.method.summary(judged.accepted.data) : provider;
  return fitName(name) ?? fitName(instead) ?? provider;
}

type Accepted = Extract<JudgedCredential, { accepted: object }>["accepted"];

function rowOf(actor: Actor, incoming: IncomingCredential, { method, data }: Accepted, name: string): NewRow {
  const { provider, type } = incoming;
  const row = newRow(
    actor,
    { provider, type, data, name },
    { method, data, proof: undefined, ids: idsOf(incoming.id) },
  );
  const createdAt = pastOr(row.createdAt, incoming.createdAt);
  const updatedAt = pastOr(createdAt, incoming.updatedAt);
  return { ...row, createdAt, updatedAt: new Date(Math.max(createdAt.getTime(), updatedAt.getTime())) };
}

/** A date of another system's clock, where it can be one. */
const pastOr = (instead: Date, at: Date | undefined): Date =>
  at && at.getTime() > Date.UTC(2000) && at <= clock.now() ? at : instead;

const eventOf = (row: NewRow, fields: string[]): AuditEntry => ({
  action: "credential.imported",
  target: { type: "credential", id: row.id, name: row.name },
  fields,
  version: 1,
  ...(row.keyId && { keyId: row.keyId }),
  sealedHash: sealedHash(row.sealed),
});
