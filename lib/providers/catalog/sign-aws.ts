import "server-only";
import type { Authentication } from "./schema-authentication";
import type { SignedRequest } from "./signed-request";
import type { Values } from "./values";

type AwsScheme = Extract<Authentication, { scheme: "aws_sigv4" }>;

/** Amazon's Signature Version 4, by Amazon's own signer; loaded when it is needed. */
export async function signAws(scheme: AwsScheme, request: SignedRequest, values: Values): Promise<SignedRequest> {
  const [{ SignatureV4 }, { Hash }] = await Promise.all([import("@smithy/signature-v4"), import("@smithy/core/serde")]);
  const host = request.url.host.split(".");
  const textOf = (part: string | { field: string } | undefined, usual: string) =>
    part === undefined ? usual : typeof part === "string" ? part : values.get(part.field);
  const { session_token: session } = scheme;
  const signer = new SignatureV4({
    // An address of Amazon's says both: SERVICE.REGION.amazonaws.com.
    service: textOf(scheme.service, host[0] ?? ""),
    region: textOf(scheme.region, host.length > 3 ? (host[1] ?? "us-east-1") : "us-east-1"),
    sha256: Hash.bind(null, "sha256"),
    credentials: {
      accessKeyId: values.get(scheme.access_key_id),
      secretAccessKey: values.get(scheme.secret_access_key),
      ...(session !== undefined && values.has(session) && { sessionToken: values.get(session) }),
    },
  });
  const { url, method, headers, body } = request;
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: queryOf(url.searchParams),
    headers: { host: url.host, ...headers },
    body,
  });
  const { host: _, ...rest } = signed.headers;
  return { ...request, headers: rest };
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}
