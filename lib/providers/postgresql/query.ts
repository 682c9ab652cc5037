import { areHarmlessOptions, HARMLESS_PARAMETERS, REFUSED_PARAMETERS } from "./parameters";
import { decode, definedOf, refuse } from "./unreadable";

const stringSslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type StringSslMode = (typeof stringSslModes)[number];

/** What stands after the question mark. @throws Unreadable for what may not stand there */
export function readQuery(query: string, host: string) {
  const found = new Map<string, string>();
  for (const [place, pair] of (query === "" ? [] : query.split("&")).entries()) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), "parameter");
    const raw = equals < 0 ? "" : pair.slice(equals + 1);
    if (found.has(name)) refuse("Must not give the same parameter twice");
    requireHarmless(name, place + 1);
    if (equals < 0) refuse("Must give each parameter a value, as in name=value");
    // JDBC reads it as a space, everybody else as itself.
    if ((name === "user" || name === "password") && raw.includes("+")) refuse("Write + in a parameter as %2B");
    found.set(name, decode(raw, "parameter"));
  }
  const options = found.get("options");
  if (options !== undefined && !areHarmlessOptions(options, host)) refuse(OPTIONS);
  const binding = found.get("channel_binding") ?? found.get("channelBinding");
  return {
    ...definedOf({
      user: found.get("user"),
      password: found.get("password"),
      sslmode: readSslMode(found.get("sslmode"), found.get("ssl")),
      onlyProves: forbidsPassword(found.get("require_auth"), binding) || undefined,
    }),
    tuning: [...found.keys()].filter((name) => !["sslmode", "ssl", "user", "password"].includes(name)),
  };
}

const READ_HERE = [
  "sslmode",
  "ssl",
  "user",
  "password",
  "options",
  "channel_binding",
  "channelBinding",
  "require_auth",
];

function requireHarmless(name: string, place: number): void {
  if (READ_HERE.includes(name) || HARMLESS_PARAMETERS.has(name)) return;
  const known = name.toLowerCase();
  const why = REFUSED_PARAMETERS.get(known);
  if (why !== undefined) refuse(`May not have the parameter ${known}: ${why}`);
  refuse(`May not have parameter ${place} after the question mark: it is none that is known to be harmless`);
}

const OPTIONS =
  "May not have such options: only settings that leave user, database and server alone, as in -c%20search_path%3Dapp";

/** "ssl" is what drivers say that have no "sslmode" or do not need it: where both stand, they obey the latter. */
function readSslMode(sslmode: string | undefined, ssl: string | undefined): StringSslMode | undefined {
  const bySsl = ssl === undefined ? undefined : modeOfSsl(ssl);
  return sslmode === undefined ? bySsl : modeNamed(sslmode, "sslmode");
}

/** Switched on, it is a full verification for JDBC and Node alike. Switched off, they do not agree what that means. */
function modeOfSsl(value: string): StringSslMode | undefined {
  if (value === "true" || value === "1") return "verify-full";
  return value === "false" || value === "0" ? undefined : modeNamed(value, "ssl");
}

const modeNamed = (value: string, parameter: string): StringSslMode =>
  stringSslModes.find((mode) => mode === value) ??
  refuse(`Must have an ${parameter} of: ${parameter === "ssl" ? "true, false, " : ""}${stringSslModes.join(", ")}`);

/** Channel binding goes with SCRAM alone, and SCRAM proves the password without telling it. */
function forbidsPassword(requireAuth: string | undefined, channelBinding: string | undefined): boolean {
  if (channelBinding === "require") return true;
  if (requireAuth === undefined || requireAuth === "") return false;
  const methods = requireAuth.split(",");
  if (methods.every((method) => method.startsWith("!"))) return methods.includes("!password");
  return !methods.includes("password") && !methods.includes("md5");
}
