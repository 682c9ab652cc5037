import "server-only";
import { Refusal } from "@/lib/platform/refusal";

/** @throws Refusal "unsupported_media_type" when the body is of none of these types */
export function requireMediaType(headers: Headers, accepted: string[]): void {
  if (accepted.includes(mediaType(headers))) return;
  throw new Refusal("unsupported_media_type", `Send the body as ${accepted.join(" or ")}`);
}

export const mediaType = (headers: Headers): string =>
  (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
