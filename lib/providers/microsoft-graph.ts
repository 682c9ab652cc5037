import "server-only";
import { accessToken, ask, permissionMissing, signIn, TOKEN_REFUSED, troubleOf } from "./api-call";
import { type Authorization, labelsOf, missingScopes } from "./authorization";
import type { CredentialData } from "./define";
import type { TestNetwork } from "./define-connection";
import { type Problem, StepError, type TestRun } from "./test-run";

interface GraphTest {
  /** Asked first: whether the token is good. */
  first: string;
  /** Asked then: whether it may do what the credential is for. */
  next?: string | undefined;
  /** Said when Microsoft Graph knows the token and refuses. */
  refused: Problem;
  /** Said when what is asked first is not there. */
  unknown?: Problem | undefined;
  scopes: Authorization["scopes"];
}

/** Walks through the questions of a test at Microsoft Graph. Each asks for an id alone. */
export async function walkGraph(
  testRun: TestRun,
  network: TestNetwork,
  data: CredentialData,
  { first, next, refused, unknown, scopes }: GraphTest,
): Promise<void> {
  const bearer = await accessToken(testRun, data);
  const at = (path: string) => new URL(`/v1.0${path}`, network.apis.microsoft);
  const known = await signIn(testRun, network, { url: at(first), bearer }, ({ status }) => {
    if (status === 401) throw new StepError(TOKEN_REFUSED);
    // It knows the token, or it would not say what that may not do.
    if (status !== 200 && status !== 403 && !(status === 404 && unknown)) throw new StepError(troubleOf(status));
  });
  await testRun.step("permission", async (notes) => {
    const lacking = missingScopes(String(data.requested_scope ?? ""), text(data.scope));
    if (lacking.length > 0) throw new StepError(permissionMissing(labelsOf(scopes, lacking)));
    if (known.status === 403) throw new StepError(refused);
    if (known.status === 404) throw new StepError(unknown ?? refused);
    if (next === undefined) return;
    const { status } = await ask(testRun, network, { url: at(next), bearer });
    notes.detail = `GET ${at(next).host}${at(next).pathname}`;
    if (status === 403 || status === 404) throw new StepError(refused);
    if (status !== 200) throw new StepError(status === 401 ? TOKEN_REFUSED : troubleOf(status));
  });
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
