import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { startDebian } from "./debian";
import { freePort } from "./peer";

const PROGRAMS = "/usr/lib/postgresql/15/bin";

/** Debian's PostgreSQL, an older version than the embedded one, with the tools that belong to it. */
export interface DebianPostgres {
  /** Of the superuser. */
  url: string;
  folder: string;
  /** Runs one of its programs. @throws with what it said where it fails */
  run: (program: string, ...args: string[]) => string;
  /** Where its rows lie. */
  cluster: string;
  port: number;
  /** Ends the server and leaves its files, until it is told to go on. */
  halt: () => Promise<void>;
  resume: () => Promise<void>;
  /** Runs any program as the user whose the cluster is. */
  asItsUser: (path: string, args: string[], env?: Record<string, string>) => string;
  stop: () => Promise<void>;
}

/** A cluster of its own on a free port of the loopback, let in by nobody but whoever knows the port. */
export async function startDebianPostgres(settings: Record<string, string> = {}): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-debian-postgres-"));
  const who = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  if (who.uid !== undefined && who.gid !== undefined) chownSync(folder, who.uid, who.gid);
  const asItsUser = (path: string, args: string[], env: Record<string, string> = {}) => {
    const around = { ...who, cwd: "/", env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 1 << 26 } as const;
    const { status, stdout, stderr } = spawnSync(path, args, around);
    if (status !== 0) throw new Error(`${path} ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  };
  const run = (program: string, ...args: string[]) => asItsUser(join(PROGRAMS, program), args);
  const cluster = join(folder, "cluster");
  run("initdb", "-D", cluster, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "--no-sync");
  const port = await freePort();
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    port: String(port),
    fsync: "off",
    ...settings,
  };
  const args = ["-D", cluster, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const server = { package: "postgresql-15", path: join(PROGRAMS, "postgres") };
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const start = async () => {
    const stop = await startDebian(server, args, port, {}, who);
    await untilItLetsIn(url);
    return stop;
  };
  let end = await start();
  const halt = () => end();
  return {
    url,
    folder,
    cluster,
    port,
    run,
    asItsUser,
    halt,
    resume: async () => {
      end = await start();
    },
    stop: async () => {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It takes connections before it has read its log, and says so. */
async function untilItLetsIn(connectionString: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString });
    const code = await client.connect().then(
      () => "",
      (error: { code?: string }) => error.code,
    );
    await client.end().catch(() => undefined);
    if (code === "") return;
    if (code !== "57P03") throw new Error(`PostgreSQL does not let us in: ${code}`);
    await pause(20);
  }
}

/** It refuses to run as root. */
const idOf = (flag: string) => Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
