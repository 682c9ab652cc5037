import "server-only";
import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { OpenStream } from "@/lib/net/open-stream";
import type { CredentialData, Method } from "../define";
import { type Connection, defineConnection, type Network } from "../define-connection";
import { reach } from "../reach";
import { streamProblem } from "../stream-problems";
import { handshake, judgeCertificate } from "../tls";
import { type Problem, StepFailure, type Trail } from "../trail";
import { withOwnAuthority } from "./encrypt";
import { type HttpAnswer, problemOf, verdictOf } from "./http-answer";
import { type HttpRequest, requestOf } from "./http-request";
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
  const { stream: plain, isPublic } = await reach(trail, sent, network);
  let stream: Duplex = plain;
  try {
    stream = await encrypted(trail, sent, plain, isPublic);
    const { status, verdict } = await trail.step("sign_in", async (notes) => {
      notes.detail = test.spends ? `${sent.shown} (spends ${test.spends})` : sent.shown;
      const answer = await exchange(stream, plain, sent, test.answers !== undefined);
      const verdict = verdictOf(test, answer);
      if (!SIGNED_IN.includes(verdict)) throw new StepFailure(problemOf(verdict as "wrong_key", answer.status, key));
      return { status: answer.status, verdict };
    });
    await trail.step("permission", (notes) => {
      if (verdict !== "accepted") throw new StepFailure(problemOf(verdict, status, key));
      notes.detail = `Status ${status}`;
    });
  } finally {
    stream.destroy();
    plain.destroy();
  }
}

/** The key was accepted, whatever else there is to say. */
const SIGNED_IN = ["accepted", "no_permission", "no_credit"];

/** The secret to look at when the service does not accept it. */
const keyField = (test: HttpTest, method: Method): string | undefined => {
  const used = JSON.stringify([test.url, test.headers, test.json, test.form, test.basic]);
  return Object.keys(method.fields).find((name) => method.fields[name]?.secret && used.includes(name));
};

function encrypted(trail: Trail, sent: HttpRequest, plain: OpenStream, isPublic: boolean): Promise<Duplex> {
  return trail.step("tls", async (notes) => {
    if (!sent.encrypted) {
      if (isPublic) throw new StepFailure(NOT_ENCRYPTED);
      notes.detail = "Not encrypted: everything, the key included, can be read on the way";
      notes.warning = NOT_ENCRYPTED;
      return plain;
    }
    const socket = await handshake(plain, { host: sent.host });
    try {
      judgeCertificate(trail, notes, { mode: "verify-full", host: sent.host }, socket);
    } catch (error) {
      socket.destroy();
      throw withOwnAuthority(error);
    }
    return socket;
  });
}

/** One request over the open stream, and its answer. Redirects are not followed: nothing here could. */
function exchange(stream: Duplex, plain: OpenStream, sent: HttpRequest, readsBody: boolean): Promise<HttpAnswer> {
  const { method, path, headers, body } = sent;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(new StepFailure(streamProblem(plain, error) ?? NOT_HTTP));
    const call = request({ method, path, headers, createConnection: () => stream, setHost: false });
    call.once("error", fail);
    call.once("response", (response) => {
      const status = response.statusCode ?? 0;
      if (!readsBody) return resolve({ status, body: "" });
      textOf(response).then((text) => resolve({ status, body: text }), fail);
    });
    call.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // The stream below ends a flood.
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const NOT_ENCRYPTED: Problem = {
  code: "not_encrypted",
  meaning: "The address begins with http://, so the key would travel unencrypted.",
  advice: "Use https://.",
  field: "host",
  outcome: "failed",
};

const NOT_HTTP: Problem = {
  code: "not_http",
  meaning: "What answers at this address does not speak HTTP as a test understands it.",
  advice: "Check the address and its port.",
  field: "host",
  outcome: "failed",
};
