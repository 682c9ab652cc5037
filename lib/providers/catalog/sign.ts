import "server-only";
import { NOT_SIGNED_IN } from "../drivers/account";
import { StepError } from "../test-run";
import type { Authentication } from "./schema-authentication";
import { signAws } from "./sign-aws";
import type { OutgoingRequest, SignedRequest } from "./signed-request";
import type { Values } from "./values";

/**
 * Signs any request to a kind's service with a credential's values, as the kind's authentication says. The caller sees to it
 * that the request goes to where the credential belongs (`resolveBaseUrl`).
 * @param userInfo of the base URL, for basic authentication without values of its own
 * @throws StepFailure naming the field that is missing or unfit
 */
export async function signRequest(
  request: OutgoingRequest,
  authentication: readonly Authentication[],
  values: Values,
  userInfo: [user: string, password: string] = ["", ""],
): Promise<SignedRequest> {
  let signed: SignedRequest = request;
  for (const scheme of authentication) signed = await apply(scheme, signed, values, userInfo);
  return signed;
}

async function apply(
  scheme: Authentication,
  request: SignedRequest,
  values: Values,
  userInfo: [string, string],
): Promise<SignedRequest> {
  const withHeader = (name: string, value: string) => ({ ...request, headers: { ...request.headers, [name]: value } });
  switch (scheme.scheme) {
    case "none":
      return request;
    case "bearer":
      return withHeader("Authorization", `Bearer ${values.header(scheme.token)}`);
    case "header":
      return withHeader(headerNameOf(scheme.name, values), values.header(scheme.value));
    case "basic": {
      const pair = pairOf(scheme, values, userInfo).join(":");
      return pair === ":" ? request : withHeader("Authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
    }
    case "query":
      return { ...request, url: withParameter(request.url, scheme.name, values.text(scheme.value)) };
    case "oauth2":
      if (!values.has("access_token")) throw new StepError(NOT_SIGNED_IN);
      return withHeader("Authorization", `Bearer ${values.header("{access_token}")}`);
    // Of the exchange that whoever sends this has made.
    case "service_account_jwt":
      return withHeader("Authorization", `Bearer ${values.header("{access_token}")}`);
    case "aws_sigv4":
      return signAws(scheme, request, values);
    case "client_certificate": {
      const passphrase = scheme.passphrase && values.has(scheme.passphrase) ? values.get(scheme.passphrase) : undefined;
      const [cert, key] = [values.get(scheme.certificate), values.get(scheme.private_key)];
      return { ...request, certificate: { cert, key, ...(passphrase !== undefined && { passphrase }) } };
    }
  }
}

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

function headerNameOf(name: string | { field: string }, values: Values): string {
  if (typeof name === "string") return name;
  const own = values.get(name.field);
  if (!NAME.test(own)) throw values.unfit(name.field, "the name of a header, without a colon");
  return own;
}

/** From its own fields, or as it stands in the URL that was given. */
function pairOf(
  { username, password }: Extract<Authentication, { scheme: "basic" }>,
  values: Values,
  userInfo: [string, string],
): [string, string] {
  const own = [values.optionalText(username), values.optionalText(password)];
  return own.some((part) => part !== undefined) ? [own[0] ?? "", own[1] ?? ""] : userInfo;
}

function withParameter(url: URL, name: string, value: string): URL {
  const signed = new URL(url);
  signed.search += `${signed.search === "" ? "?" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return signed;
}
