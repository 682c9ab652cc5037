import "server-only";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import * as openid from "openid-client";
import type { HttpAnswer } from "../http-exchange";
import { pemBlocks, writePem } from "../pem";
import { type Problem, StepError } from "../test-run";
import type { Authentication } from "./schema-authentication";
import { refusalOf, UNREADABLE } from "./service-account-problems";
import type { Values } from "./values";

export type ServiceAccount = Extract<Authentication, { scheme: "service_account_jwt" }>;

/** Fewest bits of a key that tokens are fetched with. */
const BITS_MIN = 2048;
/** How long the signed word is good for, in seconds: long enough for one request on clocks that differ a little. */
const GOOD_FOR_SECONDS = 600;
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * Signs the word by which a service account asks for a token (RFC 7523, section 2.1): who it is, for whom this is, what it wants.
 * Judges the key on the way, without any network.
 * @throws StepError naming the field that is missing or unfit
 */
export async function signedAssertion(account: ServiceAccount, values: Values): Promise<string> {
  const key = keyIn(values.get(account.private_key), account.private_key);
  const keyId = account.key_id !== undefined && values.has(account.key_id) ? values.get(account.key_id) : undefined;
  return new SignJWT({ scope: account.scopes.join(" ") })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(values.get(account.email))
    .setAudience(account.token_url)
    .setIssuedAt()
    .setExpirationTime(`${GOOD_FOR_SECONDS}s`)
    .sign(key);
}

/** The key as people have it, mended; a whole key file holds one as well. */
function keyIn(text: string, field: string): KeyObject {
  const [block] = pemBlocks(text);
  const key = block && opened(writePem(block));
  if (key?.asymmetricKeyType !== "rsa") throw new StepError({ ...KEY_UNREADABLE, field });
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < BITS_MIN) throw new StepError({ ...KEY_TOO_SHORT, field });
  return key;
}

function opened(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** The account signs for itself: no client is named beside it. */
const unnamed: openid.ClientAuth = () => undefined;

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/**
 * Exchanges the signed word for an access token.
 * @param ask sends one request over the stream to the token endpoint
 * @throws StepError with what a refusal means, or what `ask` threw
 */
export async function accessTokenFor(
  account: ServiceAccount,
  assertion: string,
  ask: (request: Asked) => Promise<HttpAnswer>,
): Promise<string> {
  const { origin, pathname } = new URL(account.token_url);
  const config = new openid.Configuration({ issuer: origin, token_endpoint: account.token_url }, "nobody", {}, unnamed);
  let failure: unknown;
  config[openid.customFetch] = async (_, { method, headers, body }) => {
    try {
      const answer = await ask({ method, path: pathname, headers: { ...headers }, body: String(body) });
      return new Response(answer.body, { status: answer.status, headers: { "content-type": "application/json" } });
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    const { access_token: token } = await openid.genericGrantRequest(config, GRANT, { assertion });
    // It travels in a header next.
    if (/^[\x21-\x7e]{1,8192}$/.test(token)) return token;
  } catch (error) {
    if (failure) throw failure;
    throw new StepError({ ...refusalOf(error), ...atKey(account, error) });
  }
  throw new StepError(UNREADABLE);
}

/** Most refusals are about the key; those about the account name its field. */
const atKey = ({ private_key, email }: ServiceAccount, error: unknown) => {
  const { field } = refusalOf(error);
  return field === undefined ? {} : { field: field === "email" ? email : private_key };
};

const KEY_UNREADABLE: Problem = {
  code: "key_unreadable",
  meaning: "The private key cannot be read: it must be an RSA key in PEM form, without a passphrase.",
  advice: "Paste the key file as it was downloaded into the box above the form, which finds the key in it.",
  outcome: "failed",
};

const KEY_TOO_SHORT: Problem = {
  code: "key_too_short",
  meaning: `The private key has fewer than ${BITS_MIN} bits, which is no longer considered safe.`,
  advice: "Make a new key for the service account.",
  outcome: "failed",
};
