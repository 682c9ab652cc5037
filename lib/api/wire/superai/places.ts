import type { DriveFolder, DriveItem, DriveItemOptions, DriveItemQuery } from "@/lib/credentials";
import { type PlaceShown, placeQueries } from "./schemas/place";
import { parameters } from "./shape";

/** What an account at SharePoint or Google sees, in SuperAI's form. */

interface Asked {
  id: string;
  query: DriveItemQuery;
  options: DriveItemOptions;
}

export function sitesAsked(sent: URLSearchParams): Asked {
  const { credential_id, search, ...options } = parameters(placeQueries.sites, sent);
  return { id: credential_id, query: { kind: "sites", search }, options };
}

export function drivesAsked(sent: URLSearchParams): Asked {
  const { credential_id, site_id, ...options } = parameters(placeQueries.drives, sent);
  return { id: credential_id, query: { kind: "drives", siteId: site_id }, options };
}

export function foldersAsked(sent: URLSearchParams): Asked {
  const { credential_id, site_id, drive_id, folder_id, ...options } = parameters(placeQueries.folders, sent);
  const query = { kind: "folders", siteId: site_id, driveId: drive_id, parentId: folder_id } as const;
  return { id: credential_id, query, options };
}

/** What is asked of a Google Drive: the folders in one, or the outermost. */
export function driveFoldersAsked(
  sent: URLSearchParams,
): Pick<Asked, "id" | "options"> & { parent?: string | undefined } {
  const { credential_id, parent, ...options } = parameters(placeQueries.driveFolders, sent);
  return { id: credential_id, parent, options };
}

export const driveFolder = ({ id, name, webUrl }: DriveFolder): PlaceShown => ({ id, name, web_url: webUrl });

export const place = ({ id, name, webUrl, driveType, childCount }: DriveItem): PlaceShown => ({
  id,
  name,
  web_url: webUrl,
  ...(driveType !== undefined && { drive_type: driveType }),
  ...(childCount !== undefined && { child_count: childCount }),
});
