import "server-only";
import { belowLitegraphPrefix } from "@/lib/api/http/litegraph-prefix";
import { isStorable } from "@/lib/platform/storable";

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

const API = /^\/(api|integrations|plugins|auth\/v1|v1\.0|v2\.0|litegraph)(\/|$)/;
/** next-auth's endpoints are the console's, by the names that it has. */
const OF_CONSOLE = /^\/api\/auth\/(callback|csrf|error|providers|session|signin|signout|verify-request|_log)(\/|$)/;

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

/**
 * The path that the route of an API path goes by. `/integrations` is another name of `/api/integrations`, and so are `/plugins`
 * and `/auth/v1`; below `/api/v1` and behind the plugins' own address, which the contract spells so, a slash at the end counts for
 * nothing; plugins and the register of what uses them stand below `/integrations` as well; and all of LiteGraph's door stands once
 * more under the prefix for its later clients, where it answers for every path.
 */
export function apiName(sent: string): string {
  const path = /^(\/api\/v1\/.*[^/]|(\/api)?(\/integrations)?\/plugins)\/$/.test(sent) ? sent.slice(0, -1) : sent;
  const whole = /^\/(integrations|plugins|auth\/v1)(\/|$)/.test(path) ? `/api${path}` : path;
  const ofPlugins = ALSO_BELOW_INTEGRATIONS.exec(whole)?.[1];
  if (ofPlugins !== undefined) return `/api${ofPlugins}`;
  const below = belowLitegraphPrefix(path);
  if (below === undefined) return whole;
  return /^\/v[12]\.0(\/|$)/.test(below) ? below : "/v1.0";
}

const ALSO_BELOW_INTEGRATIONS =
  /^\/api\/integrations(\/plugins(?:$|\/instances$|\/[^/]+\/(?:capabilities|instances)(?:\/.*)?$))/;

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
