import "server-only";
import { apiPlan } from "../api-call";
import { type Connection, defineConnection } from "../define-connection";
import { walkGraph } from "../microsoft-graph";
import { signInForm } from "../sign-in-forms";
import type { Problem } from "../test-run";
import { isApplication } from "./application";

/** As a person, Microsoft Graph is asked who that is; as an application, which organisation it is in. */
export const connection: Connection = defineConnection({
  plan: apiPlan,
  test: (data, testRun, network) =>
    walkGraph(testRun, network, data, {
      ...(isApplication(data)
        ? { first: "/organization?$select=id", refused: NO_ORGANISATION }
        : { first: "/me?$select=id", refused: NO_PROFILE }),
      scopes: signInForm("microsoft").scopes,
    }),
});

const NO_ORGANISATION: Problem = {
  code: "permission_denied",
  meaning: "The application signs in, but may not read its organisation, so what else it may do is not known.",
  advice:
    "If your workflows need no more than it has, this is fine. Else grant application permissions in Microsoft Entra.",
  outcome: "degraded",
};

const NO_PROFILE: Problem = {
  code: "permission_denied",
  meaning: "Microsoft accepts the sign-in, but it may not read the profile of the account.",
  advice: "If your workflows need no profile, this is fine. Else reconnect and ask for “Your profile”.",
  outcome: "degraded",
};
