import "server-only";
import { apiPlan } from "../api-call";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { exchange, secured } from "../http-exchange";
import { reach } from "../reach";
import { StepError, type TestRun } from "../test-run";
import {
  ENDED,
  FOR_ONE_BLOB,
  INCOMPLETE,
  NEEDS_CONTAINER,
  NO_ACCESS,
  NOT_BEGUN,
  UNKNOWN_ACCOUNT,
} from "./own-problems";
import { blobProblem, provesAccess } from "./problems";
import { listing } from "./request";
import { type BlobTarget, targetOf } from "./target";

/** Asks for the first entry of a list. What the values themselves say against them is told before anything is sent. */
export const connection = defineConnection({
  plan: apiPlan,

  async test(data, testRun, network) {
    nameFields(testRun, data);
    const target = await testRun.step("values", () => usable(data));
    const sent = await listing(target, data);
    const reached = await reach(testRun, sent, network);
    const stream = await testRun.step("tls", (notes) => secured(testRun, notes, sent, reached));
    try {
      const problem = await testRun.step("sign_in", async (notes) => {
        notes.detail = sent.shown;
        const answer = await exchange(stream, sent);
        const problem = blobProblem(answer, target.access.by);
        if (problem && !provesAccess(problem)) throw new StepError(problem);
        return problem;
      });
      await testRun.step("permission", (notes) => {
        if (problem) throw new StepError(problem);
        notes.detail = target.container === undefined ? "May list containers" : `May list ${target.container}`;
      });
    } finally {
      stream.close();
    }
  },
});

/** Problems speak of the place and of the secret; a form has one of several fields for either. */
function nameFields(testRun: TestRun, data: CredentialData): void {
  const whole = ["connection_string", "sas_url"].find((name) => data[name] !== undefined);
  const secret = ["account_key", "sas_token", "client_secret"].find((name) => data[name] !== undefined);
  const place = whole ?? (data.endpoint === undefined ? "account_name" : "endpoint");
  testRun.fieldInForm = (field) => {
    if (field === "host" || field === "port") return place;
    return field === "secret" ? (whole ?? secret ?? "") : field;
  };
  testRun.words = { host_not_found: UNKNOWN_ACCOUNT };
}

/** @throws StepFailure for values that say themselves that they are of no use now */
function usable(data: CredentialData): BlobTarget {
  const target = targetOf(data);
  if (!target) throw new StepError(INCOMPLETE);
  const { access, container } = target;
  if (access.by === "application" && data.access_token === undefined) throw new StepError(NO_ACCESS);
  if (access.by !== "sas") return target;
  const now = Date.now();
  const { startsAt, endsAt, resource } = access.sas;
  if (endsAt && endsAt.getTime() <= now) throw new StepError(ENDED);
  if (startsAt && startsAt.getTime() > now) throw new StepError(NOT_BEGUN);
  if (resource !== undefined && resource !== "c" && resource !== "d") throw new StepError(FOR_ONE_BLOB);
  if (resource !== undefined && container === undefined) throw new StepError(NEEDS_CONTAINER);
  return target;
}
