import "server-only";
import { isStorable } from "@/lib/storable";

/**
 * The path of a target, as every part of the product will read it. A path that two readers could understand in two ways
 * (segments of dots, backslashes, controls, each encoded or not) has no meaning here.
 * @returns undefined for such a path
 */
export function clearPath(target: string): string | undefined {
  const path = target.split("?", 1)[0] ?? "";
  return UNCLEAR.test(path) ? undefined : path;
}

/**
 * Whether every parameter of a target is text that can be stored. Doors look at theirs, and name the parameter; pages of the
 * console read their addresses in many places, so that for them it is asked once, before.
 */
export const isStorableQuery = (target: string): boolean =>
  !/%00/.test(target) || [...new URLSearchParams(target.replace(/^[^?]*/, ""))].flat().every(isStorable);

const DOT = String.raw`(\.|%2e)`;
const SLASH = "(/|%2f)";
/** A segment of dots alone, a backslash, a control. */
const UNCLEAR = new RegExp(String.raw`${SLASH}${DOT}{1,2}(${SLASH}|$)|\\|%5c|%[01][0-9a-f]|%7f`, "i");

const API = /^\/(api|integrations|plugins|v1\.0|v2\.0)(\/|$)/;
/** next-auth's endpoints are the console's. */
const OF_CONSOLE = /^\/api\/auth\/[^/]/;

/**
 * Whether a path belongs to the API however it is spelt. Such a path is answered by the gateway or not at all: Next has
 * the API's routes too, and decodes, folds and repairs paths in ways of its own before it looks for one.
 */
export function isApiPath(path: string): boolean {
  const spelt = decoded(path)
    .toLowerCase()
    .replace(/\/{2,}/g, "/");
  return API.test(spelt) && !OF_CONSOLE.test(path);
}

/** As often as it can be: nobody behind us decodes more often. */
function decoded(path: string): string {
  for (let plain = path; ; path = plain) {
    try {
      plain = decodeURIComponent(path);
    } catch {
      return path;
    }
    if (plain === path) return path;
  }
}
