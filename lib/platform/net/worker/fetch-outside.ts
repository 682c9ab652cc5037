import "server-only";
import { FairQueue } from "@/lib/platform/fair-share/fair-queue";
import { countWorker } from "@/lib/platform/loads";
import { traced } from "@/lib/platform/tracing";
import type { Limits } from "../budget";
import type { OutsideRequest } from "../guarded-fetch";
import type { OutsideText } from "../guarded-send";
import { outboundPolicy } from "../operator-policy";
import type { OutboundPolicy } from "../policy";
import { Unreachable } from "../unreachable";
import { FreshProcesses } from "./fresh-process";
import type { Errand, Return, Task } from "./protocol";

/**
 * The one road out for requests of this process: OAuth, lists, and whatever else asks a server by HTTP or tells one by
 * TLS. Each runs in a process of its own that holds no key, which is killed at the deadline and with it every socket it had.
 */
export interface OutsideOptions {
  /** Whose share of the places it takes: an organisation. */
  owner: string;
  limits: Limits;
  signal?: AbortSignal | undefined;
  /** Another policy than the operator's settings make; for tests. */
  policy?: OutboundPolicy;
}

const processes = new FreshProcesses({
  name: "outside.js",
  heapMiB: 64,
  missing: "Other systems cannot be asked: the process that does is not built",
});

const WORDS = {
  own: "Too many questions to other systems at once. Try again in a moment.",
  busy: "Too many questions to other systems wait already. Try again in a moment.",
};
/** Of one organisation, then of all; the deadline of each request bounds how long it waits. */
const places = new FairQueue({
  name: "outside-requests",
  all: { running: 16, waiting: 512 },
  each: [{ running: 4, waiting: 64 }],
  waitMs: 60_000,
  words: WORDS,
  retryAfterSeconds: 2,
});

/** The process ends by itself in time; past this it hangs and is killed. */
const GRACE_MS = 250;
/** Statuses whose answers have no body, by the Fetch standard. */
const NO_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * Asks once; the answer's body has been read when it is handed over. Waiting for a place counts as time.
 * @throws Unreachable for everything that is not an HTTP answer; Refusal "unavailable" when the bundle is missing
 */
export async function fetchOutside(request: OutsideRequest, options: OutsideOptions): Promise<Response> {
  const answer = await carriedOut({ request }, options);
  if (answer.kind !== "answered") throw new Unreachable("no_answer");
  const body = NO_BODY.has(answer.status) ? null : Buffer.from(answer.body, "base64");
  return new Response(body, { status: answer.status, headers: answer.headers });
}

/**
 * Sends a text to a server that never answers, over TLS, and returns when that has taken all of it (`guardedSend`).
 * @throws Unreachable for everything else; Refusal "unavailable" when the bundle is missing
 */
export async function sendOutside(send: OutsideText, options: OutsideOptions): Promise<void> {
  const answer = await carriedOut({ send }, options);
  if (answer.kind !== "taken") throw new Unreachable("no_answer");
}

async function carriedOut(
  task: Task,
  { owner, limits, signal, policy = outboundPolicy() }: OutsideOptions,
): Promise<Exclude<Return, { kind: "begun" | "failed" }>> {
  const began = performance.now();
  const over = AbortSignal.any([AbortSignal.timeout(limits.totalMs), ...(signal ? [signal] : [])]);
  const leave = await places.enter([owner], over).catch((cause: unknown) => {
    throw new Unreachable("busy", { cause });
  });
  try {
    const totalMs = Math.max(1, Math.round(limits.totalMs - (performance.now() - began)));
    const errand = { ...task, policy, limits: { ...limits, totalMs } };
    const first = await sent(errand, signal);
    // A process that died while it waited ready has sent nothing; another one is asked.
    const answer = first === "not_begun" && !over.aborted ? await sent(errand, signal) : first;
    if (answer === "not_begun") throw new Unreachable("busy");
    if (answer === undefined || answer.kind === "failed") throw new Unreachable(answer?.reason ?? "no_answer");
    return answer;
  } finally {
    leave();
  }
}

type Sent = Exclude<Return, { kind: "begun" }> | "not_begun" | undefined;

const sent = (errand: Errand, signal: AbortSignal | undefined): Promise<Sent> =>
  traced("outbound", { worker: "request" }, () => sendOnce(errand, signal));

/** Undefined when the process ended or was killed before it answered: what became of the request is not known then. */
async function sendOnce(errand: Errand, signal: AbortSignal | undefined): Promise<Sent> {
  const child = processes.take();
  const ended = countWorker("request");
  const kill = () => child.kill("SIGKILL");
  const timer = setTimeout(kill, errand.limits.totalMs + GRACE_MS);
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) kill();
  try {
    return await new Promise<Sent>((resolve) => {
      let begun = false;
      const end = () => resolve(begun ? undefined : "not_begun");
      child.on("message", (answer: Return) => {
        if (answer.kind === "begun") begun = true;
        else {
          ended(true);
          resolve(answer);
        }
      });
      // Not "exit": under load that comes before the last message has been read from the channel.
      child.once("close", end).once("error", end);
      child.send(errand, () => undefined);
      processes.keepOneReady();
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
    kill();
    ended(false);
  }
}

/** For tests: where the bundled process is. */
export const setOutsidePath = (path: string | undefined): void => processes.setPath(path);
