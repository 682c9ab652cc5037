import "server-only";
import { isHost } from "../host-syntax";

/** Elastic's Cloud ID: a name, a colon, and base64 of "host$elasticsearch$kibana". */
export const isCloudId = (text: string): boolean => placeOfCloudId(text) !== undefined;

export function placeOfCloudId(text: string): string | undefined {
  const [host, elasticsearch] = Buffer.from(text.slice(text.lastIndexOf(":") + 1), "base64")
    .toString("utf8")
    .split("$");
  const place = `${elasticsearch}.${host}`;
  return host && elasticsearch && isHost(place.replace(/:\d+$/, "")) ? place : undefined;
}
