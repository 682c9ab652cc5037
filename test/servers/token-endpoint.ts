import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { ServerResponse } from "node:http";
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { startStandin } from "./https";

/**
 * A stand-in for Google's token endpoint: it answers the grant of RFC 7523 to whoever signed with the key of the one account that it
 * knows, and refuses in Google's words. It is no proof of how Google answers beyond them.
 */
export interface TokenEndpoint {
  port: number;
  /** What was signed in the requests that it believed, with the id of the key that was named. */
  believed: { claims: JWTPayload; kid: string | undefined }[];
  /** What is answered in place of that. */
  refuses: { status: number; body: string } | undefined;
  requests: { url: string; body: string }[];
  stop: () => Promise<void>;
}

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const SERVICE_ACCOUNT_KEY = pair.privateKey;
export const SERVICE_ACCOUNT_TOKEN = "MARKER-issued-token";

export async function startTokenEndpoint(files: { certificate: string; key: string }): Promise<TokenEndpoint> {
  const standin = await startStandin(files);
  const endpoint: TokenEndpoint = {
    port: standin.port,
    believed: [],
    refuses: undefined,
    requests: standin.requests,
    stop: standin.stop,
  };
  standin.answer = (_, response) => {
    const { body = "" } = standin.requests.at(-1) ?? {};
    void answered(endpoint, new URLSearchParams(body)).then(([status, answer]) => say(response, status, answer));
  };
  return endpoint;
}

const say = (response: ServerResponse, status: number, body: string) =>
  response.writeHead(status, { "content-type": "application/json" }).end(body);

async function answered(endpoint: TokenEndpoint, form: URLSearchParams): Promise<[status: number, body: string]> {
  if (endpoint.refuses) return [endpoint.refuses.status, endpoint.refuses.body];
  const names = [...form.keys()].sort().join();
  if (names !== "assertion,grant_type" || form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return [400, refusal("unsupported_grant_type", "MARKER Invalid grant_type")];
  const assertion = form.get("assertion") ?? "";
  try {
    const { payload } = await jwtVerify(assertion, createPublicKey(pair.publicKey), { algorithms: ["RS256"] });
    if (Number(payload.exp) - Number(payload.iat) > 3_600) throw new Error("It lives too long");
    endpoint.believed.push({ claims: payload, kid: decodeProtectedHeader(assertion).kid });
    return [200, JSON.stringify({ access_token: SERVICE_ACCOUNT_TOKEN, expires_in: 3_599, token_type: "Bearer" })];
  } catch {
    return [400, refusal("invalid_grant", "Invalid JWT Signature.")];
  }
}

export const refusal = (error: string, error_description: string): string =>
  JSON.stringify({ error, error_description });
