import "server-only";
import { env } from "@/lib/platform/env";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "./define";
import {
  accessEnded,
  askList,
  away,
  cursorOf,
  type ListOptions,
  markOf,
  notSeen,
  record,
  shortText,
} from "./outside-list";

/** Folders of a Google Drive: how Drive is asked for them, and what is taken of its answer. */

export interface DriveFolder {
  id: string;
  name: string;
  webUrl: string | null;
}

export interface DriveFolderPage {
  items: DriveFolder[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}

/** The folder that everything else of an account's own lies in. */
const ROOT = "root";

/** Ids are Google's and opaque. They stand in quotes in a question, so what could end those is none. */
export const isDriveId = (text: string): boolean => /^[A-Za-z0-9_-]{1,256}$/.test(text);

/**
 * Asks Google Drive for the folders in a folder, by name, with the credential's access.
 * @throws Refusal "external_failure", "unavailable", "reauthorization_required", "invalid", in fixed words
 */
export async function askDriveFolders(
  parent: string | undefined,
  data: CredentialData,
  { limit, cursor, owner }: ListOptions,
): Promise<DriveFolderPage> {
  const url = new URL("/drive/v3/files", env().GOOGLE_API_URL);
  url.search = new URLSearchParams({
    q: `mimeType = 'application/vnd.google-apps.folder' and '${parent ?? ROOT}' in parents and trashed = false`,
    fields: "nextPageToken,files(id,name,webViewLink)",
    orderBy: "name_natural",
    pageSize: String(limit),
    supportsAllDrives: "true",
    includeItemsFromAllDrives: "true",
    ...(cursor !== undefined && { pageToken: markOf(cursor) }),
  }).toString();
  const { files, nextPageToken } = await askList(url, data, { owner, who: "Google Drive", refusalOf });
  const items = Array.isArray(files) ? files.slice(0, limit).flatMap((file) => folderOf(record(file))) : [];
  return { items, next: cursorOf(shortText(nextPageToken, TOKEN_MAX)) };
}

const TOKEN_MAX = 2_000;

/** Whatever has no id and name is left out. */
function folderOf(file: Record<string, unknown>): DriveFolder[] {
  const [id, name] = [shortText(file.id, 256), shortText(file.name, 400)];
  if (id === undefined || name === undefined) return [];
  const link = shortText(file.webViewLink, 2_000);
  return [{ id, name, webUrl: link?.startsWith("https://") ? link : null }];
}

/** Reasons of a 403 that only ask to wait. https://developers.google.com/workspace/drive/api/guides/handle-errors */
const BUSY = new Set(["rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded"]);

/** In fixed words: what Google wrote stays there. */
function refusalOf(status: number, answer: unknown): Refusal {
  if (status === 401) return accessEnded("Google");
  if (status === 403) return BUSY.has(reasonIn(answer)) ? away("Google Drive") : notSeen();
  if (status === 404) return invalidField("parent", "Google Drive knows no such folder");
  return new Refusal("external_failure", "Google Drive refused the request");
}

function reasonIn(answer: unknown): string {
  const { errors } = record(record(answer).error);
  return Array.isArray(errors) ? String(record(errors[0]).reason) : "";
}
