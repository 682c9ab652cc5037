import "server-only";
import { namedSetting } from "@/lib/platform/env";
import type { Registration } from "./configuration";

/**
 * This installation's client at a server, as the operator registered it: of the first prefix whose X_CLIENT_ID is set.
 * Undefined where nobody has.
 */
export function operatorClient(
  prefixes: readonly string[],
): Pick<Registration, "clientId" | "clientSecret"> | undefined {
  for (const prefix of prefixes) {
    const clientId = namedSetting(`${prefix}_CLIENT_ID`);
    if (clientId) return { clientId, clientSecret: namedSetting(`${prefix}_CLIENT_SECRET`) };
  }
  return undefined;
}

/** The names of the settings that a missing client needs. */
export const clientSettingNames = (prefixes: readonly string[]): string[] =>
  prefixes.slice(0, 1).flatMap((prefix) => [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`]);

/** An address of a server, or the one that the operator names in its place (a national cloud, a laboratory). */
export const addressFor = (usual: string, setting: string | undefined): string =>
  (setting === undefined ? undefined : namedSetting(setting)) ?? usual;
