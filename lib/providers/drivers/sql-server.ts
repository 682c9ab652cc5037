import "server-only";
import type { Socket } from "node:net";
import { Connection, Request } from "tedious";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { CredentialData } from "../define";
import { defineConnection, type Network } from "../define-connection";
import { reachWithin } from "../reach";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import { type Problem, StepError, type TestRun } from "../test-run";
import { LoginGate } from "./login-gate";
import { TLS_NOT_OFFERED } from "./protocol-problems";
import { judge, overStream, type Server, serverOf } from "./secure-stream";
import { LED_TOO_FAR, NO_DATABASE, NOT_SQL_SERVER, problemOfNumbers, TLS_REQUIRED } from "./sql-server-problems";

/**
 * Signs in to a SQL Server and runs a query that reads nothing, over a stream that the driver did not open. It encrypts in the
 * middle of its protocol; until the certificate has been judged, nothing but the opening passes.
 */
export const sqlServerConnection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  async test(data, testRun, network) {
    const server = await testRun.step("values", () =>
      serverOf({ ...data, port: data.port ?? 1433 }, { tls: 0, other: 1433, usual: "other" }, "upgrades"),
    );
    await overStream(testRun, server, network, (stream, plain) =>
      new Session(testRun, server, network, stream, plain).walk(data),
    );
  },
});

class Session {
  private readonly numbers: number[] = [];
  /** Where the talk is now: a server in a cloud may lead to another one, once. */
  private at: { server: Server; way: OpenStream; plain: OpenStream };
  private connections = 0;
  /** Why the server last spoken to was not trusted; the driver knows only that its stream was closed. */
  private distrusted: unknown;

  constructor(
    private readonly testRun: TestRun,
    server: Server,
    private readonly network: Network,
    stream: OpenStream,
    plain: OpenStream,
  ) {
    this.at = { server, way: server.way === "none" ? stream : new LoginGate(stream), plain };
  }

  async walk(data: CredentialData): Promise<void> {
    const { server } = this.at;
    const connection = new Connection(this.options(data));
    connection.on("errorMessage", ({ number }) => this.numbers.push(number));
    connection.on("error", () => undefined);
    const signedIn = new Promise<void>((resolve, reject) => {
      connection.once("connect", (error) => (error ? reject(error) : resolve()));
    });
    signedIn.catch(() => undefined);
    try {
      if (server.way !== "none") await this.encrypted(connection, signedIn);
      else connection.connect();
      await this.testRun.step("sign_in", () => this.told(signedIn));
      await this.testRun.step("permission", async (notes) => {
        if (problemOfNumbers(this.numbers) === NO_DATABASE) throw new StepError(NO_DATABASE);
        await this.told(asked(connection, "SELECT 1"));
        notes.detail = "SELECT 1";
      });
    } finally {
      connection.close();
      this.at.way.destroy();
      this.at.plain.destroy();
    }
  }

  /** Begins the talk, and ends once the first certificate was judged. */
  private encrypted(connection: Connection, signedIn: Promise<void>): Promise<void> {
    return this.testRun.step("tls", async (notes) => {
      const judged = new Promise<void>((resolve, reject) => {
        connection.on("secure", (socket) => {
          const { server, way } = this.at;
          try {
            judge(this.testRun, notes, server, socket);
            if (way instanceof LoginGate) way.open();
            resolve();
          } catch (error) {
            // At once: the driver signs in by itself in the next moment.
            this.distrusted = error;
            way.destroy();
            reject(error);
          }
        });
      });
      judged.catch(() => undefined);
      connection.connect();
      await this.told(Promise.race([judged, signedIn]));
    });
  }

  /** The same, with whatever goes wrong in words of ours. That there is no database is told where that is looked at. */
  private async told(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      const problem = this.problemOf(error);
      if (problem !== NO_DATABASE) throw new StepError(problem);
    });
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof StepError) return error.problem;
    if (this.distrusted instanceof StepError) return this.distrusted.problem;
    const { way, plain } = this.at;
    if (way instanceof LoginGate && way.hasRefused) return TLS_NOT_OFFERED;
    const known = problemOfNumbers(this.numbers);
    if (known) return known;
    const { code, cause } = error as { code?: string; cause?: unknown };
    if (cause instanceof StepError) return cause.problem;
    if (code === "EENCRYPT") return TLS_REQUIRED;
    return (
      streamProblem(plain, cause) ?? streamProblem(plain, error) ?? (plain.silent ? CONNECTION_LOST : NOT_SQL_SERVER)
    );
  }

  private options({ user, password, database }: CredentialData) {
    const { host, port, way } = this.at.server;
    return {
      server: host.replace(/^\[(.*)\]$/, "$1"),
      authentication: {
        type: "default" as const,
        options: { userName: String(user), password: String(password ?? "") },
      },
      options: {
        port,
        ...(database !== undefined && database !== "" && { database: String(database) }),
        connector: ((to: { host: string; port: number }) => this.open(to)) as () => Promise<Socket>,
        encrypt: way !== "none",
        // The certificate is judged here, which tells what is wrong with it.
        trustServerCertificate: true,
        cryptoCredentialsDetails: { minVersion: "TLSv1.2" as const },
        appName: "latchkey",
        maxRetriesOnTransientErrors: 0,
        connectTimeout: 9_000,
        requestTimeout: 9_000,
      },
    };
  }

  /** What the driver talks over: the stream that is open already; where the server leads elsewhere, another past the guard. */
  private async open(to: { host: string; port: number }): Promise<Socket> {
    this.connections += 1;
    if (this.connections > 2) throw new StepError(LED_TOO_FAR);
    if (this.connections === 2) {
      this.at.plain.destroy();
      const { server } = this.at;
      const { stream: plain } = await reachWithin(this.testRun.signal, to, this.network);
      const way = server.way === "none" ? plain : new LoginGate(plain);
      this.at = { server: { ...server, ...to }, way, plain };
    }
    return this.at.way as unknown as Socket;
  }
}

const asked = (connection: Connection, query: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.execSqlBatch(new Request(query, (error) => (error ? reject(error) : resolve())));
  });
