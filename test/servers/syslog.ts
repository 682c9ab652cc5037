import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syslogNgFolder } from "../../deploy/syslog-ng.mjs";
import { type Authority, makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real receiver of syslog on a loopback port, set up by the file that the documentation offers. */
export interface SyslogReceiver {
  port: number;
  authority: Authority;
  /** What it has written. */
  file: () => string;
  kill: () => void;
  stop: () => Promise<void>;
}

export type SyslogProgram = "rsyslog" | "syslog-ng";

/** `asksClients` as the file says it; false takes whoever comes. */
export async function startSyslog(program: SyslogProgram, { asksClients = false } = {}): Promise<SyslogReceiver> {
  const folder = mkdtempSync(join(tmpdir(), `latchkey-${program}-`));
  const path = (name: string) => join(folder, name);
  const port = await freePort();
  const authority = makeAuthority(folder);
  authority.issue("server", { names: ["DNS:localhost"] });
  const offered = readFileSync(`deploy/observability/${program}-audit.conf`, "utf8");
  const here = offered
    .replaceAll("/etc/latchkey-audit/", `${folder}/`)
    .replace("/var/spool/rsyslog", folder)
    .replace("/var/log/latchkey-audit.jsonl", path("audit.jsonl"))
    .replace("0.0.0.0", "127.0.0.1")
    .replace("6514", String(port));
  const open = here.replace("x509/certvalid", "anon").replace("required-trusted", "optional-untrusted");
  writeFileSync(path("receiver.conf"), asksClients ? here : open);
  const stop = await START[program](folder, port);
  return {
    port,
    authority,
    file: () => read(path("audit.jsonl")),
    kill: () => process.kill(Number(read(path("pid"))), "SIGKILL"),
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const START: Record<SyslogProgram, (folder: string, port: number) => Promise<() => Promise<void>>> = {
  rsyslog: (folder, port) =>
    startDebian(
      { package: "rsyslog", path: "/usr/sbin/rsyslogd" },
      ["-n", "-f", join(folder, "receiver.conf"), "-i", join(folder, "pid")],
      port,
    ),
  "syslog-ng": (folder, port) => {
    const libraries = join(syslogNgFolder, "usr/lib/syslog-ng");
    const [version = ""] = readdirSync(libraries).filter((name) => /^\d/.test(name));
    const own = ["-f", "receiver.conf", "-p", "pid", "-R", "persist", "-c", "control"].map((word) =>
      word.startsWith("-") ? word : join(folder, word),
    );
    return startDebian(
      { package: "syslog-ng-core", path: join(syslogNgFolder, "usr/sbin/syslog-ng") },
      ["--foreground", "--no-caps", `--module-path=${join(libraries, version)}`, ...own],
      port,
      { LD_LIBRARY_PATH: libraries },
    );
  },
};

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
