import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real Redis on two loopback ports, one of them encrypted, with a user who may do everything and one who may not PING. */
export interface Redis {
  port: number;
  tlsPort: number;
  user: string;
  mute: string;
  password: string;
  authority: string;
  stop: () => Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-redis-"));
  const authority = makeAuthority(folder);
  const good = authority.issue("good");
  const [port, tlsPort] = [await freePort(), await freePort()];
  const [user, mute, password] = ["app", "mute", "redis-s3cret"];
  const options = {
    bind: "127.0.0.1",
    port: String(port),
    "tls-port": String(tlsPort),
    "tls-cert-file": good.certificate,
    "tls-key-file": good.key,
    "tls-auth-clients": "no",
    save: "",
    dir: folder,
    requirepass: password,
  };
  const users = [`--user ${user} on >${password} ~* +@all`, `--user ${mute} on >${password} ~* +@all -ping`];
  const stop = await startDebian(
    { package: "redis-server", path: "/usr/bin/redis-server" },
    [
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      ...users.flatMap((line) => line.split(" ")),
    ],
    port,
  );
  return {
    port,
    tlsPort,
    user,
    mute,
    password,
    authority: authority.certificate,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
