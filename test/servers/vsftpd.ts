import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real vsftpd on loopback ports: by AUTH TLS, encrypted from the first byte on, and without TLS. Its user is one of this machine. */
export interface Vsftpd {
  ports: { starttls: number; tls: number; plain: number };
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startVsftpd(): Promise<Vsftpd> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-vsftpd-"));
  const authority = makeAuthority(folder);
  const { certificate, key } = authority.issue("good", { names: ["DNS:localhost"] });
  const ports = { starttls: await freePort(), tls: await freePort(), plain: await freePort() };
  const [user, password] = [`lkftp${process.pid}`, "uploads-s3cret"];
  for (
    let attempt = 0;
    spawnSync("useradd", ["--no-create-home", "--home-dir", folder, "--shell", "/bin/sh", user]).status !== 0;
    attempt++
  ) {
    // Another test file changes the machine's users just now.
    if (attempt === 20) throw new Error("useradd failed");
    spawnSync("sleep", ["0.2"]);
  }
  execFileSync("chpasswd", { input: `${user}:${password}\n` });
  execFileSync("chmod", ["755", folder]);
  mkdirSync(join(folder, "empty"), { mode: 0o555 });
  const both = join(folder, "both.pem");
  writeFileSync(both, readFileSync(key, "utf8") + readFileSync(certificate, "utf8"), { mode: 0o600 });
  const encrypted = `ssl_enable=YES\nrsa_cert_file=${both}\nssl_tlsv1=YES\nrequire_ssl_reuse=NO\n`;
  const start = async (name: keyof Vsftpd["ports"], settings: string) => {
    const config = join(folder, `${name}.conf`);
    writeFileSync(
      config,
      `listen=YES
listen_address=127.0.0.1
listen_port=${ports[name]}
background=NO
anonymous_enable=NO
local_enable=YES
pam_service_name=vsftpd
secure_chroot_dir=${join(folder, "empty")}
seccomp_sandbox=NO
delay_failed_login=0
xferlog_enable=NO
${settings}`,
    );
    return startDebian({ package: "vsftpd", path: "/usr/sbin/vsftpd" }, [config], ports[name]);
  };
  const stops = await Promise.all([
    start("starttls", encrypted),
    start("tls", `${encrypted}implicit_ssl=YES\n`),
    start("plain", "ssl_enable=NO\n"),
  ]);
  return {
    ports,
    user,
    password,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
      for (let attempt = 0; attempt < 20 && ![0, 6].includes(spawnSync("userdel", [user]).status ?? 0); attempt++)
        spawnSync("sleep", ["0.2"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
