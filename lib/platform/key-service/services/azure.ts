import "server-only";
import {
  AggregateAuthenticationError,
  AuthenticationError,
  CredentialUnavailableError,
  DefaultAzureCredential,
} from "@azure/identity";
import { azureAuthority } from "@/lib/platform/env";
import { KeyServiceFailure } from "../failure";
import type { KeyService } from "../service";
import { post, textOf } from "./post";

/**
 * Azure Key Vault: the key is its address with its version (https://NAME.vault.azure.net/keys/KEY/VERSION), an RSA key. Who we are,
 * Microsoft's own library finds out (AZURE_CLIENT_ID and its like, workload identity, a managed identity).
 */
export const azure: KeyService = {
  wrap: async (key, bytes) => wrapped(await ask(key, "wrapkey", bytes)),
  unwrap: async (key, bytes) => wrapped(await ask(key, "unwrapkey", bytes)),
};

const wrapped = (answer: Record<string, unknown>) => Buffer.from(textOf(answer, "value"), "base64url");
const API = "7.4";

async function ask(key: string, act: string, bytes: Buffer): Promise<Record<string, unknown>> {
  const place = placeOf(key);
  const headers = { authorization: `Bearer ${await accessToken(place)}` };
  const body = { alg: "RSA-OAEP-256", value: bytes.toString("base64url") };
  return post(`${place.origin}${place.pathname}/${act}?api-version=${API}`, headers, body, codeOf);
}

function placeOf(key: string): URL {
  if (URL.canParse(key)) {
    const place = new URL(key);
    if (place.protocol === "https:" && /^\/keys\/[^/]+\/[0-9a-zA-Z]+$/.test(place.pathname)) return place;
  }
  throw new KeyServiceFailure("refused", "not_a_key_address");
}

/** National clouds name their vaults otherwise: a token is for everything under the same name. */
const scopeOf = ({ hostname }: URL): string => `https://${hostname.replace(/^[^.]+\./, "")}/.default`;

async function accessToken(place: URL): Promise<string> {
  const authorityHost = azureAuthority();
  // Of an authority that is not Microsoft's public one, Microsoft's list knows nothing.
  const credential = new DefaultAzureCredential(authorityHost ? { authorityHost, disableInstanceDiscovery: true } : {});
  try {
    return (await credential.getToken(scopeOf(place))).token;
  } catch (error) {
    throw signInFailure(error);
  }
}

/** The library tells of an authority that it cannot reach as of a refusal: only with a number of Microsoft's is it one. */
function signInFailure(error: unknown): KeyServiceFailure {
  const all = [error, ...((error as { errors?: unknown[] }).errors ?? [])];
  const words = all
    .map((one) => (one instanceof AuthenticationError ? one.errorResponse.errorDescription : ""))
    .join(" ");
  const number = /AADSTS\d+/.exec(words)?.[0];
  if (number) return new KeyServiceFailure(PASSING.has(number) ? "unreachable" : "refused", number);
  const isNobody = all.every(
    (one) => one instanceof CredentialUnavailableError || one instanceof AggregateAuthenticationError,
  );
  return isNobody
    ? new KeyServiceFailure("refused", "not_configured")
    : new KeyServiceFailure("unreachable", "not_signed_in");
}

/** "Try again": the service is busy, or has trouble of its own. */
const PASSING: ReadonlySet<string> = new Set(["AADSTS90033", "AADSTS90024", "AADSTS90006", "AADSTS50196"]);

function codeOf({ error }: Record<string, unknown>): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
