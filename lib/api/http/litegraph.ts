import "server-only";
import { failed, refuse } from "@/lib/api/wire/litegraph/refuse";
import { corsHeaders, preflightHeaders } from "./cors";
import { litegraphCaller } from "./litegraph-caller";
import { belowLitegraphPrefix } from "./litegraph-prefix";
import { NODE } from "./node-name";
import { createApi } from "./route";

/** The LiteGraph door. Its clients compare the media type as a whole, and expect it on empty answers as well. */
export const litegraph = createApi({
  name: "litegraph",
  refuse: (refusal, _, path) => refuse(refusal, belowLitegraphPrefix(path) !== undefined),
  failed,
  authenticate: litegraphCaller,
  headersFor: (headers) => ({
    "Content-Type": "application/json",
    "x-litegraph-node": NODE,
    ...echoed(headers),
    ...corsHeaders(headers),
  }),
  preflight: (headers) => ({ status: 200, headers: preflightHeaders(headers, METHODS) }),
});

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

/** Ids that callers follow a request by; said back when they are harmless in a header. */
const ECHOED = { "x-correlation-id": /^[A-Za-z0-9._-]{1,128}$/, traceparent: /^[0-9a-f]{2}(-[0-9a-f]{2,32}){3}$/ };

function echoed(headers: Headers): Record<string, string> {
  const said = Object.entries(ECHOED).flatMap(([name, shape]) => {
    const value = headers.get(name);
    return value !== null && shape.test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(said);
}
