import "server-only";
import { apiPlan } from "../api-call";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { exchange, secured } from "../http-exchange";
import { reach } from "../reach";
import { StepFailure, type Trail } from "../trail";
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

  async test(data, trail, network) {
    nameFields(trail, data);
    const target = await trail.step("values", () => usable(data));
    const sent = await listing(target, data);
    const reached = await reach(trail, sent, network);
    const stream = await trail.step("tls", (notes) => secured(trail, notes, sent, reached));
    try {
      const problem = await trail.step("sign_in", async (notes) => {
        notes.detail = sent.shown;
        const answer = await exchange(stream, sent);
        const problem = blobProblem(answer, target.access.by);
        if (problem && !provesAccess(problem)) throw new StepFailure(problem);
        return problem;
      });
      await trail.step("permission", (notes) => {
        if (problem) throw new StepFailure(problem);
        notes.detail = target.container === undefined ? "May list containers" : `May list ${target.container}`;
      });
    } finally {
      stream.close();
    }
  },
});

/** Problems speak of the place and of the secret; a form has one of several fields for either. */
function nameFields(trail: Trail, data: CredentialData): void {
  const whole = ["connection_string", "sas_url"].find((name) => data[name] !== undefined);
  const secret = ["account_key", "sas_token", "client_secret"].find((name) => data[name] !== undefined);
  const place = whole ?? (data.endpoint === undefined ? "account_name" : "endpoint");
  trail.fieldInForm = (field) => {
    if (field === "host" || field === "port") return place;
    return field === "secret" ? (whole ?? secret ?? "") : field;
  };
  trail.words = { host_not_found: UNKNOWN_ACCOUNT };
}

/** @throws StepFailure for values that say themselves that they are of no use now */
function usable(data: CredentialData): BlobTarget {
  const target = targetOf(data);
  if (!target) throw new StepFailure(INCOMPLETE);
  const { access, container } = target;
  if (access.by === "application" && data.access_token === undefined) throw new StepFailure(NO_ACCESS);
  if (access.by !== "sas") return target;
  const now = Date.now();
  const { startsAt, endsAt, resource } = access.sas;
  if (endsAt && endsAt.getTime() <= now) throw new StepFailure(ENDED);
  if (startsAt && startsAt.getTime() > now) throw new StepFailure(NOT_BEGUN);
  if (resource !== undefined && resource !== "c" && resource !== "d") throw new StepFailure(FOR_ONE_BLOB);
  if (resource !== undefined && container === undefined) throw new StepFailure(NEEDS_CONTAINER);
  return target;
}
