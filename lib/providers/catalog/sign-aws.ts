import "server-only";
import { createHash, createHmac } from "node:crypto";
import type { Authentication } from "./schema-authentication";
import type { SignedRequest } from "./signed-request";
import type { Values } from "./values";

type AwsScheme = Extract<Authentication, { scheme: "aws_sigv4" }>;

/** Amazon's Signature Version 4, by Amazon's own signer; loaded when it is needed. */
export async function signAws(scheme: AwsScheme, request: SignedRequest, values: Values): Promise<SignedRequest> {
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const host = request.url.host.split(".");
  const textOf = (part: string | { field: string } | undefined, usual: string) =>
    part === undefined ? usual : typeof part === "string" ? part : values.get(part.field);
  const { session_token: session } = scheme;
  const signer = new SignatureV4({
    // An address of Amazon's says both: SERVICE.REGION.amazonaws.com.
    service: textOf(scheme.service, host[0] ?? ""),
    region: textOf(scheme.region, host.length > 3 ? (host[1] ?? "us-east-1") : "us-east-1"),
    sha256: Sha256,
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

/** The hash in the shape that the signer asks for. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): never {
    throw new Error("A hash is used once");
  }
}

function bytesOf(chunk: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, "utf8");
  return ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.from(chunk);
}
