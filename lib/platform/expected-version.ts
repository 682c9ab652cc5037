import "server-only";
import { createHash } from "node:crypto";

/** The version that a caller read, or several of which the present one must be one; of none it is none. */
export type ExpectedVersion = number | readonly number[];

export const isExpected = (version: number, expected: ExpectedVersion | undefined): boolean =>
  expected === undefined || (typeof expected === "number" ? version === expected : expected.includes(version));

const ENTITY_TAG = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\u00ff]*)")?[ \t]*(?:,|$)/y;

/**
 * If-Match (RFC 9110, section 13.1.1): one tag that matches is enough, and a weak one never does. What is no tag of ours matches
 * nothing; undefined for no condition, which `*` is for whatever is there.
 */
export function versionsIn(ifMatch: string | null): ExpectedVersion | undefined {
  if (ifMatch === null || ifMatch.trim() === "*") return undefined;
  const versions: number[] = [];
  ENTITY_TAG.lastIndex = 0;
  while (ENTITY_TAG.lastIndex < ifMatch.length) {
    const [, weak, tag = ""] = ENTITY_TAG.exec(ifMatch) ?? [];
    // The rest is no list of tags.
    if (ENTITY_TAG.lastIndex === 0) return [];
    const version = /^([1-9]\d{0,8})(?:\.[\w-]+)?$/.exec(tag)?.[1];
    if (!weak && version) versions.push(Number(version));
  }
  return versions;
}

/**
 * The entity tag of what is read. Its number is the version, which is all that `versionsIn` looks at. What else stands in the answer
 * can move without a new version (a last use, a test, a renewal), and then the rest of the tag is another.
 * @param state letters, digits, `-` and `_` that tell apart what one version can look like; absent where it looks like one thing
 */
export const entityTag = ({ version }: { version: number }, state?: string | number): string =>
  state === undefined ? `"${version}"` : `"${version}.${state}"`;

/** What a body looks like, as the state of a tag. Not for secrets: a digest of one is something to guess it by. */
export const digestOf = (body: unknown): string =>
  createHash("sha256").update(JSON.stringify(body)).digest("base64url").slice(0, 27);

/** If-None-Match (RFC 9110, section 13.1.2): whether the reader has the answer with this tag; weak and strong are one here. */
export function matchesEntityTag(ifNoneMatch: string | null, entityTag: string): boolean {
  if (ifNoneMatch === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const opaque = entityTag.replace(/^W\//, "");
  ENTITY_TAG.lastIndex = 0;
  while (ENTITY_TAG.lastIndex < ifNoneMatch.length) {
    const [, , tag] = ENTITY_TAG.exec(ifNoneMatch) ?? [];
    if (ENTITY_TAG.lastIndex === 0) return false;
    if (tag !== undefined && `"${tag}"` === opaque) return true;
  }
  return false;
}
