import "server-only";
import { type Env, readEnv, unknownSettings } from "@/lib/platform/env";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import { type Keyring, keysFromSettings } from "@/lib/platform/vault/keyring";
import { holdKey } from "@/lib/platform/vault/unwrapped";
import { databaseFindings } from "./database";
import { diskFinding } from "./disk";
import { type Finding, failure, ok, warning } from "./finding";
import { proxiesFinding } from "./proxies";
import { publicUrlFinding } from "./public-url";

export type { Finding } from "./finding";

/**
 * Looks at everything that an installation needs, and changes nothing: no migration, no role, no key, no row.
 * @param source the settings as they are given
 * @param migrations the folder of the program's own
 * @returns findings in a fixed order; with bad settings that one alone
 */
export async function examine(source: Record<string, string | undefined>, migrations: string): Promise<Finding[]> {
  let settings: Env;
  try {
    settings = readEnv(source);
  } catch (error) {
    return [failure("settings", wordsOf(error))];
  }
  const key = await keyOf(settings);
  return [
    settingsFinding(source, settings),
    key.finding,
    await diskFinding(settings.LATCHKEY_DATA),
    outboundFinding(settings),
    proxiesFinding(settings),
    await publicUrlFinding(settings),
    ...(await databaseFindings(settings, key.ring, migrations)),
  ];
}

function settingsFinding(source: Record<string, string | undefined>, settings: Env): Finding {
  const unknown = unknownSettings(source).map(({ name, meant }) => (meant ? `${name} (meant: ${meant}?)` : name));
  if (unknown.length > 0)
    return warning("settings", `No settings, and without effect: ${unknown.join(", ")}. Mend their names.`);
  if (settings.LATCHKEY_ALLOW_WEAK_TOKENS)
    return warning("settings", "LATCHKEY_ALLOW_WEAK_TOKENS is for laboratories. Leave it out in production.");
  return ok("settings", "All settings are well formed.");
}

async function keyOf(settings: Env): Promise<{ finding: Finding; ring?: Keyring }> {
  try {
    const provider = keysFromSettings(settings);
    const wrapped = provider.wrapped().current;
    if (wrapped) await holdKey(wrapped);
    const ring = provider.load();
    if (wrapped) return { finding: ok("key", `${wrapped.by} gives the key; its id is ${ring.current.id}.`), ring };
    const besideData = settings.LATCHKEY_KEY === undefined && settings.LATCHKEY_KEY_FILE === undefined;
    const finding = besideData
      ? warning(
          "key",
          "The key lies beside the data. Keep it elsewhere with LATCHKEY_KEY_FILE, and a copy of it apart.",
        )
      : ok("key", `The key is there; its id is ${ring.current.id}.`);
    return { finding, ring };
  } catch (error) {
    return { finding: failure("key", keyWords(error)) };
  }
}

/** The system's words name no way out. */
const keyWords = (error: unknown): string =>
  error instanceof Error && "syscall" in error
    ? "The key file cannot be read. Let this process's user read it."
    : `${wordsOf(error)}.`;

function outboundFinding(settings: Env): Finding {
  try {
    const { allow } = outboundPolicy(settings);
    if (allow.some(({ to }) => "any" in to))
      return warning(
        "outbound",
        "OUTBOUND_ALLOW lets connection tests reach every private network. Name the ones that are meant.",
      );
    const what = allow.length === 0 ? "public addresses only" : `public addresses and ${allow.length} more`;
    return ok("outbound", `Connection tests reach ${what}.`);
  } catch (error) {
    return failure("outbound", `${wordsOf(error)}. Mend OUTBOUND_ALLOW.`);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : "Failed");
