import { z } from "zod";
import type { DriveFolder, Place, PlaceOptions, PlaceQuery } from "@/lib/credentials";
import { credentialId, parameters } from "./shape";

/** What an account at SharePoint or Google sees, in SuperAI's form. Ids are the provider's: opaque, of limited length. */
const id = z.string().min(1).max(512);
const common = {
  credential_id: credentialId,
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,3000}$/)
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, "Must be a number from 1 to 200")
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, "Must be a number from 1 to 200")
    .default(100),
};
const queries = {
  sites: z.strictObject({ ...common, search: z.string().max(200).optional() }),
  drives: z.strictObject({ ...common, site_id: id }),
  folders: z.strictObject({
    ...common,
    site_id: id.optional(),
    drive_id: id.optional(),
    folder_id: id.optional(),
  }),
  driveFolders: z.strictObject({ ...common, parent: id.optional() }),
};

interface Asked {
  id: string;
  query: PlaceQuery;
  options: PlaceOptions;
}

export function sitesAsked(sent: URLSearchParams): Asked {
  const { credential_id, search, ...options } = parameters(queries.sites, sent);
  return { id: credential_id, query: { kind: "sites", search }, options };
}

export function drivesAsked(sent: URLSearchParams): Asked {
  const { credential_id, site_id, ...options } = parameters(queries.drives, sent);
  return { id: credential_id, query: { kind: "drives", siteId: site_id }, options };
}

export function foldersAsked(sent: URLSearchParams): Asked {
  const { credential_id, site_id, drive_id, folder_id, ...options } = parameters(queries.folders, sent);
  const query = { kind: "folders", siteId: site_id, driveId: drive_id, parentId: folder_id } as const;
  return { id: credential_id, query, options };
}

/** What is asked of a Google Drive: the folders in one, or the outermost. */
export function driveFoldersAsked(
  sent: URLSearchParams,
): Pick<Asked, "id" | "options"> & { parent?: string | undefined } {
  const { credential_id, parent, ...options } = parameters(queries.driveFolders, sent);
  return { id: credential_id, parent, options };
}

export const driveFolder = ({ id, name, webUrl }: DriveFolder) => ({ id, name, web_url: webUrl });

export const place = ({ id, name, webUrl, driveType, childCount }: Place) => ({
  id,
  name,
  web_url: webUrl,
  ...(driveType !== undefined && { drive_type: driveType }),
  ...(childCount !== undefined && { child_count: childCount }),
});
