import "server-only";
import type { SESv2ClientConfig } from "@aws-sdk/client-sesv2";
import type { CredentialData } from "../define";
import { exchange, type HttpAnswer, type HttpStream } from "../http-exchange";
import { StepError } from "../test-run";

/**
 * The official clients, held on a short rein: they build, sign and read, and what they want to send goes out on a stream that
 * the guard has let through. They dial nothing, try nothing twice, and every setting that they would look for in this
 * machine's files or environment is given. `endpoint` is where this one's requests go.
 */
export const settingsOf = (data: CredentialData, endpoint: URL | undefined, wire?: Wire) =>
  ({
    region: String(data.region),
    credentials: {
      accessKeyId: String(data.access_key_id),
      secretAccessKey: String(data.secret_access_key),
      ...(typeof data.session_token === "string" && { sessionToken: data.session_token }),
    },
    ...(endpoint && { endpoint: endpoint.href }),
    ...(wire && { requestHandler: wire.handler }),
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    userAgentAppId: "latchkey",
  }) satisfies SESv2ClientConfig;

/** One request's way out, and its answer as it came, for what the client does not pass on. */
export class Wire {
  answer: HttpAnswer | undefined;

  constructor(private readonly open: () => Promise<HttpStream>) {}

  readonly handler = {
    handle: async ({ method, path, query, headers, body }: Sent) => {
      const stream = await this.open();
      try {
        const search = new URLSearchParams(query ?? {}).toString();
        const answer = await exchange(stream, {
          method,
          path: search === "" ? path : `${path}?${search}`,
          headers: { ...headers, Connection: "close", "Accept-Encoding": "identity" },
          body,
        });
        this.answer = answer;
        return { response: { statusCode: answer.status, headers: flat(answer), body: Buffer.from(answer.body) } };
      } finally {
        stream.close();
      }
    },
  };
}

interface Sent {
  method: string;
  path: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

const flat = ({ headers }: HttpAnswer): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]));

/** @throws StepFailure as `problemOf` judges what the service, or the way to it, answers */
export async function asked<T>(send: () => Promise<T>, problemOf: (error: unknown) => StepError): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw error instanceof StepError ? error : problemOf(error);
  }
}
