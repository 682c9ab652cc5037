import "server-only";
import { outsideJson } from "@/lib/platform/net/bounded-json";
import type { HttpAnswer } from "../http-exchange";
import type { Problem } from "../test-run";
import type { HttpTest, Meaning } from "./schema-test";

/** What a service's answer says of the credential. */
export type Verdict = Meaning | "redirected" | "provider_trouble";

export function verdictOf(test: HttpTest, { status, body }: HttpAnswer): Verdict {
  const rules = (test.answers ?? []).filter((rule) => rule.status === status);
  const answer = rules.length > 0 ? outsideJson(body) : undefined;
  for (const { path, is, means } of rules) {
    const found = path.reduce<unknown>((value, step) => member(value, step), answer);
    if (is.some((one) => one === found)) return means;
  }
  return test.statuses?.[status] ?? usual(status);
}

function usual(status: number): Verdict {
  if (status >= 200 && status < 300) return "accepted";
  if (status >= 300 && status < 400) return "redirected";
  if (status >= 500) return "provider_trouble";
  return USUAL[status] ?? "unexpected";
}

const USUAL: Record<number, Verdict> = {
  401: "wrong_key",
  402: "no_credit",
  // Many services say this of a wrong key as well as of a right one that may not do this.
  403: "refused",
  408: "provider_trouble",
  429: "throttled",
};

const member = (value: unknown, step: string | number): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string | number, unknown>)[step]
    : undefined;

/** In fixed words. What an answer is not "accepted" means; nothing of what the service said is passed on but its status. */
export function problemOf(verdict: Exclude<Verdict, "accepted">, status: number, field: string | undefined): Problem {
  const at = field === undefined ? {} : { field };
  switch (verdict) {
    case "wrong_key":
      return { ...WRONG_KEY, ...at };
    case "refused":
      return { ...REFUSED, ...at };
    case "unexpected":
      return {
        code: "unexpected_answer",
        meaning: `The service answered with status ${status}, which a working key does not get.`,
        advice: "Check the address and the values. If they are right, the service may have changed its ways.",
        outcome: "failed",
      };
    case "no_permission":
    case "no_credit":
    case "throttled":
    case "not_found":
    case "redirected":
    case "provider_trouble":
      return FIXED[verdict];
  }
}

const WRONG_KEY: Problem = {
  code: "wrong_credentials",
  meaning: "The service does not accept this key.",
  advice: "Check that it is copied whole, not revoked, and of this service.",
  outcome: "failed",
};

const REFUSED: Problem = {
  code: "access_refused",
  meaning: "The service refuses: the key is wrong, or it is right and may not do this. It does not say which.",
  advice: "Check the key, and at the service what it is allowed to do and from where.",
  outcome: "failed",
};

const FIXED: Record<
  "no_permission" | "no_credit" | "throttled" | "not_found" | "redirected" | "provider_trouble",
  Problem
> = {
  no_permission: {
    code: "permission_denied",
    meaning: "The service accepts the key, but the key may not make this request.",
    advice: "If your workflows need more, give the key more permissions at the service.",
    outcome: "degraded",
  },
  no_credit: {
    code: "no_credit",
    meaning: "The service accepts the key, but wants to be paid before it does more.",
    advice: "Look at plan and balance at the service.",
    outcome: "degraded",
  },
  throttled: {
    code: "rate_limited",
    meaning: "The service asks to wait, so whether the key works is not known. Nothing says that it does not.",
    advice: "Test again in a few minutes.",
    outcome: "unreachable",
  },
  not_found: {
    code: "path_unknown",
    meaning: "The service answers, but not to a GET of this path, so the test proves nothing of the key.",
    advice: "Enter a path that answers nobody without the key.",
    field: "test_path",
    outcome: "failed",
  },
  redirected: {
    code: "redirected",
    meaning:
      "The address sends its callers on to another one. A test does not follow: the key is for this address only.",
    advice: "Enter the address that it leads to in the end, as the service's documentation gives it.",
    outcome: "failed",
  },
  provider_trouble: {
    code: "service_trouble",
    meaning: "The service has trouble of its own and could not answer.",
    advice: "Try again later; look at the service's status page.",
    outcome: "unreachable",
  },
};
