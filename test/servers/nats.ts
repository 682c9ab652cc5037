import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** Two real NATS servers on loopback ports: one with TLS for users, one without for whoever has the token. */
export interface Nats {
  ports: { tls: number; plain: number };
  user: string;
  password: string;
  token: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startNats(): Promise<Nats> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-nats-"));
  const authority = makeAuthority(folder);
  const { certificate, key } = authority.issue("good", { names: ["DNS:localhost"] });
  const ports = { tls: await freePort(), plain: await freePort() };
  const [user, password, token] = ["worker", "worker-s3cret", "token-s3cret"];
  const start = (name: keyof Nats["ports"], settings: string) => {
    const config = join(folder, `${name}.conf`);
    writeFileSync(config, `listen: "127.0.0.1:${ports[name]}"\n${settings}`);
    return startDebian({ package: "nats-server", path: "/usr/sbin/nats-server" }, ["-c", config], ports[name]);
  };
  const stops = await Promise.all([
    start(
      "tls",
      `tls { cert_file: "${certificate}", key_file: "${key}" }\nauthorization { user: ${user}, password: "${password}" }\n`,
    ),
    start("plain", `authorization { token: "${token}" }\n`),
  ]);
  return {
    ports,
    user,
    password,
    token,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
