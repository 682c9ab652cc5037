import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { ConsoleMeasure } from "@/lib/observability";
import { log } from "@/lib/platform/log";
import { makeSocketFolder } from "./console-folder";

/** How long a console that keeps failing is left alone before the next try. */
const BACKOFF_MS = [250, 500, 1_000, 2_000, 5_000, 15_000, 30_000];
/** The longest wait after one that had come up: whatever ended it, people are waiting. */
const CAME_UP = 3;
/** One that ran this long was well, so the count of failures begins anew. */
const WELL_MS = 60_000;
const KILL_MS = 5_000;

const MEASURE_MS = 1_000;

interface Patience {
  /** A console that has not said "ready" by then is ended and started again. */
  readyMs: number;
  /** How often it is asked whether it still listens to us. */
  pingMs: number;
  /** One that has not answered for this long cannot be relied on. */
  lateMs: number;
  /** One that has not answered for this long is ended and started again. */
  deadMs: number;
}
const PATIENCE: Patience = { readyMs: 45_000, pingMs: 2_000, lateMs: 10_000, deadMs: 45_000 };

/**
 * The console's own process: Next, listening on a socket in a folder that only this user can enter. It is started
 * again whenever it ends, hangs or does not come up before it was told to stop. Each child has a socket of its own: what
 * a killed one left lying is in nobody's way.
 */
export class ConsoleProcess {
  /** True while it takes requests. */
  up = false;
  /** Where the child of now listens. */
  socket = "";
  readonly #folder = makeSocketFolder();
  readonly #script: string;
  readonly #args: string[];
  readonly #patience: Patience;
  #child: ChildProcess | undefined;
  #starts = 0;
  #failures = 0;
  /** Looks after the child since it was last heard of. Counted, not timed: while we were held up nobody could answer. */
  #silentLooks = 0;
  #again: NodeJS.Timeout | undefined;
  #stopping = false;
  #firstUp: () => void = () => undefined;
  #measured: ((measure: ConsoleMeasure | undefined) => void)[] = [];
  /** Settles when it answers for the first time. */
  readonly answers = new Promise<void>((resolve) => {
    this.#firstUp = resolve;
  });

  /**
   * @param script what to run: it takes the socket's path and `args`, says "ready" over the channel once it listens, and
   * answers each "ping" with "pong"
   */
  constructor(script: string, args: string[] = [], patience: Partial<Patience> = {}) {
    this.#script = script;
    this.#args = args;
    this.#patience = { ...PATIENCE, ...patience };
  }

  /** Up, and heard of lately. */
  get isWell(): boolean {
    return this.up && this.#silentMs() < this.#patience.lateMs;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  /** What it says of its own memory, time and load; undefined where it does not say so within a second. */
  measure(): Promise<ConsoleMeasure | undefined> {
    const child = this.#child;
    if (!this.up || !child?.connected) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), MEASURE_MS);
      this.#measured.push((measure) => {
        clearTimeout(timer);
        resolve(measure);
      });
      if (this.#measured.length === 1) child.send("measure", () => undefined);
    });
  }

  start(): void {
    const began = performance.now();
    this.socket = this.#nextSocket();
    // Its channel to us is also how it learns that we are gone.
    const child = fork(this.#script, [this.socket, ...this.#args], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    this.#silentLooks = 0;
    const watch = setInterval(() => this.#watch(child), this.#patience.pingMs);
    child.on("message", (message) => this.#hear(message));
    child.on("error", () => undefined); // "exit" follows
    child.once("exit", (code, signal) => {
      clearInterval(watch);
      if (this.up) this.#failures = Math.min(this.#failures, CAME_UP);
      this.up = false;
      this.#hearMeasure(undefined);
      rmSync(this.socket, { force: true });
      if (this.#stopping) return;
      if (performance.now() - began > WELL_MS) this.#failures = 0;
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

  #hear(message: unknown): void {
    if (isMeasure(message)) this.#hearMeasure(message.measure);
    if (message !== "ready" && message !== "pong") return;
    this.#silentLooks = 0;
    if (message !== "ready") return;
    this.up = true;
    this.#firstUp();
  }

  #hearMeasure(measure: ConsoleMeasure | undefined): void {
    for (const tell of this.#measured.splice(0)) tell(measure);
  }

  /** A process that is there and does nothing is worse than none: nobody would start another. */
  #watch(child: ChildProcess): void {
    const { readyMs, deadMs } = this.#patience;
    this.#silentLooks++;
    if (this.#silentMs() > (this.up ? deadMs : readyMs)) {
      log.error("the console does not answer and is ended", { durationMs: this.#silentMs() });
      child.kill("SIGKILL");
    } else if (this.up && child.connected) child.send("ping", () => undefined);
  }

  #silentMs(): number {
    return this.#silentLooks * this.#patience.pingMs;
  }

  #nextSocket(): string {
    const name = String(++this.#starts);
    const isWindows = process.platform === "win32";
    return isWindows ? `\\\\.\\pipe\\${basename(this.#folder)}-${name}` : join(this.#folder, name);
  }
}

/** Our own program's word: the console's process is one of ours. */
const isMeasure = (message: unknown): message is { measure: ConsoleMeasure } =>
  typeof message === "object" && message !== null && "measure" in message;
