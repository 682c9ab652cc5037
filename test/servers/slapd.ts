import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real OpenLDAP on loopback ports, encrypted from the first byte on or by STARTTLS, with one user and one entry. */
export interface Slapd {
  ports: { starttls: number; tls: number };
  base: string;
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed its own, which is made out for localhost alone. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startSlapd(): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-slapd-"));
  const authority = makeAuthority(folder);
  const { certificate, key } = authority.issue("good", { names: ["DNS:localhost"] });
  const ports = { starttls: await freePort(), tls: await freePort() };
  const [base, user, password] = ["dc=example,dc=com", "cn=reader,dc=example,dc=com", "reader-s3cret"];
  const [config, entries] = [join(folder, "slapd.conf"), join(folder, "entries.ldif")];
  mkdirSync(join(folder, "data"));
  writeFileSync(
    config,
    `include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${join(folder, "pid")}
TLSCertificateFile ${certificate}
TLSCertificateKeyFile ${key}
access to dn.base="" by * read
database mdb
maxsize 10485760
suffix "${base}"
rootdn "cn=admin,${base}"
directory ${join(folder, "data")}
access to attrs=userPassword by anonymous auth
access to * by users read
`,
  );
  writeFileSync(
    entries,
    `dn: ${base}
objectClass: organization
objectClass: dcObject
o: Example
dc: example

dn: ${user}
objectClass: person
cn: reader
sn: reader
userPassword: ${password}
`,
  );
  execFileSync("/usr/sbin/slapadd", ["-f", config, "-l", entries], { stdio: "pipe" });
  const urls = `ldap://127.0.0.1:${ports.starttls} ldaps://127.0.0.1:${ports.tls}`;
  const stop = await startDebian(
    { package: "slapd", path: "/usr/sbin/slapd" },
    ["-f", config, "-h", urls, "-d", "0"],
    ports.tls,
  );
  return {
    ports,
    base,
    user,
    password,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
