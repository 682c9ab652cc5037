import "server-only";
import { DEPTH_MAX, depthOf } from "@/lib/platform/json-depth";

/** The value of a JSON text from outside; undefined for what is none, or nests too deep. Never throws. */
export function outsideJson(text: string): unknown {
  if (depthOf(text) > DEPTH_MAX) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
