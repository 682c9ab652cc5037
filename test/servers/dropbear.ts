import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDebian } from "./debian";
import { freePort } from "./peer";
import type { Sshd } from "./sshd";

const PROGRAM = { package: "dropbear-bin", path: "/usr/sbin/dropbear" };

/**
 * A real Dropbear, the SSH server of small devices, for the user that an OpenSSH server was started with.
 * @param options of its command line, such as -s: no passwords
 */
export async function startDropbear(
  { username, home }: Sshd,
  options: string[] = [],
): Promise<{ port: number; newKey: () => string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-dropbear-"));
  const hostKey = join(folder, "host-key");
  execFileSync("/usr/bin/dropbearkey", ["-t", "ed25519", "-f", hostKey], { stdio: "ignore" });
  const port = await freePort();
  const place = ["-F", "-E", "-r", hostKey, "-p", `127.0.0.1:${port}`, "-P", join(folder, "pid")];
  const stop = await startDebian(PROGRAM, [...place, ...options], port);
  const newKey = () => {
    const key = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", username, "-f", key]);
    const [ssh, { uid, gid }] = [join(home, ".ssh"), statSync(home)];
    mkdirSync(ssh, { mode: 0o700 });
    writeFileSync(join(ssh, "authorized_keys"), readFileSync(`${key}.pub`), { mode: 0o600 });
    for (const path of [ssh, join(ssh, "authorized_keys")]) chownSync(path, uid, gid);
    return readFileSync(key, "utf8");
  };
  return {
    port,
    newKey,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
