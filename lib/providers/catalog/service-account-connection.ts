import "server-only";
import type { CredentialData } from "../define";
import { type Connection, defineConnection, type Network } from "../define-connection";
import { exchange, placeOf, secured, usualHeaders } from "../http-exchange";
import { reach, reachWithin } from "../reach";
import { StepError, type TestRun } from "../test-run";
import { problemOf, verdictOf } from "./http-answer";
import { type RequestSource, requestOf } from "./http-request";
import type { HttpTest } from "./schema-test";
import { accessTokenFor, type ServiceAccount, signedAssertion } from "./service-account";
import { Values } from "./values";

/**
 * Tries a service account's key out: signing in is the exchange at the token endpoint, and what the account may do is asked by
 * the request of the kind's file, with the token that came of it. The token is kept nowhere.
 */
export const serviceAccountConnection = (source: RequestSource, test: HttpTest, account: ServiceAccount): Connection =>
  defineConnection({
    plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
    test: (data, testRun, network) => walk({ source, test, account, data, testRun, network }),
  });

interface Walk {
  source: RequestSource;
  test: HttpTest;
  account: ServiceAccount;
  data: CredentialData;
  testRun: TestRun;
  network: Network;
}

async function walk(all: Walk): Promise<void> {
  const { source, test, account, data, testRun } = all;
  // The addresses are the provider's own: whatever is wrong with them is not in a field.
  testRun.fieldInForm = (field) => (field === "host" || field === "port" ? account.private_key : field);
  const assertion = await testRun.step("values", async () => {
    const signed = await signedAssertion(account, new Values(source.fields, data));
    // What the request lacks is told before anything is sent, too.
    await requestOf(source, test, { ...data, access_token: "-" });
    return signed;
  });
  const token = await signIn(all, assertion);
  const sent = await requestOf(source, test, { ...data, access_token: token });
  await testRun.step("permission", async (notes) => {
    const reached = await reachWithin(testRun.signal, sent, all.network);
    const stream = await secured(testRun, {}, sent, reached);
    try {
      const answer = await exchange(stream, sent, { readsBody: test.answers !== undefined });
      const verdict = verdictOf(test, answer);
      if (verdict !== "accepted") throw new StepError(problemOf(verdict, answer.status, account.private_key));
      notes.detail = `${sent.shown}: status ${answer.status}`;
    } finally {
      stream.close();
    }
  });
}

async function signIn({ account, testRun, network }: Walk, assertion: string): Promise<string> {
  const url = new URL(account.token_url);
  const place = placeOf(url);
  const reached = await reach(testRun, place, network);
  const stream = await testRun.step("tls", (notes) => secured(testRun, notes, place, reached));
  try {
    return await testRun.step("sign_in", (notes) => {
      notes.detail = `A token from ${url.host}`;
      return accessTokenFor(account, assertion, ({ headers, ...request }) =>
        exchange(
          stream,
          {
            ...request,
            headers: {
              ...usualHeaders(url),
              ...headers,
              "content-length": String(Buffer.byteLength(request.body ?? "")),
            },
          },
          { readsBody: true },
        ),
      );
    });
  } finally {
    stream.close();
  }
}
