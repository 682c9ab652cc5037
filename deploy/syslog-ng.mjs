// Debian lets one syslog service be installed at a time, and the tests drive two: of this one the files are enough.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./say.mjs";

/** Where the tests have syslog-ng. */
export const syslogNgFolder = "/usr/local/lib/latchkey-tests/syslog-ng";

/** Installs what it needs, and unpacks it without installing it. */
export async function unpackSyslogNg(env) {
  mkdirSync(dirname(syslogNgFolder), { recursive: true });
  const folder = mkdtempSync(`${syslogNgFolder}-`);
  try {
    await run("Getting syslog-ng-core", "apt-get", ["-o", "APT::Sandbox::User=root", "download", "syslog-ng-core"], {
      cwd: folder,
      env,
    });
    const [file = ""] = readdirSync(folder);
    const script =
      'apt-get satisfy -y --no-install-recommends "$(dpkg-deb --field "$1" Depends)" && dpkg-deb --extract "$1" files';
    await run("Unpacking syslog-ng-core", "sh", ["-c", script, "sh", join(folder, file)], { cwd: folder, env });
    renameSync(join(folder, "files"), syslogNgFolder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
