import { decodeBase64 } from "../pem";
import type { Found, Reader } from "./read";

/** Reads ~/.docker/config.json, or a Kubernetes secret of that form, which holds the sign-in to one registry. */
export const readDockerConfig: Reader = (text) => {
  const plain = text.trim();
  if (!plain.startsWith("{") || !plain.includes('"auths"')) return undefined;
  const auths = authsIn(plain);
  if (auths === undefined) return { problem: "Must be complete JSON, from { to }" };
  const held = Object.entries(auths).flatMap(([registry, entry]) => {
    const pair = pairOf(entry);
    return pair === undefined ? [] : [[registry, pair] as const];
  });
  const [one, ...others] = held;
  if (one === undefined) return { problem: NOTHING_HELD };
  return others.length > 0
    ? { problem: "Must hold the sign-in to one registry; copy the entry that is meant" }
    : found(...one);
};

function authsIn(text: string): Record<string, unknown> | undefined {
  try {
    const { auths } = JSON.parse(text) as { auths?: unknown };
    return typeof auths === "object" && auths !== null ? (auths as Record<string, unknown>) : {};
  } catch {
    return undefined;
  }
}

/** User and password apart, or together in base64. */
function pairOf(entry: unknown): [user: string, password: string] | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { auth, username, password } = entry as Record<string, unknown>;
  if (typeof username === "string" && typeof password === "string") return [username, password];
  const bytes = typeof auth === "string" ? decodeBase64(auth) : undefined;
  const pair = bytes && new TextDecoder().decode(bytes);
  const colon = pair?.indexOf(":") ?? -1;
  return pair === undefined || colon < 1 ? undefined : [pair.slice(0, colon), pair.slice(colon + 1)];
}

const found = (registry: string, [user, password]: [string, string]): Found => ({
  values: {
    registry: `${/^https?:\/\//.test(registry) ? "" : "https://"}${registry}`.replace(/\/v[12]\/?$|\/$/, ""),
    ...{ user, password },
  },
});

const NOTHING_HELD =
  "Holds no password: docker keeps them with the machine's own store (credsStore). Enter user and password instead";
