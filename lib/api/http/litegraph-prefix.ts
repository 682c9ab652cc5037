import { env } from "@/lib/platform/env";

/**
 * Where LiteGraph's clients of release 8.1 and later are pointed at. Nothing in a request tells them from earlier ones, and they
 * want every list in another shape, so the address must tell.
 */
const PREFIX = "/litegraph/10";

/** The path below the prefix, empty for the prefix itself; undefined for a path that is not under it. */
export function belowLitegraphPrefix(path: string): string | undefined {
  if (!path.startsWith(PREFIX)) return undefined;
  const below = path.slice(PREFIX.length);
  return below === "" || below.startsWith("/") ? below : undefined;
}

/** Whether lists are pages where the address alone decides. */
export const answersPages = (path: string): boolean =>
  belowLitegraphPrefix(path) !== undefined || env().LITEGRAPH_LISTS === "page";
