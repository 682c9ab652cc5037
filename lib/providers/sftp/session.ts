import "server-only";
import ssh2, { type AnyAuthMethod, type ParsedKey, type SFTPWrapper } from "ssh2";
import type { OpenStream } from "@/lib/net/open-stream";
import { StepFailure } from "../trail";
import { algorithms } from "./algorithms";
import { describeHostKey, matchesPin, pinnedType } from "./host-key";
import {
  hostKeyMismatch,
  NO_SFTP,
  PASSWORD_EXPIRED,
  rejectionProblem,
  SHA1_SIGNATURE,
  sessionProblem,
} from "./problems";
import { waysToSign } from "./signatures";

export interface SignIn {
  username: string;
  with: { password: string } | { key: ParsedKey };
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
  private fail: (failure: StepFailure) => void = () => undefined;
  private seen = "";
  /** What is still to be tried, and whether the server has known the key in one of those ways. */
  private readonly ways: AnyAuthMethod[];
  private signed = false;

  constructor(
    private readonly stream: OpenStream,
    private readonly signIn: SignIn,
  ) {
    this.ways = this.attempts();
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
    this.client.on("change password", () => this.fail(new StepFailure(PASSWORD_EXPIRED)));
  }

  start(): void {
    this.client.connect({
      sock: this.stream,
      username: this.signIn.username,
      hostVerifier: (key: Buffer) => this.verify(key),
      authHandler: (accepts: string[] | null, partial: boolean | null, next) => {
        const attempt = this.nextAttempt(accepts, partial);
        if (attempt) next(attempt);
      },
      algorithms: algorithms(pinnedType(this.signIn.pin), this.signIn.legacyAlgorithms, this.signIn.unwanted),
      tryKeyboard: false,
      agentForward: false,
      // The trail's own clock ends the test.
      readyTimeout: 0,
      ident: "latchkey",
    });
  }

  /** Work over the session. A broken connection is told as what broke it, not as what the work noticed of it. */
  async during<T>(work: Promise<T>): Promise<T> {
    const done = work.catch((error: unknown) => (error instanceof StepFailure ? Promise.reject(error) : this.failed));
    return Promise.race([done, this.failed]);
  }

  openSftp(): Promise<SFTPWrapper> {
    const opened = new Promise<SFTPWrapper>((resolve, reject) => {
      this.client.sftp((error, sftp) => (error ? reject(new StepFailure(NO_SFTP)) : resolve(sftp)));
    });
    return Promise.race([opened, this.failed]);
  }

  close(): void {
    this.client.destroy();
    this.stream.destroy();
  }

  private broken(error: unknown): void {
    this.fail(new StepFailure(sessionProblem(this.stream, error, this.seen !== "")));
  }

  private verify(key: Buffer): boolean {
    this.seen = describeHostKey(key);
    if (this.signIn.pin === undefined || matchesPin(key, this.signIn.pin)) return true;
    this.fail(new OtherHostKey(this.seen));
    return false;
  }

  /** The next way of the one method of this credential; when there is none, the server's refusal is told. */
  private nextAttempt(accepts: string[] | null, partial: boolean | null): AnyAuthMethod | undefined {
    const tried = "password" in this.signIn.with ? "password" : "publickey";
    const isOver = accepts !== null && (partial === true || this.signed || !accepts.includes(tried));
    const next = isOver ? undefined : this.ways.shift();
    if (next === undefined) {
      this.fail(new StepFailure(rejectionProblem({ tried, accepts: accepts ?? undefined, partial: partial === true })));
    }
    return next;
  }

  private attempts(): AnyAuthMethod[] {
    const { username, with: proof, legacyAlgorithms } = this.signIn;
    if ("password" in proof) return [{ type: "password", username, password: proof.password }];
    const ways = waysToSign(proof.key, {
      allowSha1: legacyAlgorithms,
      onSha1: () => this.fail(new StepFailure(SHA1_SIGNATURE)),
      onSign: () => {
        this.signed = true;
      },
    });
    return ways.map((key) => ({ type: "publickey", username, key }));
  }
}

/** The server has shown a key that is not the remembered one; it may have others. */
export class OtherHostKey extends StepFailure {
  constructor(readonly seen: string) {
    super(hostKeyMismatch([seen]));
  }
}
