import type { IncomingMessage } from "node:http";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";

/** The keys that the stand-in knows, and its check of what was signed with them. */
export const KEYS = {
  lasting: { access_key_id: "AKIASTANDIN000000001", secret_access_key: "stand-in/lasting/secret+access0key0000001" },
  temporary: { access_key_id: "ASIASTANDIN000000001", secret_access_key: "stand-in/passing/secret+access0key0000001" },
};
export const temporaryKeys = { ...KEYS.temporary, session_token: "stand-in-session-token" };
export const endedSession = { ...KEYS.temporary, session_token: "stand-in-ended-session-token" };

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** What Amazon would refuse the signature with, in its own words; undefined for a good one. */
export async function wrongSignature(
  request: IncomingMessage,
  body: string,
  service: "sts" | "ses" | "kms",
  ownRegion: string,
): Promise<[name: string, message: string] | undefined> {
  const mismatch = service === "sts" ? "SignatureDoesNotMatch" : "InvalidSignatureException";
  const parts = AUTHORIZATION.exec(String(request.headers.authorization));
  if (!parts) return ["IncompleteSignature", "Authorization header is not understood"];
  const [, keyId, , region = "", , signedHeaders = "", signature] = parts;
  const keys = Object.values(KEYS).find((one) => one.access_key_id === keyId);
  const unknown = service === "sts" ? "InvalidClientTokenId" : "UnrecognizedClientException";
  if (!keys) return [unknown, "The security token included in the request is invalid."];
  if (region !== ownRegion) return [mismatch, `Credential should be scoped to a valid region, not '${region}'. `];
  if (signature !== (await signatureOf(request, body, { service, region }, keys, signedHeaders.split(";")))) {
    return [mismatch, "The request signature we calculated does not match the signature you provided."];
  }
  const token = request.headers["x-amz-security-token"];
  if (keys === KEYS.temporary && token !== temporaryKeys.session_token) {
    const ended = service === "sts" ? "ExpiredToken" : "ExpiredTokenException";
    return token === endedSession.session_token ? [ended, "The security token is expired"] : [unknown, "Invalid token"];
  }
  return undefined;
}

/** Amazon's own signer, over what arrived: the headers that the client says it signed, with the secret known here. */
async function signatureOf(
  { method = "", url = "", headers }: IncomingMessage,
  body: string,
  { service, region }: { service: string; region: string },
  keys: { access_key_id: string; secret_access_key: string },
  signed: string[],
): Promise<string | undefined> {
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId: keys.access_key_id, secretAccessKey: keys.secret_access_key },
    sha256: Hash.bind(null, "sha256"),
    applyChecksum: false,
  });
  const kept = signed.filter((name) => name !== "x-amz-date").map((name) => [name, String(headers[name])]);
  const stamp = String(headers["x-amz-date"]).replace(/(....)(..)(..T..)(..)(..Z)/, "$1-$2-$3:$4:$5");
  const [path = "/", query = ""] = url.split("?");
  const request = {
    method,
    protocol: "http:",
    hostname: String(headers.host),
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(kept),
    body,
  };
  const again = await signer.sign(request, { signingDate: new Date(stamp), signableHeaders: new Set(signed) });
  return AUTHORIZATION.exec(String(again.headers.authorization))?.[6];
}
