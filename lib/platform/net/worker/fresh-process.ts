import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { env, programFolder } from "@/lib/platform/env";
import { Refusal } from "@/lib/platform/refusal";

/** Let go of after a while without use. */
const IDLE_MS = 5 * 60_000;

/**
 * Child processes that serve one job each: they share no memory with the keys of the vault, their environment holds
 * nothing of ours, and they can be killed at any moment. One waits ready, since starting one takes longer than most jobs.
 */
export class FreshProcesses {
  private idle: ChildProcess | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private path: string | undefined;

  /** `name` is the bundle in dist; `heapMiB` bounds what one job may keep in its heap. */
  constructor(
    private readonly file: { name: string; heapMiB: number; missing: string; execArgv?: readonly string[] },
  ) {}

  /** Where the bundle is, when it is not in dist under the working directory. */
  setPath(path: string | undefined): void {
    this.path = path;
    this.retire();
  }

  /** @throws Refusal "unavailable" when the bundle is missing */
  take(): ChildProcess {
    const ready = this.idle;
    this.forget();
    const child = ready?.connected ? ready : this.start();
    child.ref();
    child.channel?.ref();
    return child;
  }

  keepOneReady(): void {
    this.idle ??= this.start();
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => this.retire(), IDLE_MS);
    this.idleTimer.unref();
  }

  private retire(): void {
    this.idle?.kill("SIGKILL");
    this.forget();
  }

  private forget(): void {
    clearTimeout(this.idleTimer);
    this.idle = undefined;
  }

  private start(): ChildProcess {
    // What the operator trusts beside the public authorities: a path, and nothing secret.
    const authorities = env().NODE_EXTRA_CA_CERTS;
    // The path is not known when this module is bundled, and must not be followed then.
    const path = this.path ?? join(/* turbopackIgnore: true */ programFolder(), "dist", this.file.name);
    if (!existsSync(path)) throw new Refusal("unavailable", this.file.missing);
    const child = fork(/* turbopackIgnore: true */ path, [], {
      // Nothing of ours: no PG* for a driver to fall back to, no key, no database address.
      env: { NODE_ENV: "production", ...(authorities && { NODE_EXTRA_CA_CERTS: authorities }) },
      execArgv: [`--max-old-space-size=${this.file.heapMiB}`, ...(this.file.execArgv ?? [])],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("error", () => undefined);
    // A waiting process must not keep a server from ending; it ends by itself when the channel closes.
    child.unref();
    child.channel?.unref();
    return child;
  }
}
