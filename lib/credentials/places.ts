import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted, recordAlone } from "@/lib/audit";
import {
  askPlaces,
  type PlaceOptions as GraphOptions,
  isPlaceId,
  type PlacePage,
  type PlaceQuery,
} from "@/lib/providers/graph-places";
import { invalidField, Refusal } from "@/lib/refusal";
import { renewed } from "./connect/renew";
import { changeable } from "./update";

export type { Place, PlacePage, PlaceQuery } from "@/lib/providers/graph-places";

export type PlaceOptions = Omit<GraphOptions, "owner">;

/**
 * Sites, drives or folders that a SharePoint credential's account sees, so that somebody can choose one. For those who
 * may change the credential; its access is renewed first when it has ended, and each look is on record.
 * @throws Refusal "not_found"; "forbidden"; "invalid" for another provider's credential or an unfit id;
 * "reauthorization_required"; "external_failure" and "unavailable" in fixed words
 */
export function listPlaces(actor: Actor, id: string, query: PlaceQuery, options: PlaceOptions): Promise<PlacePage> {
  const target = { type: "credential", id } as const;
  return permitted(actor, "credential:test", { action: "credential.browsed", target }, async () => {
    const row = await changeable(actor, id, undefined);
    if (row.provider !== "sharepoint") throw invalidField("credential_id", "Is not a SharePoint credential");
    if (!row.active) throw new Refusal("forbidden", "This credential is inactive");
    requireIds(query);
    const { data } = await renewed(actor.orgId, row.id);
    await recordAlone(actor, { action: "credential.browsed", target: { ...target, name: row.name } });
    return askPlaces(query, data, { ...options, owner: actor.orgId });
  });
}

function requireIds(query: PlaceQuery): void {
  const ids =
    query.kind === "drives"
      ? { site_id: query.siteId }
      : query.kind === "folders"
        ? { site_id: query.siteId, drive_id: query.driveId, folder_id: query.parentId }
        : {};
  for (const [name, value] of Object.entries(ids))
    if (value !== undefined && !isPlaceId(value)) throw invalidField(name, "Must be an ID of Microsoft Graph");
}
