import "server-only";
import type { EventEmitter } from "node:events";
import pg from "pg";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import type { Network } from "../define-connection";
import { reach } from "../reach";
import { type Problem, StepError, type TestRun } from "../test-run";
import { encrypt, type Way } from "./encrypt";
import { type KeptForm, watchKeptForm } from "./kept-form";
import { NOT_POSTGRESQL, PASSWORD_NOT_SENT, PASSWORD_WITHHELD, serverProblem, TOO_LITTLE_WORK } from "./problems";
import { CONNECT_DENIED } from "./refusal-messages";
import type { Target } from "./target";

export interface Session {
  client: pg.Client;
  /** The sign-in was right, but the user may not use this database: no query can be asked. */
  denied: boolean;
  /** How the other side keeps the password, where the sign-in showed it. A pooler shows what it keeps itself. */
  shown: KeptForm | undefined;
  /** What an error of a query means. */
  problemOf: (error: unknown) => ReturnType<typeof serverProblem>;
  close: () => void;
}

/**
 * Walks the steps from the host's name to a session: resolve, address, connect, tls, sign_in. The driver dials nothing
 * itself and reads nothing of this process's environment.
 * @throws StepFailure of the step that failed, with everything closed
 */
export async function openSession(testRun: TestRun, target: Target, network: Network): Promise<Session> {
  const { stream: plain } = await reach(testRun, target, network);
  let stream = plain;
  const close = () => {
    stream.destroy();
    plain.destroy();
  };
  try {
    const way = await encrypt(testRun, target, plain);
    stream = way.stream;
    const client = driver(target, stream);
    client.on("error", () => undefined);
    const { denied, shown } = await testRun.step("sign_in", () => signIn(client, way, plain, target.onlyProves));
    return { client, denied, shown, problemOf: (error) => serverProblem(plain, error), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** `plain` is the stream below the encryption: it knows whether the peer sent too much. */
async function signIn(
  client: pg.Client,
  { stream, mayHearPassword }: Way,
  plain: OpenStream,
  onlyProves: boolean,
): Promise<Pick<Session, "denied" | "shown">> {
  let refused: Problem | undefined;
  let shown: () => KeptForm | undefined = () => undefined;
  try {
    const connected = client.connect();
    const refuse = (problem: Problem) => {
      refused ??= problem;
      stream.destroy(new StepError(problem));
    };
    if (!mayHearPassword) proveOnly(client, refuse);
    else if (onlyProves) neverTell(client, () => refuse(PASSWORD_WITHHELD));
    shown = watchKeptForm(client);
    // It was paused after the server's word on encryption; without encryption nobody else wakes it.
    stream.resume();
    stream.once("data", (chunk: Buffer) => {
      if (!opensLikePostgresql(chunk)) stream.destroy(new StepError(NOT_POSTGRESQL));
    });
    await connected;
    return { denied: false, shown: shown() };
  } catch (error) {
    if (refused) throw new StepError(refused);
    if (error instanceof StepError) throw error;
    const problem = serverProblem(plain, error);
    // The server says this only after the password was right: the sign-in worked, the permission is missing.
    if (problem === CONNECT_DENIED) return { denied: true, shown: shown() };
    throw new StepError(problem);
  }
}

/** What the driver answers with the password, or with what is as good as it. */
const READABLE = ["authenticationCleartextPassword", "authenticationMD5Password"];

const PROOF = "authenticationSASLContinue";

/** The driver's types leave out its connection, where it listens to the server. */
const connectionOf = (client: pg.Client) => (client as unknown as { connection: EventEmitter }).connection;

/**
 * Takes the driver's own answers to these requests away, at whichever moment one comes: also after it has proven the
 * password once, from when on the driver keeps it.
 */
function neverTell(client: pg.Client, refuse: () => void): void {
  for (const request of READABLE) connectionOf(client).removeAllListeners(request).on(request, refuse);
}

/** It never tells, and it proves nothing at so few rounds that the proof could be guessed from. */
function proveOnly(client: pg.Client, refuse: (problem: Problem) => void): void {
  neverTell(client, () => refuse(PASSWORD_NOT_SENT));
  const connection = connectionOf(client);
  const answers = connection.listeners(PROOF);
  connection.removeAllListeners(PROOF).on(PROOF, (message: { data: string }) => {
    if (isGuessable(message.data)) return refuse(TOO_LITTLE_WORK);
    for (const answer of answers) answer.call(connection, message);
  });
}

/** The fewest rounds of RFC 7677, section 4. */
const ROUNDS_MIN = 4_096;

/** A count that cannot be read is left to the driver, which refuses it. */
const isGuessable = (serverFirst: string) =>
  serverFirst.split(",").some((part) => part.startsWith("i=") && Number(part.slice(2)) < ROUNDS_MIN);

/**
 * A server first asks for authentication, refuses, or offers another version of the protocol. The driver would take any
 * other service's first letter for one of its messages, and wait for the rest.
 */
const opensLikePostgresql = (chunk: Buffer) => {
  const length = chunk.length >= 5 ? chunk.readUInt32BE(1) : 0;
  return ["R", "E", "v"].includes(chunk.toString("latin1", 0, 1)) && length < 30_000;
};

/** Every setting is given, and the password as a function: a gap would be filled from this process's environment or files. */
function driver({ host, port, database, user, password }: Target, stream: OpenStream): pg.Client {
  return new pg.Client({
    host,
    port,
    database,
    user,
    password: () => password,
    ssl: false,
    stream: () => stream,
    application_name: "latchkey",
    keepAlive: false,
  });
}
