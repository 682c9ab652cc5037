import "server-only";
import { type Connection, defineConnection } from "../define-connection";
import { type Problem, StepError } from "../test-run";

/** The native connection of an account, with the token that signing in through a client of the credential's own has left. */
export const accountAt = ({ plan, test }: Connection): Connection =>
  defineConnection({
    plan,
    test: async (data, testRun, network) => {
      if (data.access_token === undefined)
        await testRun.step("values", () => Promise.reject(new StepError(NOT_SIGNED_IN)));
      const { access_token = "", scope = "", granted_scope = scope } = data;
      return test({ access_token, scope: granted_scope, requested_scope: scope }, testRun, network);
    },
  });

export const NOT_SIGNED_IN: Problem = {
  code: "no_access_token",
  meaning: "Nobody has signed in with this client yet, so there is nothing to try.",
  advice: "Save it, then sign in at the provider on its page.",
  outcome: "failed",
};
