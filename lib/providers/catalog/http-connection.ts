import "server-only";
import type { CredentialData } from "../define";
import { type Connection, defineConnection, type Network } from "../define-connection";
import { exchange, secured } from "../http-exchange";
import { reach } from "../reach";
import { StepError, type TestRun } from "../test-run";
import { problemOf, verdictOf } from "./http-answer";
import { type RequestSource, requestOf } from "./http-request";
import type { HttpTest } from "./schema-test";
import { fieldsOfBaseUrl, fieldsOfScheme, fieldsOfTest } from "./templates";

/** Tries a credential out by one request, as its kind says. */
export const httpConnection = (source: RequestSource, test: HttpTest): Connection =>
  defineConnection({
    plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
    test: (data, testRun, network) => walk({ source, test, data, testRun, network }),
  });

interface Walk {
  source: RequestSource;
  test: HttpTest;
  data: CredentialData;
  testRun: TestRun;
  network: Network;
}

async function walk({ source, test, data, testRun, network }: Walk): Promise<void> {
  const [address] = test.path === undefined ? [] : fieldsOfBaseUrl(source.base_url);
  const key = keyField(source, test);
  testRun.fieldInForm = (field) => (field === "host" || field === "port" ? (address ?? key ?? field) : field);
  const { certificate, ...sent } = await testRun.step("values", () => requestOf(source, test, data));
  const reached = await reach(testRun, sent, network);
  const stream = await testRun.step("tls", (notes) => secured(testRun, notes, { ...sent, certificate }, reached));
  try {
    const { status, verdict } = await testRun.step("sign_in", async (notes) => {
      notes.detail = test.spends ? `${sent.shown} (spends ${test.spends})` : sent.shown;
      const answer = await exchange(stream, sent, { readsBody: test.answers !== undefined });
      const verdict = verdictOf(test, answer);
      if (!SIGNED_IN.includes(verdict)) throw new StepError(problemOf(verdict as "wrong_key", answer.status, key));
      return { status: answer.status, verdict };
    });
    await testRun.step("permission", (notes) => {
      if (verdict !== "accepted") throw new StepError(problemOf(verdict, status, key));
      notes.detail = `Status ${status}`;
    });
  } finally {
    stream.close();
  }
}

/** The key was accepted, whatever else there is to say. */
const SIGNED_IN = ["accepted", "no_permission", "no_credit"];

/** The secret to look at when the service does not accept it. */
export function keyField({ fields, authentication = [], base_url }: RequestSource, test: HttpTest): string | undefined {
  const used = [
    ...fieldsOfBaseUrl(base_url),
    ...fieldsOfTest({ test }),
    ...(test.signed === false ? [] : authentication.flatMap(fieldsOfScheme)),
  ];
  return Object.keys(fields).find((name) => fields[name]?.secret && used.includes(name));
}
