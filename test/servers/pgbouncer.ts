import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDebian } from "./debian";
import { freePort } from "./peer";

const PROGRAM = { package: "pgbouncer", path: "/usr/sbin/pgbouncer" };

export interface Pooler {
  /** The database's address, through the pooler. */
  url: string;
  stop: () => Promise<void>;
}

/**
 * A real PgBouncer in front of a server's databases, with these settings on top. It signs in there with the user and password of the
 * address, whoever comes.
 */
export async function startPgBouncer(databaseUrl: string, settings: Record<string, string> = {}): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-pgbouncer-"));
  chmodSync(folder, 0o755);
  const target = new URL(databaseUrl);
  const port = await freePort();
  const users = join(folder, "users");
  const password = decodeURIComponent(target.password);
  writeFileSync(users, `"${target.username}" "${password}"\n`, { mode: 0o600 });
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    unix_socket_dir: "",
    auth_type: "plain",
    auth_file: users,
    pool_mode: "session",
    ...settings,
  };
  const config = join(folder, "pgbouncer.ini");
  writeFileSync(
    config,
    `[databases]\n* = host=${target.hostname} port=${target.port}\n[pgbouncer]\n${Object.entries(all)
      .map(([key, value]) => `${key} = ${value}`)
      .join("\n")}\n`,
    { mode: 0o600 },
  );
  const args = [config];
  if (process.getuid?.() === 0) {
    // It refuses to run as root.
    const [uid, gid] = ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, "nobody"]).stdout));
    for (const file of [folder, users, config]) chownSync(file, uid ?? 65_534, gid ?? 65_534);
    args.unshift("-u", "nobody");
  }
  const stop = await startDebian(PROGRAM, args, port);
  return {
    url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
