import createClient, { type Client, type Middleware } from "openapi-fetch";
import { creates } from "./creates.js";
import { errorIn } from "./errors.js";
import { type Persistence, persistentFetch } from "./persistent-fetch.js";
import type { components, paths } from "./schema.js";

export { ConnectionError, type FieldProblem, LatchkeyError, UnknownOutcomeError } from "./errors.js";
export type { components, paths } from "./schema.js";

/** A credential as the API shows it. */
export type Credential = components["schemas"]["Credential"];

export interface LatchkeyOptions extends Partial<Persistence> {
  /** Where the installation is served, such as `https://vault.example`. */
  baseUrl: string;
  /** An API token or an access token. */
  token: string;
}

/**
 * A client of the native API: each address and method with the parameters, bodies and answers of its document. What is refused is
 * thrown as a LatchkeyError. Every create carries an Idempotency-Key, its own unless you name one, so that it is made once however
 * often it is sent.
 */
export function createLatchkey({ baseUrl, token, ...persistence }: LatchkeyOptions): Client<paths> {
  const fetch = persistentFetch({
    timeoutMs: 30_000,
    maxAttempts: 4,
    maxWaitMs: 60_000,
    fetch: (request) => globalThis.fetch(request),
    wait: pause,
    ...persistence,
  });
  const client = createClient<paths>({ baseUrl, fetch });
  client.use(asCaller(token), withKey, refusing);
  return client;
}

const asCaller = (token: string): Middleware => ({
  onRequest: ({ request }) => {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

/** A key means something for creates alone; anywhere else it would only look as if a request could be sent twice. */
const withKey: Middleware = {
  onRequest: ({ request, schemaPath }) => {
    if (!creates.has(`${request.method} ${schemaPath}`)) request.headers.delete("Idempotency-Key");
    else if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
    return request;
  },
};

const refusing: Middleware = {
  onResponse: async ({ response }) => {
    if (!response.ok && response.status !== 304) throw await errorIn(response);
    return undefined;
  },
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    const stopped = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    function done() {
      signal.removeEventListener("abort", stopped);
      resolve();
    }
    signal.addEventListener("abort", stopped, { once: true });
  });
}

/** Every credential of a list, page by page as it is read. */
export async function* allCredentials(
  client: Client<paths>,
  query: NonNullable<paths["/api/integrations/credentials"]["get"]["parameters"]["query"]> = {},
): AsyncGenerator<Credential> {
  for (let cursor: string | undefined; ; ) {
    const { data, response } = await client.GET("/api/integrations/credentials", {
      params: { query: { ...query, ...(cursor !== undefined && { cursor }) } },
    });
    yield* data ?? [];
    cursor = response.headers.get("x-next-cursor") ?? undefined;
    if (cursor === undefined) return;
  }
}
