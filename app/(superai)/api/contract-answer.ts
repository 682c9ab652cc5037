import { type DocumentName, openApiDocument } from "@/lib/api/openapi";

/** A document as it is sent: to anybody, kept for a while by whoever asks often. */
export function contractAnswer(name: DocumentName) {
  const { text, entityTag } = openApiDocument(name);
  const headers = { "Content-Type": "application/json", "Cache-Control": "public, max-age=300", ETag: entityTag };
  return { status: 200 as const, text, headers };
}
