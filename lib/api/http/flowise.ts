import "server-only";
import { failed, refuse } from "@/lib/api/wire/flowise/refuse";
import { digestOf } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";
import type { PublicCall } from "./call";
import { corsHeaders, preflightHeaders } from "./cors";
import { flowiseCaller } from "./flowise-session";
import { parseForm, parseJson } from "./json";
import { longList } from "./long-list";
import { mediaType } from "./media-type";
import { createApi, methods } from "./route";

/** The Flowise door: API keys, and the session of Flowise's own pages. */
export const flowise = createApi({
  name: "flowise",
  refuse,
  failed,
  authenticate: flowiseCaller,
  headersFor: corsHeaders,
  preflight: (headers) => ({ status: 204, headers: preflightHeaders(headers, methods) }),
});

/** A read with a validator, a weak one as theirs are. */
export function validated<Body>(body: Body) {
  return { status: 200 as const, body, headers: { ETag: `W/"${digestOf(body)}"` } };
}

/** A list of this dialect, which has no pages: with a validator, or streamed where it is too long to be held. */
export async function wholeList<Item>(pages: AsyncGenerator<Item[]>) {
  const list = await longList(pages);
  return "whole" in list ? validated(list.whole) : { status: 200 as const, stream: list.text };
}

/** As Flowise's page says, although its server does without. @throws Refusal "version_mismatch", in the words they know */
export async function requireBody(call: Pick<PublicCall, "body">, what: string): Promise<void> {
  if ((await call.body()).length > 0) return;
  throw new Refusal("version_mismatch", `Error: credentialsController.${what} - body not provided!`);
}

/**
 * A body as these clients send it: JSON, a form, or none at all. An empty one and an empty list count as an empty object.
 * @throws Refusal "invalid" for text that is no JSON
 */
export async function bodyOf(
  call: Pick<PublicCall, "headers" | "body">,
  readForm: (text: string) => Record<string, unknown>,
) {
  const bytes = await call.body();
  const type = mediaType(call.headers);
  if (type === "application/x-www-form-urlencoded") return parseForm(bytes, readForm);
  const isEmpty = bytes.length === 0 || /^\s*\[\s*\]\s*$/.test(bytes.toString("latin1", 0, 64));
  return type !== "application/json" || isEmpty ? {} : parseJson(bytes);
}
