import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import type { CredentialData } from "./define";
import type { Network } from "./define-connection";
import { exchange, type HttpAnswer, type HttpRequest, placeOf, secured, usualHeaders } from "./http-exchange";
import { reach } from "./reach";
import { type Problem, StepError, TestRun } from "./test-run";

/** Requests of a connection test to a provider's API, with the access token that the credential holds. */
export interface ApiRequest {
  url: URL;
  /** Sent in the Authorization header: a token is in no address. */
  bearer?: string;
  /** Sent as a form, by POST. */
  form?: Record<string, string>;
}

/** The steps of every such test. */
export const apiPlan = ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"] as const;

/** The first step: there must be something to ask with. @throws StepFailure */
export const accessToken = (testRun: TestRun, { access_token }: CredentialData): Promise<string> => {
  // No form asks where the provider is.
  testRun.fieldInForm = (field) => (field === "host" || field === "port" ? "" : field);
  return testRun.step("values", () => {
    if (typeof access_token !== "string") throw new StepError(NO_ACCESS_TOKEN);
    return access_token;
  });
};

/** The first request: its way there is shown step by step, and `judge` says whether the provider knows the token. */
export async function signIn(
  testRun: TestRun,
  network: Network,
  asked: ApiRequest,
  judge: (answer: HttpAnswer) => void,
): Promise<HttpAnswer> {
  return answered(testRun, network, asked, (send) =>
    testRun.step("sign_in", async (notes) => {
      notes.detail = `${asked.form ? "POST" : "GET"} ${asked.url.host}${asked.url.pathname}`;
      const answer = await send();
      judge(answer);
      return answer;
    }),
  );
}

/** A further request, inside a step of its caller's; by the same guard, on a connection of its own. */
export const ask = (testRun: TestRun, network: Network, asked: ApiRequest): Promise<HttpAnswer> =>
  answered(new TestRun([], { signal: testRun.signal }), network, asked, (send) => send());

async function answered(
  testRun: TestRun,
  network: Network,
  asked: ApiRequest,
  work: (send: () => Promise<HttpAnswer>) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const request = requestOf(asked);
  const reached = await reach(testRun, request, network);
  const stream = await testRun.step("tls", (notes) => secured(testRun, notes, request, reached));
  try {
    return await work(() => exchange(stream, request));
  } finally {
    stream.close();
  }
}

function requestOf({ url, bearer, form }: ApiRequest): HttpRequest {
  const body = form && new URLSearchParams(form).toString();
  return {
    ...placeOf(url),
    method: body === undefined ? "GET" : "POST",
    path: url.pathname + url.search,
    headers: {
      ...usualHeaders(url),
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": String(Buffer.byteLength(body)),
      }),
    },
    ...(body !== undefined && { body }),
  };
}

/** A member of a JSON answer; whatever else came has none. */
export function memberOf({ body }: HttpAnswer, name: string): unknown {
  const parsed = outsideJson(body);
  return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>)[name] : undefined;
}

/** What an answer that is neither a yes nor a plain no means, whatever was asked. */
export function troubleOf(status: number): Problem {
  if (status === 429) return RATE_LIMITED;
  if (status >= 500) return SERVICE_TROUBLE;
  return {
    code: "unexpected_answer",
    meaning: `The provider answered with status ${status}, which a working sign-in does not get.`,
    advice: "Try again; if it stays, reconnect the credential.",
    outcome: "failed",
  };
}

export const TOKEN_REFUSED: Problem = {
  code: "needs_reauth",
  meaning: "The provider does not accept this access any more.",
  advice: "Reconnect the credential: sign in at the provider again.",
  outcome: "failed",
};

/** @param labels what is not granted, in words of ours */
export const permissionMissing = (labels: string[]): Problem => ({
  code: "permission_missing",
  meaning: `It signs in, but these permissions were asked for and not granted: ${labels.join("; ")}.`,
  advice: "Reconnect, and agree to all of them at the provider; or ask for fewer.",
  outcome: "degraded",
});

const NO_ACCESS_TOKEN: Problem = {
  code: "no_access_token",
  meaning: "There is no access token to try, and a refresh token is not spent on a test.",
  advice: "Save first: a stored credential is renewed before it is tested.",
  outcome: "failed",
};

const RATE_LIMITED: Problem = {
  code: "rate_limited",
  meaning: "The provider asks to wait, so whether the access works is not known.",
  advice: "Test again in a few minutes.",
  outcome: "unreachable",
};

const SERVICE_TROUBLE: Problem = {
  code: "service_trouble",
  meaning: "The provider has trouble of its own and could not answer.",
  advice: "Try again later; look at the provider's status page.",
  outcome: "unreachable",
};
