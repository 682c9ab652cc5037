import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { log } from "@/lib/log";

/** How long a console that keeps failing is left alone before the next try. */
const BACKOFF_MS = [250, 1_000, 5_000, 15_000, 30_000];
/** One that ran this long was well, so the count of failures begins anew. */
const WELL_MS = 60_000;
const KILL_MS = 5_000;

/**
 * The console's own process: Next, listening on a socket in a folder that only this user can enter. It is started
 * again whenever it ends before it was told to.
 */
export class ConsoleProcess {
  /** True while it answers. */
  up = false;
  readonly socket: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #failures = 0;
  #again: NodeJS.Timeout | undefined;
  #stopping = false;
  #firstUp: () => void = () => undefined;
  /** Settles when it answers for the first time. */
  readonly answers = new Promise<void>((resolve) => {
    this.#firstUp = resolve;
  });

  readonly #script: string;
  readonly #args: string[];

  /**
   * @param script what to run: it takes the socket's path and `args`, and says "ready" over the channel
   */
  constructor(script: string, ...args: string[]) {
    this.#script = script;
    this.#args = args;
    this.#folder = mkdtempSync(join(tmpdir(), "latchkey-")); // mode 0700
    const name = `latchkey-console-${this.#folder.slice(-6)}`;
    this.socket = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(this.#folder, "console");
  }

  start(): void {
    const began = Date.now();
    // Its channel to us is also how it learns that we are gone.
    const child = fork(this.#script, [this.socket, ...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    child.on("message", (message) => {
      if (message !== "ready") return;
      this.up = true;
      this.#firstUp();
    });
    child.on("error", () => undefined); // "exit" follows
    child.once("exit", (code, signal) => {
      this.up = false;
      if (this.#stopping) return;
      if (Date.now() - began > WELL_MS) this.#failures = 0;
      const waitMs = BACKOFF_MS[Math.min(this.#failures++, BACKOFF_MS.length - 1)];
      log.error("the console stopped and will be started again", { code: String(signal ?? code), durationMs: waitMs });
      this.#again = setTimeout(() => this.start(), waitMs);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), KILL_MS);
      await ended;
      clearTimeout(killer);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
