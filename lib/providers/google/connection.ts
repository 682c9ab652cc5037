import "server-only";
import { accessToken, apiPlan, ask, memberOf, permissionMissing, signIn, TOKEN_REFUSED, troubleOf } from "../api-call";
import { labelsOf, missingScopes } from "../authorization";
import { type Connection, defineConnection } from "../define-connection";
import type { HttpAnswer } from "../http-exchange";
import { signInForm } from "../sign-in-forms";
import { type Problem, StepError } from "../test-run";

/**
 * Google says what a token is good for; where there is a question that costs nothing and shows nothing of the account,
 * it is asked as well.
 */
export const connection: Connection = defineConnection({
  plan: apiPlan,
  test: async (data, testRun, network) => {
    const token = await accessToken(testRun, data);
    const at = (path: string) => new URL(path, network.apis.google);
    const asked = { url: at("/oauth2/v3/tokeninfo"), form: { access_token: token } };
    const known = await signIn(testRun, network, asked, knowsToken);
    await testRun.step("permission", async (notes) => {
      const granted = String(memberOf(known, "scope") ?? "");
      for (const { path } of QUESTIONS.filter((one) => granted.split(" ").some((scope) => one.needs.test(scope)))) {
        const answer = await ask(testRun, network, { url: at(path), bearer: token });
        if (answer.status === 403) throw new StepError(NOT_ENABLED);
        if (answer.status !== 200) throw new StepError(troubleOf(answer.status));
        notes.detail = `GET ${at(path).host}${at(path).pathname}`;
      }
      const lacking = missingScopes(String(data.requested_scope ?? ""), granted);
      if (lacking.length > 0) throw new StepError(permissionMissing(labelsOf(signInForm("google").scopes, lacking)));
    });
  },
});

const QUESTIONS = [
  { needs: /\/auth\/drive(\.|$)/, path: "/drive/v3/about?fields=kind" },
  { needs: /\/auth\/calendar\./, path: "/calendar/v3/calendars/primary/events?maxResults=1&fields=kind" },
];

function knowsToken({ status }: HttpAnswer): void {
  if (status === 400 || status === 401) throw new StepError(TOKEN_REFUSED);
  if (status !== 200) throw new StepError(troubleOf(status));
}

const NOT_ENABLED: Problem = {
  code: "permission_denied",
  meaning: "Google accepts the sign-in, but refuses what it was asked.",
  advice:
    "See that the interface is enabled in the Google Cloud project of the OAuth client, and not blocked by the organisation's administrator.",
  outcome: "degraded",
};
