import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real RabbitMQ on loopback ports, with TLS and without. Its user may enter the virtual host "/" alone. */
export interface Rabbitmq {
  ports: { tls: number; plain: number };
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startRabbitmq(): Promise<Rabbitmq> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-rabbitmq-"));
  const authority = makeAuthority(folder);
  const { certificate, key } = authority.issue("good", { names: ["DNS:localhost"] });
  const ports = { tls: await freePort(), plain: await freePort() };
  const [names, distribution] = [await freePort(), await freePort()];
  const [user, password] = ["queuer", "queuer-s3cret"];
  const config = join(folder, "rabbitmq.conf");
  writeFileSync(
    config,
    `listeners.tcp.local = 127.0.0.1:${ports.plain}
listeners.ssl.local = 127.0.0.1:${ports.tls}
ssl_options.certfile = ${certificate}
ssl_options.keyfile = ${key}
ssl_options.verify = verify_none
default_user = ${user}
default_pass = ${password}
`,
  );
  writeFileSync(join(folder, "enabled_plugins"), "[].\n");
  // Its own name server and cookie: another RabbitMQ of this machine is none of its business.
  const env = {
    HOME: folder,
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: `latchkey-${ports.plain}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    // No thread waits busily for work: it starts sooner.
    RABBITMQ_SERVER_ERL_ARGS: "+P 1048576 +t 5000000 +sbwt none +sbwtdcpu none +sbwtdio none +S 2:2",
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
  };
  const stopNames = await startDebian({ package: "rabbitmq-server", path: "/usr/bin/epmd" }, [], names, env);
  const stop = await startDebian(
    { package: "rabbitmq-server", path: "/usr/lib/rabbitmq/bin/rabbitmq-server" },
    [],
    ports.tls,
    env,
  ).catch(async (error: unknown) => {
    await stopNames();
    throw error;
  });
  return {
    ports,
    user,
    password,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await stop();
      await stopNames();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
