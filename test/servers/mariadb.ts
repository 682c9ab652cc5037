import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real MariaDB on a loopback port, with or without TLS. */
export interface Mariadb {
  port: number;
  user: string;
  password: string;
  /** PEM text of the authority that signed its certificate. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startMariadb({ tls }: { tls: boolean }): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-mariadb-"));
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const good = authority.issue("good");
  const [port, data] = [await freePort(), join(folder, "data")];
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  execFileSync(
    "/usr/bin/mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db", ...asRoot],
    // One that starts clears its temporary files away by their names' form, and would take another's with them.
    { stdio: "pipe", env: { ...process.env, TMPDIR: folder } },
  );
  const [user, password] = ["app_reader", "app-reader-s3cret"];
  // Made by the server itself before it answers anybody: its socket is there later than its port.
  const made = join(folder, "user.sql");
  writeFileSync(made, `CREATE USER '${user}'@'%' IDENTIFIED BY '${password}';\n`);
  const stop = await startDebian(
    { package: "mariadb-server", path: "/usr/sbin/mariadbd" },
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--init-file=${made}`,
      `--socket=${join(folder, "s")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--tmpdir=${folder}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--innodb-flush-log-at-trx-commit=0",
      "--innodb-buffer-pool-size=8M",
      ...(tls ? [`--ssl-cert=${good.certificate}`, `--ssl-key=${good.key}`] : ["--skip-ssl"]),
      ...asRoot,
    ],
    port,
  );
  return {
    port,
    user,
    password,
    authority: authority.certificate,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
