import "server-only";
import { apiPlan } from "../api-call";
import type { CredentialData } from "../define";
import { type Connection, defineConnection } from "../define-connection";
import { walkGraph } from "../microsoft-graph";
import { siteQuestion } from "../sharepoint-place";
import { signInForm } from "../sign-in-forms";
import type { Problem } from "../test-run";

/** Who signed in, and then the site that the credential names, or whatever its permissions allow to be asked. */
export const connection: Connection = defineConnection({
  plan: apiPlan,
  test: (data, testRun, network) =>
    walkGraph(testRun, network, data, {
      first: "/me?$select=id",
      next: question(data),
      refused: REFUSED,
      scopes: signInForm("sharepoint").scopes,
    }),
});

function question({ site_id, scope }: CredentialData): string | undefined {
  if (typeof site_id === "string") return siteQuestion(site_id);
  const granted = String(scope ?? "").toLowerCase();
  if (granted.includes("sites.")) return "/sites/root?$select=id";
  return granted.includes("files.") ? "/me/drive?$select=id" : undefined;
}

const REFUSED: Problem = {
  code: "permission_denied",
  meaning: "Microsoft accepts the sign-in, but this account does not reach the site or its files.",
  advice: "Check the site ID, and in SharePoint what the account that signed in may see.",
  outcome: "degraded",
};
