import { z } from "zod";
import { credentialId, limit } from "./fields";

/** What an account at SharePoint or Google sees. Ids are the provider's: opaque, of limited length. */
const id = z.string().min(1).max(512);
const common = {
  credential_id: credentialId,
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,3000}$/)
    .optional()
    .meta({ description: "X-Next-Cursor of the page before." }),
  limit: limit(200).default(100),
};
export const placeQueries = {
  sites: z.strictObject({ ...common, search: z.string().max(200).optional() }),
  drives: z.strictObject({ ...common, site_id: id }),
  folders: z.strictObject({ ...common, site_id: id.optional(), drive_id: id.optional(), folder_id: id.optional() }),
  driveFolders: z.strictObject({ ...common, parent: id.optional() }),
};
/** Of both plugins that have folders: SharePoint's by site, drive and folder, Google Drive's by their parent. */
export const anyFolders = z.strictObject({ ...placeQueries.folders.shape, ...placeQueries.driveFolders.shape });

export const place = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    web_url: z.string().nullable(),
    drive_type: z.string().optional(),
    child_count: z.int().optional(),
  })
  .meta({ id: "Place", examples: [{ id: "b!example", name: "Documents", web_url: "https://example.com/documents" }] });
export type PlaceShown = z.output<typeof place>;
