import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real Mosquitto on loopback ports, with TLS, with a certificate that nobody vouches for, and without TLS. */
export interface Mosquitto {
  ports: { tls: number; strange: number; plain: number };
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startMosquitto(): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-mosquitto-"));
  const authority = makeAuthority(folder);
  const [good, strange] = [
    authority.issue("good", { names: ["DNS:localhost"] }),
    authority.issue("strange", { selfSigned: true }),
  ];
  const ports = { tls: await freePort(), strange: await freePort(), plain: await freePort() };
  const [user, password] = ["sensor", "sensor-s3cret"];
  const [config, users] = [join(folder, "mosquitto.conf"), join(folder, "users")];
  execFileSync("/usr/bin/mosquitto_passwd", ["-b", "-c", users, user, password], { stdio: "pipe" });
  const encrypted = ({ certificate, key }: typeof good) => `certfile ${certificate}\nkeyfile ${key}\n`;
  writeFileSync(
    config,
    `${process.getuid?.() === 0 ? "user root\n" : ""}allow_anonymous false
password_file ${users}
listener ${ports.plain} 127.0.0.1
listener ${ports.tls} 127.0.0.1
${encrypted(good)}listener ${ports.strange} 127.0.0.1
${encrypted(strange)}`,
  );
  const stop = await startDebian({ package: "mosquitto", path: "/usr/sbin/mosquitto" }, ["-c", config], ports.strange);
  return {
    ports,
    user,
    password,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
