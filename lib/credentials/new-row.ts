import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { cleanName, nameKey } from "@/lib/platform/names";
import type { CredentialData, Method } from "@/lib/providers/define";
import { clearColumns, searchText, secretInfo } from "./describe";
import type { NewCredential } from "./input";
import type { TestReceipt } from "./receipt";
import type { NewRow } from "./repository";
import { sealData } from "./sealed-data";
import { cleanTags } from "./tags";

export interface Ids {
  id: string;
  externalId: string | null;
}

/** What is settled about it before. */
interface RowFacts {
  method: Method;
  data: CredentialData;
  proof: TestReceipt | undefined;
  ids: Ids;
}

/** A credential as it is first stored, sealed, of whoever makes it. */
export function newRow(
  maker: Actor,
  input: NewCredential,
  { method, data, proof, ids: { id, externalId } }: RowFacts,
): NewRow {
  const { provider, type } = input;
  const clear = clearColumns(method, data);
  const name = cleanName(input.name ?? clear.summary.slice(0, 180));
  const tags = cleanTags(input.tags ?? []);
  const now = clock.now();
  return {
    id,
    externalId,
    ownerId: maker.kind === "user" ? maker.id : null,
    provider,
    type,
    name,
    nameKey: nameKey(name),
    tags,
    ...clear,
    search: searchText({ id, externalId, provider, name, tags, ...clear }),
    secretInfo: secretInfo(method, undefined, data, maker.name),
    ...sealData({ orgId: maker.orgId, id, provider, type, sealedVersion: 1 }, data),
    expiresAt: input.expiresAt ?? null,
    health: proof?.outcome ?? null,
    healthReason: proof?.reason ?? null,
    healthAt: proof?.at ?? null,
    healthVersion: proof ? 1 : null,
    createdAt: now,
    updatedAt: now,
    modifiedBy: maker.name,
  };
}
