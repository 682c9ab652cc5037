import "server-only";
import { Client } from "ldapts";
import { encryptUnjudged } from "@/lib/platform/net/encrypt";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { valueMissing } from "../value-missing";
import { BUSY, NO_PERMISSION, notSpoken, SIGN_IN_METHOD, TLS_NOT_OFFERED, WRONG } from "./protocol-problems";
import { judged, overStream, type Server, serverOf } from "./secure-stream";

/** Binds to a directory and reads one entry, over a stream that the driver did not open. */
export const ldapConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () => {
      // A name without a password is let in by many servers, as nobody in particular.
      if (isGiven(data.user) && !isGiven(data.password)) throw new StepError(valueMissing("The password", "password"));
      return serverOf(data, { tls: 636, other: 389, usual: "tls" }, "upgrades");
    });
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, server, data, stream, plain));
  },
});

const isGiven = (value: CredentialData[string] | undefined) => value !== undefined && value !== "";

async function walk(testRun: TestRun, server: Server, data: CredentialData, stream: OpenStream, plain: OpenStream) {
  let secured: ReturnType<typeof encryptUnjudged> | undefined;
  const client = new Client({
    // Names nothing: the stream is open already.
    url: "ldap://server",
    createConnection: (() => stream.connect()) as never,
    createSecureConnection: (() => {
      secured = encryptUnjudged(stream, server.host, () => {});
      return secured;
    }) as never,
  });
  const step = (id: "tls" | "sign_in" | "permission", run: () => Promise<unknown>, told: Parts = {}) =>
    testRun.step(id, async (notes) => {
      await run().catch((error: unknown) => {
        throw new StepError(serverProblem(plain, error, told.byCode));
      });
      if (told.detail !== undefined) notes.detail = told.detail;
      if (secured && id === "tls") judged(testRun, notes, server, secured);
    });
  if (server.way === "starttls") await step("tls", () => client.startTLS(), { byCode: NO_UPGRADE });
  await step(
    "sign_in",
    () => client.bind(String(data.user ?? ""), String(data.password ?? "")),
    isGiven(data.user) ? {} : { detail: "As nobody: no user is set" },
  );
  const base = isGiven(data.base) ? String(data.base) : "";
  await step("permission", () => client.search(base, { scope: "base", attributes: ["1.1"], sizeLimit: 2 }), {
    detail: base === "" ? "The server's own entry was read" : "The base was read",
    byCode: ON_READING,
  });
}

interface Parts {
  detail?: string;
  byCode?: Partial<Record<number, Problem>>;
}

/** By the protocol's result code. */
function serverProblem(plain: OpenStream, error: unknown, own: Partial<Record<number, Problem>> = {}): Problem {
  const { code } = error as { code?: unknown };
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  if (typeof code !== "number") return NOT_LDAP;
  return own[code] ?? BY_CODE[code] ?? { ...REFUSED, meaning: `The server refused with LDAP's result code ${code}.` };
}

const BAD_NAME: Problem = {
  code: "user_unreadable",
  meaning: "The server cannot read the user's name: it wants a distinguished name.",
  advice: "Enter it like cn=reader,dc=example,dc=com; Active Directory also takes reader@example.com.",
  field: "user",
  outcome: "failed",
};

const NO_BASE: Problem = {
  code: "path_unknown",
  meaning: "The sign-in is right, but there is no such base, or the user may not see it.",
  advice: "Check the base; it is written like dc=example,dc=com.",
  field: "base",
  outcome: "failed",
};

const REFUSED: Problem = {
  code: "server_error",
  meaning: "The server refused.",
  advice: "Look the code up in the list of LDAP's result codes, and at the server's own log at this time.",
  outcome: "failed",
};

/** 2, 12, 52 and 53: what servers answer that cannot encrypt. */
const NO_UPGRADE = {
  1: TLS_NOT_OFFERED,
  2: TLS_NOT_OFFERED,
  12: TLS_NOT_OFFERED,
  52: TLS_NOT_OFFERED,
  53: TLS_NOT_OFFERED,
};
const ON_READING = { 1: NO_PERMISSION, 32: NO_BASE, 34: NO_BASE, 50: NO_PERMISSION };

const BY_CODE: Partial<Record<number, Problem>> = {
  7: SIGN_IN_METHOD,
  8: SIGN_IN_METHOD,
  13: {
    ...TLS_NOT_OFFERED,
    code: "tls_required",
    meaning: "The server lets nobody sign in without encryption.",
    advice: "Choose TLS.",
  },
  32: WRONG,
  34: BAD_NAME,
  48: SIGN_IN_METHOD,
  49: WRONG,
  50: NO_PERMISSION,
  51: BUSY,
  52: BUSY,
  53: { ...SIGN_IN_METHOD, meaning: "The server is not willing to let this user sign in like this." },
};

const NOT_LDAP = notSpoken("not_ldap", "LDAP", "636 or 389");
