import "server-only";
import { get as plain } from "node:http";
import { get as encrypted } from "node:https";
import type { Env } from "@/lib/platform/env";
import { type Finding, failure, ok, warning } from "./finding";

const ASK_MS = 5_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether people find us at the address that the operator gave, and what stands there is this installation. */
export async function publicUrlFinding(settings: Env): Promise<Finding> {
  const url = new URL(settings.PUBLIC_URL);
  const isLoopback = LOOPBACK.test(url.hostname);
  if (!isLoopback && url.protocol === "http:")
    return failure(
      "public-url",
      `${url.origin} is not encrypted: passwords and secrets pass in clear. Put TLS in front, and https in PUBLIC_URL.`,
    );
  const [there, here] = await Promise.all([specification(url), specification(ownAddress(settings))]);
  if (here === undefined)
    return warning(
      "public-url",
      "Nothing of ours listens at PORT, so the address could not be tried. Run doctor again beside the running server.",
    );
  if (there === undefined)
    return failure(
      "public-url",
      `${url.origin} does not answer as Latchkey from here. Mend the proxy, the name or its certificate, or PUBLIC_URL.`,
    );
  if (there !== here)
    return failure(
      "public-url",
      `${url.origin} is answered by another version than listens at PORT. Let the proxy lead to this one, or mend PUBLIC_URL.`,
    );
  if (isLoopback && !LOOPBACK.test(settings.HOST) && settings.HOST !== "::1")
    return warning(
      "public-url",
      `HOST takes connections from other machines, and ${url.origin} is open on this one alone. Set PUBLIC_URL to what people open.`,
    );
  return ok("public-url", `${url.origin} answers, and is what listens here.`);
}

/** Where the server of these settings listens; every interface is asked over the loopback. */
function ownAddress({ HOST, PORT }: Env): URL {
  const host = ["0.0.0.0", "::"].includes(HOST) ? "localhost" : HOST;
  return new URL(`http://${host.includes(":") ? `[${host}]` : host}:${PORT}`);
}

/** What tells two programs apart to anybody: the tag of the document of the API. Nothing where none of ours answers. */
function specification(origin: URL): Promise<string | undefined> {
  const get = origin.protocol === "https:" ? encrypted : plain;
  return new Promise((resolve) => {
    const request = get(new URL("/api/openapi.json", origin), { timeout: ASK_MS, agent: false }, (response) => {
      const { etag } = response.headers;
      resolve(response.statusCode === 200 && etag ? etag.replace(/^W\//, "").replace(/-(gzip|br)"$/, '"') : undefined);
      response.destroy();
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}
