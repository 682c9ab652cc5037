import "server-only";
import { inOrganization } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";

const TAGS_MAX = 20;
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._:/ -]{0,48}[\p{L}\p{N}]$|^[\p{L}\p{N}]$/u;

/** Tags in NFC, each once, sorted. @throws Refusal "invalid" for more than 20 or an unfit one */
export function cleanTags(tags: string[]): string[] {
  const clean = [...new Set(tags.map((tag) => tag.normalize("NFC").trim()))].sort();
  const message =
    clean.length > TAGS_MAX
      ? `At most ${TAGS_MAX} tags`
      : clean.every((tag) => TAG.test(tag))
        ? ""
        : "A tag is 1 to 50 letters, digits, spaces or . _ : / - between them";
  if (message)
    throw new Refusal("invalid", "The tags are not acceptable", {
      fields: [{ path: ["tags"], message, code: "tags" }],
    });
  return clean;
}

/** Those of these tags over which something is granted, in force or not. */
export async function tagsWithGrants(orgId: string, tags: string[]): Promise<string[]> {
  if (tags.length === 0) return [];
  const where = { orgId, reach: "tag", reachKey: { in: tags } };
  const select = { reachKey: true } as const;
  const rows = await inOrganization(orgId, (tx) => tx.accessGrant.findMany({ where, select, distinct: ["reachKey"] }));
  return rows.map(({ reachKey }) => reachKey);
}
