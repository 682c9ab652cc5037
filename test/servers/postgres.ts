import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { makeAuthority } from "./certificates";

/** A real PostgreSQL on a loopback port, with TLS on, for connection tests to reach. */
export interface Postgres {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
  /** PEM text of the authority that signed the server's certificate. */
  authority: string;
  /** Shows another certificate from now on, or none. */
  present: (which: Presented) => Promise<void>;
  query: (sql: string) => Promise<pg.QueryResult>;
  /** Makes a user who is asked for the password in this way, from now on; over TLS only, if so said. */
  addReader: (name: string, method: SignInMethod, over?: "host" | "hostssl") => Promise<void>;
  stop: () => Promise<void>;
}

/** As pg_hba.conf names them. */
export type SignInMethod = "password" | "md5" | "scram-sha-256" | "trust" | "reject" | "ident";

export type Presented = "good" | "expired" | "wrong name" | "self-signed" | "expiring" | "none";

interface Embedded {
  startPostgres: (
    folder: string,
    options?: { settings?: string[] },
  ) => Promise<{ url: string; port: number; home: string; stop: () => Promise<void> }>;
}

/** Starts the server with a database `app` and a user `app_reader` who may use it. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-postgres-"));
  chmodSync(folder, 0o711); // started by root, PostgreSQL's own user must get through
  const { startPostgres: start } = (await import("../../deploy/embedded-postgres.mjs")) as unknown as Embedded;
  const server = await start(folder, { settings: ["fsync=off", "synchronous_commit=off"] });
  const admin = new pg.Pool({ connectionString: server.url, max: 2 });
  admin.on("error", () => undefined);
  const query = (sql: string) => admin.query(sql);
  const password = "app-reader-s3cret";
  await query("CREATE DATABASE app");
  await query(`CREATE ROLE app_reader LOGIN PASSWORD '${password}'`);
  const certificates = issueCertificates(folder, server.home);
  const present = (which: Presented) => showCertificate(query, server.port, certificates.folder, which);
  await present("good");
  return {
    host: "localhost",
    port: server.port,
    database: "app",
    username: "app_reader",
    password,
    authority: certificates.authority,
    present,
    query,
    addReader: async (name, method, over = "host") => {
      await query(`SET password_encryption = '${method === "md5" ? "md5" : "scram-sha-256"}'`);
      await query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
      const { rows } = await query("SHOW hba_file");
      const file = String(rows[0].hba_file);
      // Without the second line, those after it would let the user in unencrypted.
      const lines = [
        `${over} all ${name} all ${method}`,
        ...(over === "hostssl" ? [`host all ${name} all reject`] : []),
      ];
      writeFileSync(file, `${lines.join("\n")}\n${readFileSync(file, "utf8")}`);
      await query("SELECT pg_reload_conf()");
      const asks = over === "hostssl" ? REFUSED : ASKS[method];
      await until(async () => (await askedFor(server.port, name)) === asks);
    },
    stop: async () => {
      await admin.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function issueCertificates(folder: string, home: string) {
  const work = join(folder, "authority");
  mkdirSync(work);
  const authority = makeAuthority(work);
  authority.issue("good");
  authority.issue("expired", { days: -1 });
  authority.issue("wrong name", { names: ["DNS:other.example"] });
  authority.issue("self-signed", { selfSigned: true });
  authority.issue("expiring", { days: 5 });
  // The server reads its key only as its owner.
  const readable = join(home, "certificates");
  cpSync(work, readable, { recursive: true });
  const { uid, gid } = statSync(join(home, "cluster"));
  chownSync(readable, uid, gid);
  for (const name of ["good", "expired", "wrong name", "self-signed", "expiring"]) {
    chownSync(join(readable, `${name}.key`), uid, gid);
    chmodSync(join(readable, `${name}.key`), 0o600);
  }
  return { authority: authority.certificate, folder: readable };
}

/** The server takes a change up a moment later, on its own. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error("PostgreSQL did not take up its new settings");
}

/** The numbers of the protocol's authentication requests. */
const REFUSED = -1;
const ASKS: Record<SignInMethod, number> = {
  trust: 0,
  password: 3,
  md5: 5,
  "scram-sha-256": 10,
  reject: REFUSED,
  ident: REFUSED,
};

/** Which way to sign in the server asks this user for, without encryption. */
function askedFor(port: number, user: string): Promise<number> {
  const words = Buffer.from(`user\0${user}\0database\0app\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(words.length + 8, 0);
  head.writeUInt32BE(0x0003_0000, 4);
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([head, words])));
    socket.once("error", reject).once("data", (first) => {
      socket.destroy();
      resolve(first.toString("latin1", 0, 1) === "R" ? first.readUInt32BE(5) : REFUSED);
    });
  });
}

async function showCertificate(
  query: Postgres["query"],
  port: number,
  folder: string,
  which: Presented,
): Promise<void> {
  await query(`ALTER SYSTEM SET ssl = ${which === "none" ? "off" : "on"}`);
  if (which !== "none") {
    await query(`ALTER SYSTEM SET ssl_cert_file = '${join(folder, `${which}.crt`)}'`);
    await query(`ALTER SYSTEM SET ssl_key_file = '${join(folder, `${which}.key`)}'`);
  }
  await query("SELECT pg_reload_conf()");
  const wanted = which === "none" ? undefined : readFileSync(join(folder, `${which}.crt`), "utf8").trim();
  // The server takes the change up a moment later, on its own.
  for (let attempt = 0; attempt < 100; attempt++) {
    if (shownCertificate(port) === wanted) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error("PostgreSQL did not take up its new certificate");
}

function shownCertificate(port: number): string | undefined {
  const options = ["s_client", "-starttls", "postgres", "-connect", `127.0.0.1:${port}`];
  const { stdout } = spawnSync("openssl", options, { input: "", encoding: "utf8", timeout: 5_000 });
  const [begin, end] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
  if (!stdout.includes(begin)) return undefined;
  return stdout.slice(stdout.indexOf(begin), stdout.indexOf(end) + end.length);
}
