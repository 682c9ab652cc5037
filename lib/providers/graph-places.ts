import "server-only";
import { env } from "@/lib/env";
import { outsideJson } from "@/lib/net/bounded-json";
import { Unreachable } from "@/lib/net/unreachable";
import { fetchOutside } from "@/lib/net/worker/fetch-outside";
import { invalidField, Refusal } from "@/lib/refusal";
import type { CredentialData } from "./define";

/** What is listed of a SharePoint account: how Microsoft Graph is asked for it, and what is taken of its answer. */

export type PlaceQuery =
  | { kind: "sites"; search?: string | undefined }
  | { kind: "drives"; siteId: string }
  | { kind: "folders"; driveId?: string | undefined; siteId?: string | undefined; parentId?: string | undefined };

export interface Place {
  id: string;
  name: string;
  webUrl: string | null;
  /** Of a drive: "documentLibrary". */
  driveType?: string;
  /** Of a folder: how much is in it. */
  childCount?: number;
}

export interface PlacePage {
  items: Place[];
  /** Pass as `cursor` for the next page; null at the end. */
  next: string | null;
}

export interface PlaceOptions {
  /** 1 to 200. The last pages of folders may hold fewer, since files are left out. */
  limit: number;
  cursor?: string | undefined;
  /** Whose share of the road out it takes: an organisation. */
  owner: string;
}

/**
 * Asks Microsoft Graph, past the guard, with the credential's access.
 * @throws Refusal "external_failure", "unavailable", "reauthorization_required", "invalid", in fixed words
 */
export async function askPlaces(query: PlaceQuery, data: CredentialData, options: PlaceOptions): Promise<PlacePage> {
  const { items, skip } = placesIn(query, await asked(query, data, options));
  return { items, next: skip === null ? null : Buffer.from(skip).toString("base64url") };
}

/** Ids are Microsoft's and opaque; what would be another path is none. */
export const isPlaceId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.,_!-]{0,511}$/.test(text);

/** The path of the request, from its API's version on. What the credential itself names stands in for what nobody asked for. */
function pathOf(query: PlaceQuery, data: CredentialData): string {
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

function driveOf({ driveId, siteId }: Extract<PlaceQuery, { kind: "folders" }>, data: CredentialData): string {
  const drive = driveId ?? (siteId === undefined ? data.drive_id : undefined);
  if (typeof drive === "string") return `/drives/${encodeURIComponent(drive)}`;
  const site = siteId ?? data.site_id;
  return typeof site === "string" ? `/sites/${encodeURIComponent(site)}/drive` : "/me/drive";
}

/** The places in an answer, and what Microsoft Graph calls the next page. Whatever has no id and name is left out. */
function placesIn(query: PlaceQuery, answer: unknown): { items: Place[]; skip: string | null } {
  const { value, "@odata.nextLink": link } = record(answer);
  const rows = Array.isArray(value) ? value.map(record) : [];
  const items = rows.filter((row) => query.kind !== "folders" || typeof row.folder === "object").flatMap(placeOf);
  return { items, skip: skipOf(link) };
}

function placeOf(row: Record<string, unknown>): Place[] {
  const [id, name] = [text(row.id, 512), text(row.displayName, 400) ?? text(row.name, 400)];
  if (id === undefined || name === undefined) return [];
  const webUrl = text(row.webUrl, 2_000);
  const { childCount } = record(row.folder);
  const driveType = text(row.driveType, 64);
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
function skipOf(link: unknown): string | null {
  if (typeof link !== "string" || !URL.canParse(link)) return null;
  const { searchParams } = new URL(link);
  const found = searchParams.get("$skiptoken") ?? searchParams.get("$skipToken");
  return found && found.length <= SKIP_MAX ? found : null;
}
const SKIP_MAX = 2_000;

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const text = (value: unknown, max: number): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= max && value.isWellFormed() ? value : undefined;

/** An answer of two hundred places with long addresses fits well. */
const LIMITS = { totalMs: 10_000, connectMs: 5_000, maxBytes: 1024 * 1024 };

async function asked(query: PlaceQuery, data: CredentialData, options: PlaceOptions): Promise<unknown> {
  const { limit, cursor, owner } = options;
  const url = new URL(pathOf(query, data), env().MICROSOFT_GRAPH_URL);
  url.searchParams.set("$top", String(limit));
  if (cursor !== undefined) url.searchParams.set("$skiptoken", Buffer.from(cursor, "base64url").toString("utf8"));
  const headers = { authorization: `Bearer ${data.access_token}`, accept: "application/json" };
  const request = { url: url.href, method: "GET", headers };
  const answer = await fetchOutside(request, { owner, limits: LIMITS }).catch((error: unknown) => {
    if (error instanceof Unreachable) throw away(error);
    throw error;
  });
  if (answer.status !== 200) throw refusalOf(answer.status);
  return outsideJson(await answer.text());
}

const away = (cause?: unknown) =>
  new Refusal("unavailable", "Microsoft Graph does not answer. Try again in a moment.", {
    retryAfterSeconds: 5,
    ...(cause !== undefined && { cause }),
  });

/** In fixed words: what Microsoft Graph wrote stays there. */
function refusalOf(status: number): Refusal {
  if (status === 429 || status >= 500) return away();
  if (status === 401)
    return new Refusal(
      "reauthorization_required",
      "Microsoft does not accept this access any more: somebody must reconnect it",
      { details: { reason: "grant_ended" } },
    );
  if (status === 403)
    return new Refusal(
      "external_failure",
      "The account that signed in may not see this, or the permission for it was not granted",
    );
  if (status === 404) return invalidField("site_id", "Microsoft Graph knows no such site, drive or folder");
  return new Refusal("external_failure", "Microsoft Graph refused the request");
}
