import "server-only";
import { apiPlan } from "../api-call";
import { type Connection, defineConnection } from "../define-connection";
import { walkGraph } from "../microsoft-graph";
import { siteQuestion } from "../sharepoint-place";
import type { Problem } from "../test-run";

/** Asks for the site that the credential names, else for the root site of the organisation. */
export const connection: Connection = defineConnection({
  plan: apiPlan,
  test: (data, testRun, network) =>
    walkGraph(testRun, network, data, {
      first: siteQuestion(data.site_id ?? "root"),
      refused: data.site_id === undefined ? NO_ROOT : NO_SITE,
      unknown: data.site_id === undefined ? undefined : NO_SITE,
      scopes: [],
    }),
});

const NO_ROOT: Problem = {
  code: "permission_denied",
  meaning:
    "The application signs in, but may not see the organisation's root site, so what else it may do is not known.",
  advice: "With Sites.Selected enter the ID of a site that it was given. Else grant Sites.Read.All in Microsoft Entra.",
  field: "site_id",
  outcome: "degraded",
};

const NO_SITE: Problem = {
  code: "permission_denied",
  meaning: "The application signs in, but does not reach this site.",
  advice:
    "Check the site ID, and that the application was given this very site (Sites.Selected) or all (Sites.Read.All).",
  field: "site_id",
  outcome: "degraded",
};
