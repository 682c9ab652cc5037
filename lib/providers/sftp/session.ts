import "server-only";
import ssh2, { type SFTPWrapper } from "ssh2";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { type Problem, StepError } from "../test-run";
import { algorithms } from "./algorithms";
import { Attempts, type SignInMeans } from "./attempts";
import { FirstWords } from "./first-words";
import { describeHostKey, matchesPin, pinnedType } from "./host-key";
import { hostKeyMismatch, isCutForRefusals, NO_SFTP, sessionProblem } from "./problems";
import { PASSWORD_EXPIRED } from "./refusals";

export interface SignIn {
  username: string;
  with: SignInMeans;
  /** The remembered host key, if there is one. */
  pin?: string;
  /** Types of host key that the server has shown and that were not it. */
  unwanted?: readonly string[];
  legacyAlgorithms: boolean;
}

/**
 * One SSH session over an open stream. The three stages are promises, so that each can be a step of its own; whatever
 * breaks the session fails the stages that are not done.
 */
export class SshSession {
  /** The server's key, once it has proved that it holds it and it is not another one than remembered. */
  readonly hostKey: Promise<string>;
  readonly signedIn: Promise<void>;
  private readonly client = new ssh2.Client();
  private readonly failed: Promise<never>;
  private fail: (failure: StepError) => void = () => undefined;
  private seen = "";
  private readonly attempts: Attempts;
  private words: FirstWords | undefined;

  constructor(
    private readonly stream: OpenStream,
    private readonly signIn: SignIn,
  ) {
    this.attempts = new Attempts({
      username: signIn.username,
      proof: signIn.with,
      allowSha1: signIn.legacyAlgorithms,
      onProblem: (problem) => this.fail(new StepError(problem)),
    });
    this.failed = new Promise<never>((_, reject) => {
      this.fail = reject;
    });
    const proved = new Promise<string>((resolve) => this.client.once("handshake", () => resolve(this.seen)));
    const ready = new Promise<void>((resolve) => this.client.once("ready", () => resolve()));
    this.hostKey = Promise.race([proved, this.failed]);
    this.signedIn = Promise.race([ready, this.failed]);
    // A stage that nobody waits for any more must not bring the process down.
    for (const stage of [this.hostKey, this.signedIn, this.failed]) stage.catch(() => undefined);
    this.client.on("error", (error) => this.broken(error)).on("close", () => this.broken(undefined));
    // Answering would send the old password back and a new one with it.
    this.client.on("change password", () => this.fail(new StepError(PASSWORD_EXPIRED)));
  }

  start(): void {
    this.client.connect({
      sock: this.stream,
      username: this.signIn.username,
      hostVerifier: (key: Buffer) => this.verify(key),
      authHandler: (accepts: string[] | null, partial: boolean | null, next) => {
        const attempt = this.attempts.next(accepts ?? undefined, partial === true);
        if ("type" in attempt) next(attempt);
        else this.fail(new StepError(attempt));
      },
      algorithms: algorithms(pinnedType(this.signIn.pin), this.signIn.legacyAlgorithms, this.signIn.unwanted),
      tryKeyboard: false,
      agentForward: false,
      // The test run's own clock ends the test.
      readyTimeout: 0,
      ident: "latchkey",
      // The library answers questionless rounds of a dialogue by itself; this is where they can be counted.
      debug: (line) => {
        if (line === DIALOGUE_ROUND) this.attempts.countRound();
      },
    });
    // The library has paused the stream until it listens too.
    this.words = new FirstWords(this.stream);
  }

  /** Work over the session. A broken connection is told as what broke it, not as what the work noticed of it. */
  async during<T>(work: Promise<T>): Promise<T> {
    const done = work.catch((error: unknown) => (error instanceof StepError ? Promise.reject(error) : this.failed));
    return Promise.race([done, this.failed]);
  }

  openSftp(): Promise<SFTPWrapper> {
    const opened = new Promise<SFTPWrapper>((resolve, reject) => {
      this.client.sftp((error, sftp) => (error ? reject(new StepError(NO_SFTP)) : resolve(sftp)));
    });
    return Promise.race([opened, this.failed]);
  }

  close(): void {
    this.client.destroy();
    this.stream.destroy();
  }

  private broken(error: unknown): void {
    this.fail(new StepError(this.problemOf(error)));
  }

  private problemOf(error: unknown): Problem {
    const refused = isCutForRefusals(error) ? this.attempts.refusalWhenCut() : undefined;
    return refused ?? sessionProblem({ stream: this.stream, words: this.words, proven: this.seen !== "" }, error);
  }

  private verify(key: Buffer): boolean {
    this.seen = describeHostKey(key);
    if (this.signIn.pin === undefined || matchesPin(key, this.signIn.pin)) return true;
    this.fail(new OtherHostKey(this.seen));
    return false;
  }
}

const DIALOGUE_ROUND = "Inbound: Received USERAUTH_INFO_REQUEST";

/** The server has shown a key that is not the remembered one; it may have others. */
export class OtherHostKey extends StepError {
  constructor(readonly seen: string) {
    super(hostKeyMismatch([seen]));
  }
}
