import "server-only";
import { type FieldProblem, Refusal } from "@/lib/platform/refusal";
import { type SinkKind, sinkFields } from "@/lib/vocabulary/audit-sink";
import { type SinkSettings, sinkSettings } from "./settings";

type Values = Record<string, unknown>;

const secretsOf = (kind: SinkKind): string[] =>
  sinkFields[kind].filter((field) => field.kind === "secret").map(({ name }) => name);

/** What may be shown of settings: all but the secrets, of which `secrets_set` names those that are there. */
export function publicSettings(settings: SinkSettings): Record<string, string | number | string[]> {
  const secrets = secretsOf(settings.kind);
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given.filter(([name]) => !secrets.includes(name))),
    secrets_set: secrets.filter((name) => given.some(([one]) => one === name)),
  };
}

/**
 * Stored settings with changes: a field that is left out stays, null takes an optional one away. A secret stays only where it
 * goes to the same place as before (kind, scheme, host and port): nobody may send a secret that they were never shown
 * somewhere else.
 * @throws Refusal "invalid" that names the fields: of a secret that must be given again, or of what is not acceptable
 */
export function withKeptSecrets(changed: unknown, stored: SinkSettings): SinkSettings {
  if (typeof changed !== "object" || changed === null || Array.isArray(changed))
    throw new Refusal("invalid", "Settings must be an object");
  const given = withoutUndefined(changed);
  const sameKind = given.kind === undefined || given.kind === stored.kind;
  const kept = sameKind ? withoutUndefined(stored) : {};
  const merged = Object.entries({ ...kept, ...given }).filter(([, value]) => value !== null);
  const settings = readSettings(Object.fromEntries(merged));
  if (destinationOf(settings) === destinationOf(stored)) return settings;
  const again = secretsOf(stored.kind).filter((name) => Object.hasOwn(kept, name) && !Object.hasOwn(given, name));
  if (again.length > 0) throw refusal(again.map((name) => ({ path: [name], message: AGAIN, code: "missing" })));
  return settings;
}

const withoutUndefined = (values: object): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const AGAIN = "Must be given again, as the settings now lead somewhere else (null takes an optional one away)";

const refusal = (fields: FieldProblem[]) =>
  new Refusal("invalid", "The receiver's settings are not acceptable", { fields });

/** Settings as somebody typed them. @throws Refusal "invalid" that names each field that is not acceptable */
export function readSettings(value: unknown): SinkSettings {
  const result = sinkSettings.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw refusal(
    result.error.issues.flatMap((issue): FieldProblem[] => {
      const path = issue.path.map(String);
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => ({
          path: [...path, key.slice(0, 100)],
          message: "Is not a known field",
          code: "extra_forbidden",
        }));
      const missing = issue.input === undefined && issue.code === "invalid_type";
      return [{ path, message: missing ? "Must be given" : issue.message, code: missing ? "missing" : "value_error" }];
    }),
  );
}

/** Where a receiver's secrets go, or what they prove is proven to. */
function destinationOf(settings: SinkSettings): string {
  if (settings.kind === "syslog") return `syslog ${settings.host.toLowerCase()} ${settings.port}`;
  const { protocol, host } = new URL(settings.kind === "webhook" ? settings.url : settings.endpoint);
  return `${settings.kind} ${protocol} ${host}`;
}
