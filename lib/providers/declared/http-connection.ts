import "server-only";
import type { CredentialData, Method } from "../define";
import { type Connection, defineConnection, type Network } from "../define-connection";
import { exchange, secured } from "../http-exchange";
import { reach } from "../reach";
import { StepFailure, type Trail } from "../trail";
import { problemOf, verdictOf } from "./http-answer";
import { requestOf } from "./http-request";
import type { HttpTest } from "./http-test";

/** Tries a credential out by one request, as its declaration says. */
export const httpConnection = (test: HttpTest, method: Method): Connection =>
  defineConnection({
    plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
    test: async (data, trail, network) => walk({ test, method, data, trail, network }),
  });

interface Walk {
  test: HttpTest;
  method: Method;
  data: CredentialData;
  trail: Trail;
  network: Network;
}

async function walk({ test, method, data, trail, network }: Walk): Promise<void> {
  const [address] = /\{(?:base|origin|cloud|label):([A-Za-z0-9_]+)/.exec(test.url)?.slice(1) ?? [];
  const key = keyField(test, method);
  trail.fieldInForm = (field) => (field === "host" || field === "port" ? (address ?? key ?? field) : field);
  const sent = await trail.step("values", () => requestOf(test, method, data));
  const reached = await reach(trail, sent, network);
  const stream = await trail.step("tls", (notes) => secured(trail, notes, sent, reached));
  try {
    const { status, verdict } = await trail.step("sign_in", async (notes) => {
      notes.detail = test.spends ? `${sent.shown} (spends ${test.spends})` : sent.shown;
      const answer = await exchange(stream, sent, { readsBody: test.answers !== undefined });
      const verdict = verdictOf(test, answer);
      if (!SIGNED_IN.includes(verdict)) throw new StepFailure(problemOf(verdict as "wrong_key", answer.status, key));
      return { status: answer.status, verdict };
    });
    await trail.step("permission", (notes) => {
      if (verdict !== "accepted") throw new StepFailure(problemOf(verdict, status, key));
      notes.detail = `Status ${status}`;
    });
  } finally {
    stream.close();
  }
}

/** The key was accepted, whatever else there is to say. */
const SIGNED_IN = ["accepted", "no_permission", "no_credit"];

/** The secret to look at when the service does not accept it. */
const keyField = (test: HttpTest, method: Method): string | undefined => {
  const used = JSON.stringify([test.url, test.headers, test.json, test.form, test.basic]);
  return Object.keys(method.fields).find((name) => method.fields[name]?.secret && used.includes(name));
};
