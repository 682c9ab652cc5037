import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { recordAlone, withAuthorization } from "@/lib/platform/audit";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { askDriveFolders, type DriveFolderPage, isDriveId } from "@/lib/providers/drive-folders";
import type { CredentialData } from "@/lib/providers/fields";
import {
  type DriveItemPage,
  type DriveItemQuery,
  isDriveItemId,
  listDriveItems,
} from "@/lib/providers/graph-drive-items";
import type { ListOptions } from "@/lib/providers/outside-list";
import { renewed } from "./connect/renew";
import { changeable } from "./update";

export type { DriveFolder, DriveFolderPage } from "@/lib/providers/drive-folders";
export type { DriveItem, DriveItemPage, DriveItemQuery } from "@/lib/providers/graph-drive-items";

export type DriveItemOptions = Omit<ListOptions, "owner">;

/**
 * Sites, drives or folders that a SharePoint credential's account sees, so that somebody can choose one. For those who
 * may change the credential; its access is renewed first when it has ended, and each look is on record.
 * @throws Refusal "not_found"; "forbidden"; "invalid" for another provider's credential or an unfit id;
 * "reauthorization_required"; "external_failure" and "unavailable" in fixed words
 */
export const listPlaces = (
  actor: Actor,
  id: string,
  query: DriveItemQuery,
  options: DriveItemOptions,
): Promise<DriveItemPage> =>
  browsed(
    actor,
    id,
    { provider: "sharepoint", notThat: "Is not a SharePoint credential", require: () => requireIds(query) },
    (data) => listDriveItems(query, data, { ...options, owner: actor.orgId }),
  );

/**
 * Folders of a Google credential's Drive: those in `parent`, else the outermost. For whom, and how, as `listPlaces`.
 * @throws Refusal as `listPlaces`
 */
export const listDriveFolders = (
  actor: Actor,
  id: string,
  parent: string | undefined,
  options: DriveItemOptions,
): Promise<DriveFolderPage> =>
  browsed(
    actor,
    id,
    { provider: "google", notThat: "Is not a Google credential", require: () => requireFolder(parent) },
    (data) => askDriveFolders(parent, data, { ...options, owner: actor.orgId }),
  );

interface Browsing {
  provider: string;
  notThat: string;
  /** Refuses what was asked for, before anybody is asked. */
  require: () => void;
}

function browsed<T>(
  actor: Actor,
  id: string,
  { provider, notThat, require }: Browsing,
  ask: (data: CredentialData) => Promise<T>,
): Promise<T> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:test", { action: "credential.browsed", target }, async () => {
    const row = await changeable(actor, id, "edit", undefined);
    if (row.provider !== provider) throw invalidField("credential_id", notThat);
    if (!row.active) throw new Refusal("forbidden", "This credential is inactive");
    require();
    const { data } = await renewed(actor.orgId, row.id);
    await recordAlone(actor, { action: "credential.browsed", target: { ...target, name: row.name } });
    return ask(data);
  });
}

function requireFolder(parent: string | undefined): void {
  if (parent !== undefined && !isDriveId(parent))
    throw invalidField("parent", "Must be the ID of a folder in Google Drive");
}

function requireIds(query: DriveItemQuery): void {
  const ids =
    query.kind === "drives"
      ? { site_id: query.siteId }
      : query.kind === "folders"
        ? { site_id: query.siteId, drive_id: query.driveId, folder_id: query.parentId }
        : {};
  for (const [name, value] of Object.entries(ids))
    if (value !== undefined && !isDriveItemId(value)) throw invalidField(name, "Must be an ID of Microsoft Graph");
}
