import "server-only";
import { env } from "@/lib/platform/env";

/**
 * The address a request came from. The front judges it from the socket and the trusted proxies and hands it on in this
 * header, dropping whatever a client sent under that name; without the front nobody vouches for it, so it is unknown.
 */
export const ADDRESS_HEADER = "x-latchkey-address";

export const addressOf = (headers: Headers): string =>
  (env().forwardedByFront && headers.get(ADDRESS_HEADER)) || "unknown";
