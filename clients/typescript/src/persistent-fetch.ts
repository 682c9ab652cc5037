import { ConnectionError, secondsIn, UnknownOutcomeError } from "./errors.js";

/** How long and how often is tried. */
export interface Persistence {
  /** One attempt, until its answer begins. */
  timeoutMs: number;
  /** Attempts in all. */
  maxAttempts: number;
  /** The longest wait that a server can ask for; where it asks for more, its answer is given back. */
  maxWaitMs: number;
  fetch: (request: Request) => Promise<Response>;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Something that stands between answered in the server's place: whether that had the request, nobody knows. */
const CUT = new Set([502, 503, 504]);

/**
 * A fetch that tries again where that can do nothing twice: what only reads, what carries an Idempotency-Key, which stays the same,
 * and what was turned away before anything was done. Whatever else is cut off is told as unknown.
 */
export function persistentFetch(how: Persistence): (request: Request) => Promise<Response> {
  return async (request) => {
    const repeatable = isRepeatable(request);
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= how.maxAttempts;
      const outcome = await attempted(request.clone(), how);
      request.signal.throwIfAborted();
      const wait = waitAfter(outcome, attempt);
      if ("response" in outcome) {
        const { response } = outcome;
        const turnedAway = response.status === 429;
        if (!turnedAway && !CUT.has(response.status)) return response;
        if (!turnedAway && !repeatable) throw unknown(request, response);
        if (isLast || wait > how.maxWaitMs) return response;
        await response.body?.cancel();
      } else {
        if (!outcome.unsent && !repeatable) throw unknown(request, undefined, outcome.cause);
        if (isLast) throw new ConnectionError("The server was not reached", { cause: outcome.cause });
      }
      await how.wait(wait, request.signal);
    }
  };
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);
const isRepeatable = ({ method, headers }: Request) => READS.has(method) || headers.has("idempotency-key");

type Outcome = { response: Response } | { cause: unknown; unsent: boolean };

async function attempted(request: Request, { timeoutMs, fetch }: Persistence): Promise<Outcome> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    // A redirect would take the token elsewhere.
    return { response: await fetch(new Request(request, { signal, redirect: "manual" })) };
  } catch (cause) {
    return { cause, unsent: isUnsent(cause) };
  }
}

/** Node says where a connection could not even be made. Browsers do not. */
const UNSENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
function isUnsent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause && UNSENT.has(String(cause.code));
}

const unknown = ({ method, headers }: Request, response?: Response, cause?: unknown) =>
  new UnknownOutcomeError(
    `Whether this ${method} was done is unknown: no answer of the server's came back. Look before you send it again.`,
    response?.headers.get("x-request-id") ?? headers.get("x-request-id") ?? undefined,
    { cause },
  );

/** What the server asks for; else longer with each attempt, and not at the same time as everybody else. */
function waitAfter(outcome: Outcome, attempt: number): number {
  const asked = "response" in outcome ? secondsIn(outcome.response.headers.get("retry-after")) : undefined;
  return asked === undefined ? Math.random() * Math.min(8_000, 250 * 2 ** attempt) : asked * 1_000;
}
