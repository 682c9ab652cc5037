import "server-only";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { unjudged } from "@/lib/platform/net/encrypt";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import {
  BUSY,
  NO_PERMISSION,
  notSpoken,
  SIGN_IN_METHOD,
  TLS_NOT_OFFERED,
  TURNED_AWAY,
  WRONG,
} from "./protocol-problems";
import { judged, overStream, type Server, serverOf } from "./secure-stream";

/** Signs in to a mail server as a program that sends does, over a stream that the driver did not open. Sends no mail. */
export const smtpConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 465, other: 587, usual: "other" }, "upgrades"),
    );
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, server, data, stream, plain));
  },
});

async function walk(testRun: TestRun, server: Server, data: CredentialData, stream: OpenStream, plain: OpenStream) {
  const client = driver(server, stream);
  const talk = <T>(run: (done: (error?: Error | null) => void) => T): Promise<void> =>
    new Promise<void>((resolve, reject) => {
      client.once("error", reject);
      run((error) => (error ? reject(error) : resolve()));
    }).catch((error: unknown) => {
      throw new StepError(serverProblem(plain, error));
    });
  const connect = () => talk((done) => client.connect(done));
  client.on("error", () => undefined);
  try {
    if (server.way === "starttls")
      await testRun.step("tls", async (notes) => {
        await connect();
        judged(testRun, notes, server, client._socket as TLSSocket);
      });
    await testRun.step("sign_in", async (notes) => {
      if (server.way !== "starttls") await connect();
      const { user, password } = data;
      if (user === undefined || user === "") notes.detail = "No user name is set: the server was asked without one";
      else await talk((done) => client.login({ user: String(user), pass: String(password ?? "") }, done));
    });
    await testRun.step("permission", async (notes) => {
      await talk((done) => client.reset(done));
      notes.detail = "RSET";
    });
  } finally {
    client.close();
  }
}

const driver = ({ host, port, way }: Server, stream: OpenStream): SMTPConnection =>
  new SMTPConnection({
    host,
    port,
    connection: stream as unknown as Socket,
    secure: way === "tls",
    secured: way === "tls",
    requireTLS: way === "starttls",
    ignoreTLS: way !== "starttls",
    tls: unjudged(host),
    name: "latchkey",
    logger: false,
  });

/** By the driver's code and the server's number. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  if (code === "ETLS") return command === "STARTTLS" ? TLS_NOT_OFFERED : NOT_SMTP;
  if (responseCode !== undefined && BUSY_NUMBERS.includes(responseCode)) return BUSY;
  if (code === "EAUTH")
    return responseCode === undefined || responseCode === 504 ? SIGN_IN_METHOD : (BY_NUMBER[responseCode] ?? WRONG);
  if (command === "RSET") return NO_PERMISSION;
  return responseCode === 554 || responseCode === 550 ? TURNED_AWAY : NOT_SMTP;
}

const BUSY_NUMBERS = [421, 450, 451, 452, 454];
const BY_NUMBER: Partial<Record<number, Problem>> = {
  530: TLS_NOT_OFFERED,
  538: TLS_NOT_OFFERED,
  503: SIGN_IN_METHOD,
  534: {
    ...SIGN_IN_METHOD,
    advice: "The server wants a stronger way to sign in: many providers ask for a password made for applications.",
  },
};

const NOT_SMTP = notSpoken("not_smtp", "SMTP", "587 or 465");
