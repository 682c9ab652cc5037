import "server-only";
import { visit } from "jsonc-parser";
import { depthOf } from "@/lib/platform/json-depth";
import { Refusal } from "@/lib/platform/refusal";
import { requireStorable } from "@/lib/platform/storable";

/** Largest body: key files included. */
export const BODY_BYTES = 256 * 1024;
const DEPTH_MAX = 16;
const NODES_MAX = 2_000;
/** Of one object. Each costs the judging of a name, and a line of the answer where it is none. */
const FIELDS_MAX = 200;
const DANGEROUS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads a body, counting as it streams, whatever Content-Length says.
 * @throws Refusal "too_large" past the limit, "unsupported_media_type" for compressed bodies, "malformed" for a body that
 * breaks off
 */
export async function readBody(request: Request, maxBytes = BODY_BYTES): Promise<Buffer> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new Refusal("unsupported_media_type", "Compressed request bodies are not accepted");
  }
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) return Buffer.concat(chunks);
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new Refusal("too_large", `The request body is larger than ${maxBytes / 1024} KiB`);
    }
    chunks.push(value);
  }
}

/** The client hung up. Nobody is there to read this; it keeps that from being taken for a fault of ours. */
function brokenOff(): never {
  throw new Refusal("malformed", "The request body broke off");
}

/**
 * Strict JSON (RFC 8259): UTF-8, an object at the top, no name twice, no `__proto__`, bounded depth and size. Judged
 * by a scanning pass as well, because the parser has merged the doubles already.
 * @throws Refusal "invalid" for text that is no JSON, "malformed" for JSON that is no object, and as
 * `requireStorable`
 */
export function parseJson(body: Buffer): Record<string, unknown> {
  const text = decode(body);
  const value = parse(text);
  // Before anything that calls itself for each level.
  if (depthOf(text) > DEPTH_MAX) throw notJson(`The body is nested deeper than ${DEPTH_MAX} levels`);
  scan(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("malformed", "Request validation failed", {
      fields: [{ path: [], message: "Must be a JSON object", code: "object_type" }],
    });
  }
  requireStorable(value);
  return value as Record<string, unknown>;
}

/** A form's fields, as `read` tells them from its text. @throws Refusal as `requireStorable` */
export function parseForm(body: Buffer, read: (text: string) => Record<string, unknown>): Record<string, unknown> {
  const form = read(body.toString("utf8"));
  requireStorable(form);
  return form;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw notJson("The body is not UTF-8");
  }
}

/** V8's parser does not call itself, however deep a text nests. What it has to say may repeat a part of the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson("The body is not valid JSON");
  }
}

/** Stops at the first thing that is wrong, so that a body costs no more than it may hold. */
function scan(text: string): void {
  const names: Set<string>[] = [];
  let nodes = 0;
  const node = () => {
    nodes++;
    if (nodes > NODES_MAX) throw notJson(`The body holds more than ${NODES_MAX} values`);
  };
  const enter = () => {
    node();
    names.push(new Set());
  };
  const leave = () => void names.pop();
  const options = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
  visit(
    text,
    {
      onObjectBegin: enter,
      onObjectEnd: leave,
      onArrayBegin: enter,
      onArrayEnd: leave,
      onLiteralValue: node,
      onObjectProperty: (name) => {
        const seen = names.at(-1);
        if (DANGEROUS.has(name)) throw notJson("The body holds a name that is not allowed");
        if (seen?.has(name)) throw notJson("The body names a field twice");
        seen?.add(name);
        if (seen && seen.size > FIELDS_MAX) throw notJson(`An object of the body has more than ${FIELDS_MAX} fields`);
      },
    },
    options,
  );
}

const notJson = (message: string) => new Refusal("invalid", message);
