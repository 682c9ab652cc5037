import "server-only";
import type { Socket } from "node:net";
import { Client } from "basic-ftp";
import { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection } from "../define-connection";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { handshake } from "../tls";
import { BUSY, NO_PERMISSION, notSpoken, TLS_NOT_OFFERED, TURNED_AWAY, WRONG } from "./protocol-problems";
import { judged, overStream, type Server, serverOf } from "./secure-stream";

/** Signs in to an FTP server and asks in which folder it stands, over the one stream that the driver did not open. */
export const ftpConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf(data, { tls: 990, other: 21, usual: "other" }, "upgrades"),
    );
    await overStream(testRun, server, network, (stream, plain) => walk(testRun, server, data, stream, plain));
  },
});

async function walk(testRun: TestRun, server: Server, data: CredentialData, stream: OpenStream, plain: OpenStream) {
  const client = new Client();
  const fail = (error: unknown): never => {
    throw error instanceof StepError ? error : new StepError(serverProblem(plain, error));
  };
  // It reads lines of text from what it is given, and must let go of that when encryption begins.
  const first = server.way === "starttls" ? new OpenStream(stream) : stream;
  try {
    if (server.way === "starttls")
      await testRun.step("tls", async (notes) => {
        await greeted(client, first).catch(fail);
        await client.send("AUTH TLS").catch((error: unknown) => fail(noUpgrade(error)));
        first.release();
        const socket = await handshake(plain, server);
        judged(testRun, notes, server, socket);
        client.ftp.socket = new OpenStream(socket) as unknown as Socket;
      });
    await testRun.step("sign_in", async () => {
      if (server.way !== "starttls") await greeted(client, first).catch(fail);
      await client.login(String(data.user ?? "anonymous"), String(data.password ?? "guest")).catch(fail);
    });
    await testRun.step("permission", async (notes) => {
      await client.pwd().catch((error: unknown) => {
        const problem = serverProblem(plain, error);
        throw new StepError(problem === WRONG || problem === TURNED_AWAY ? NO_PERMISSION : problem);
      });
      notes.detail = "PWD";
    });
  } finally {
    client.close();
    first.destroy();
  }
}

/** The driver makes itself a socket and dials; it is given one that is open. */
function greeted(client: Client, stream: OpenStream): Promise<unknown> {
  (client.ftp as unknown as { _newSocket: () => OpenStream })._newSocket = () => stream;
  return client.connect("localhost");
}

const noUpgrade = (error: unknown): unknown => (numberOf(error) !== undefined ? new StepError(TLS_NOT_OFFERED) : error);

const numberOf = (error: unknown): number | undefined => {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : undefined;
};

/** By the number of the server's answer. */
function serverProblem(plain: OpenStream, error: unknown): Problem {
  const number = numberOf(error);
  const broken = streamProblem(plain, error);
  if (broken) return broken;
  if (number === undefined) return plain.silent ? CONNECTION_LOST : NOT_FTP;
  return BY_NUMBER[number] ?? NOT_FTP;
}

const TLS_WANTED: Problem = {
  ...TLS_NOT_OFFERED,
  code: "tls_required",
  meaning: "The server lets nobody sign in without encryption.",
  advice: "Choose TLS.",
};

const BY_NUMBER: Partial<Record<number, Problem>> = {
  120: BUSY,
  331: WRONG,
  332: WRONG,
  421: BUSY,
  430: WRONG,
  503: WRONG,
  522: TLS_WANTED,
  530: WRONG,
  534: TLS_WANTED,
  550: NO_PERMISSION,
};

const NOT_FTP = notSpoken("not_ftp", "FTP", "21, or 990 with TLS from the first byte on");
