import "server-only";
import type { TLSSocket } from "node:tls";
import { ImapFlow } from "imapflow";
import { encryptUnjudged } from "@/lib/platform/net/encrypt";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { BUSY, NO_PERMISSION, notSpoken, SIGN_IN_METHOD, TLS_NOT_OFFERED, WRONG } from "./protocol-problems";
import { judged, overStream, type Server, serverOf } from "./secure-stream";

/** Signs in to a mailbox and asks how many messages its inbox holds, over a stream that the driver did not open. */
export const imapConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 993, other: 143, usual: "tls" }, "upgrades"),
    );
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, server, data, stream, plain));
  },
});

async function walk(testRun: TestRun, server: Server, data: CredentialData, stream: OpenStream, plain: OpenStream) {
  const upgrade = upgradeOf(stream, server.host);
  const client = driver(server, data, stream, upgrade.begin);
  client.on("error", () => undefined);
  const fail = (error: unknown): never => {
    throw error instanceof StepError ? error : new StepError(serverProblem(plain, error));
  };
  // It signs in by itself as soon as it may, so the whole of it is begun by whichever step comes first.
  let signedIn: Promise<void> | undefined;
  const connect = () => {
    signedIn ??= client.connect();
    signedIn.catch(() => undefined);
    return signedIn;
  };
  try {
    if (server.way === "starttls")
      await testRun.step("tls", async (notes) => {
        const socket = await Promise.race([upgrade.secured, connect()]).catch(fail);
        if (!socket) throw new StepError(TLS_NOT_OFFERED);
        judged(testRun, notes, server, socket);
        upgrade.goOn();
      });
    await testRun.step("sign_in", () => connect().catch(fail));
    await testRun.step("permission", async (notes) => {
      await client.status("INBOX", { messages: true }).catch((error: unknown) => {
        throw new StepError(deniedOr(serverProblem(plain, error)));
      });
      notes.detail = "STATUS INBOX";
    });
  } finally {
    client.close();
  }
}

/** Holds the driver after the handshake until the certificate has been judged: it would send the password at once. */
function upgradeOf(stream: OpenStream, host: string) {
  let goOn = () => {};
  let secured: (socket: TLSSocket) => void = () => {};
  return {
    secured: new Promise<TLSSocket>((resolve) => {
      secured = resolve;
    }),
    begin: (onSecure: () => void): TLSSocket => {
      const socket = encryptUnjudged(stream, host, () => secured(socket));
      goOn = onSecure;
      return socket;
    },
    goOn: () => goOn(),
  };
}

function driver(
  { host, port, way }: Server,
  { user, password }: CredentialData,
  stream: OpenStream,
  upgrade: (onSecure: () => void) => TLSSocket,
): ImapFlow {
  return new ImapFlow({
    host,
    port,
    secure: way === "tls",
    doSTARTTLS: way === "starttls",
    auth: { user: String(user), pass: String(password ?? "") },
    transport: {
      connect: (_, onConnect) => {
        process.nextTick(onConnect);
        return stream;
      },
      upgrade: (_, __, onSecure) => upgrade(onSecure),
    },
    // What comes in is counted as it is on the wire.
    disableCompression: true,
    disableAutoIdle: true,
    logger: false,
  });
}

/** By the driver's marks and the server's code in brackets. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const { authenticationFailed, code, tlsFailed, serverResponseCode, responseStatus } = error as Record<
    string,
    unknown
  >;
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  if (tlsFailed === true) return TLS_NOT_OFFERED;
  const told = BY_WORD[String(serverResponseCode)];
  if (told) return told;
  if (authenticationFailed === true) return responseStatus === undefined ? SIGN_IN_METHOD : WRONG;
  if (responseStatus === "NO") return NO_PERMISSION;
  return plain.silent && code !== "GREETING_TIMEOUT" ? CONNECTION_LOST : NOT_IMAP;
}

const deniedOr = (problem: Problem): Problem => (problem === WRONG ? NO_PERMISSION : problem);

const BY_WORD: Partial<Record<string, Problem>> = {
  UNAVAILABLE: BUSY,
  INUSE: BUSY,
  LIMIT: BUSY,
  OVERQUOTA: BUSY,
  PRIVACYREQUIRED: TLS_NOT_OFFERED,
  NOPERM: NO_PERMISSION,
  AUTHENTICATIONFAILED: WRONG,
};

const NOT_IMAP = notSpoken("not_imap", "IMAP", "993 or 143");
