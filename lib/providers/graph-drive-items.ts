import "server-only";
import { env } from "@/lib/platform/env";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "./define";
import { accessEnded, askList, cursorOf, type ListOptions, markOf, notSeen, record, shortText } from "./outside-list";

/** What is listed of a SharePoint account: how Microsoft Graph is asked for it, and what is taken of its answer. */

export type DriveItemQuery =
  | { kind: "sites"; search?: string | undefined }
  | { kind: "drives"; siteId: string }
  | { kind: "folders"; driveId?: string | undefined; siteId?: string | undefined; parentId?: string | undefined };

export interface DriveItem {
  id: string;
  name: string;
  webUrl: string | null;
  /** Of a drive: "documentLibrary". */
  driveType?: string;
  /** Of a folder: how much is in it. */
  childCount?: number;
}

export interface DriveItemPage {
  items: DriveItem[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}

/**
 * Asks Microsoft Graph, past the guard, with the credential's access.
 * @throws Refusal "external_failure", "unavailable", "reauthorization_required", "invalid", in fixed words
 */
export async function listDriveItems(
  query: DriveItemQuery,
  data: CredentialData,
  options: ListOptions,
): Promise<DriveItemPage> {
  const { items, skip } = placesIn(query, await asked(query, data, options));
  return { items, next: cursorOf(skip) };
}

/** Ids are Microsoft's and opaque; what would be another path is none. */
export const isDriveItemId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.,_!-]{0,511}$/.test(text);

/** The path of the request, from its API's version on. What the credential itself names stands in for what nobody asked for. */
function pathOf(query: DriveItemQuery, data: CredentialData): string {
  switch (query.kind) {
    case "sites":
      return `/v1.0/sites?search=${encodeURIComponent(query.search || "*")}&$select=id,name,displayName,webUrl`;
    case "drives":
      return `/v1.0/sites/${encodeURIComponent(query.siteId)}/drives?$select=id,name,webUrl,driveType`;
    case "folders": {
      const parent = query.parentId === undefined ? "root" : `items/${encodeURIComponent(query.parentId)}`;
      return `/v1.0${driveOf(query, data)}/${parent}/children?$select=id,name,webUrl,folder`;
    }
  }
}

function driveOf({ driveId, siteId }: Extract<DriveItemQuery, { kind: "folders" }>, data: CredentialData): string {
  const drive = driveId ?? (siteId === undefined ? data.drive_id : undefined);
  if (typeof drive === "string") return `/drives/${encodeURIComponent(drive)}`;
  const site = siteId ?? data.site_id;
  return typeof site === "string" ? `/sites/${encodeURIComponent(site)}/drive` : "/me/drive";
}

/** The places in an answer, and what Microsoft Graph calls the next page. Whatever has no id and name is left out. */
function placesIn(
  query: DriveItemQuery,
  answer: Record<string, unknown>,
): { items: DriveItem[]; skip: string | undefined } {
  const { value, "@odata.nextLink": link } = answer;
  const rows = Array.isArray(value) ? value.map(record) : [];
  const items = rows.filter((row) => query.kind !== "folders" || typeof row.folder === "object").flatMap(placeOf);
  return { items, skip: skipOf(link) };
}

function placeOf(row: Record<string, unknown>): DriveItem[] {
  const [id, name] = [shortText(row.id, 512), shortText(row.displayName, 400) ?? shortText(row.name, 400)];
  if (id === undefined || name === undefined) return [];
  const webUrl = shortText(row.webUrl, 2_000);
  const { childCount } = record(row.folder);
  const driveType = shortText(row.driveType, 64);
  return [
    {
      id,
      name,
      webUrl: webUrl?.startsWith("https://") ? webUrl : null,
      ...(driveType !== undefined && { driveType }),
      ...(typeof childCount === "number" && { childCount }),
    },
  ];
}

/** Of the link to the next page only where it begins is kept: nobody is sent to an address that came from outside. */
function skipOf(link: unknown): string | undefined {
  if (typeof link !== "string" || !URL.canParse(link)) return undefined;
  const { searchParams } = new URL(link);
  return shortText(searchParams.get("$skiptoken") ?? searchParams.get("$skipToken"), SKIP_MAX);
}
const SKIP_MAX = 2_000;

async function asked(query: DriveItemQuery, data: CredentialData, { limit, cursor, owner }: ListOptions) {
  const url = new URL(pathOf(query, data), env().MICROSOFT_GRAPH_URL);
  url.searchParams.set("$top", String(limit));
  if (cursor !== undefined) url.searchParams.set("$skiptoken", markOf(cursor));
  return askList(url, data, { owner, who: "Microsoft Graph", refusalOf });
}

/** In fixed words: what Microsoft Graph wrote stays there. */
function refusalOf(status: number): Refusal {
  if (status === 401) return accessEnded("Microsoft");
  if (status === 403) return notSeen();
  if (status === 404) return invalidField("site_id", "Microsoft Graph knows no such site, drive or folder");
  return new Refusal("external_failure", "Microsoft Graph refused the request");
}
