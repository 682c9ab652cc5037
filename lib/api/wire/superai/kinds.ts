import type { KindTest, KindView, WrittenKind } from "@/lib/own-kinds";
import { entityTag } from "@/lib/platform/expected-version";
import { type Kind, kindBody, kindTestBody } from "./schemas/kind";
import { shaped } from "./shape";

/** Kinds of one's own in SuperAI's form. */
export const kindText = (body: Record<string, unknown>): string => shaped(kindBody, body).text;

export function kindToTry(body: Record<string, unknown>): KindTest {
  const { text, credentials } = shaped(kindTestBody, body);
  return { text, values: credentials };
}

export const kind = ({ id, listing, version, credentials, ...row }: KindView): Kind => ({
  id,
  label: listing.label,
  description: listing.description,
  credential_type: listing.methods[0]?.type ?? "",
  testable: listing.methods.some(({ testable }) => testable),
  version,
  credentials,
  created_by: row.createdBy,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
  modified_by: row.modifiedBy,
});

export const writtenKind = (view: WrittenKind) => ({ ...kind(view), text: view.text });

export const kindAnswer = <Status extends 200 | 201>(status: Status, view: KindView) => ({
  status,
  body: kind(view),
  headers: { ETag: entityTag(view) },
});
