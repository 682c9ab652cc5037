// Programs that the tests drive and npm cannot install: a browser, and servers for connection tests to reach.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { run, say, Trouble } from "./say.mjs";
import { syslogNgFolder, unpackSyslogNg } from "./syslog-ng.mjs";

/**
 * Installs what is missing, where that can be done.
 * @throws Trouble that names what cannot be installed here, and how it can be
 */
export async function provideTestTools() {
  const missing = [];
  if (!(await hasChromium())) missing.push("chromium-headless-shell");
  for (const [name, path] of Object.entries({ ...SERVERS, ...PROGRAMS })) if (!existsSync(path)) missing.push(name);
  if (missing.length === 0) return;
  const canInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  // Under systemd, Debian would start these servers as services of the machine.
  const wanted = canInstall ? missing.filter((name) => !(name in SERVERS) || !existsSync("/run/systemd/system")) : [];
  for (const name of wanted) {
    say(`Installing ${name} (apt-get)`);
    await install(name).then(
      () => missing.splice(missing.indexOf(name), 1),
      (error) => say(error.message),
    );
  }
  if (missing.length > 0) throw new Trouble(missing.map((name) => ADVICE[name]).join("\n"));
}

const SERVERS = {
  "openssh-server": "/usr/sbin/sshd",
  "dropbear-bin": "/usr/sbin/dropbear",
  "mariadb-server": "/usr/sbin/mariadbd",
  "redis-server": "/usr/bin/redis-server",
  pgbouncer: "/usr/sbin/pgbouncer",
  postfix: "/usr/lib/postfix/sbin/master",
  "dovecot-imapd": "/usr/lib/dovecot/imap",
  slapd: "/usr/sbin/slapd",
  "rabbitmq-server": "/usr/sbin/rabbitmq-server",
  mosquitto: "/usr/sbin/mosquitto",
  vsftpd: "/usr/sbin/vsftpd",
  "nats-server": "/usr/sbin/nats-server",
  "postgresql-15": "/usr/lib/postgresql/15/bin/postgres",
  prometheus: "/usr/bin/promtool",
  rsyslog: "/usr/sbin/rsyslogd",
};

const LIBRARIES = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;

/** Of these nothing is started by installing them. */
const PROGRAMS = {
  python3: "/usr/bin/python3",
  systemd: "/usr/bin/systemd-analyze",
  "python3-cryptography": "/usr/lib/python3/dist-packages/cryptography",
  softhsm2: "/usr/bin/softhsm2-util",
  opensc: "/usr/bin/pkcs11-tool",
  "rsyslog-openssl": `${LIBRARIES}/rsyslog/lmnsd_ossl.so`,
  "syslog-ng-core": `${syslogNgFolder}/usr/sbin/syslog-ng`,
};

const ADVICE = {
  "chromium-headless-shell":
    "No Chromium: the browser tests need one. Install Debian's chromium-headless-shell, or run\n" +
    "  npx playwright install chromium-headless-shell, or set CHROMIUM_PATH to a Chromium of yours.",
  prometheus:
    "No promtool (/usr/bin/promtool): it checks metrics and alert rules. Install Debian's prometheus; its service can stay\n" +
    "  disabled.",
  "openssh-server":
    "No OpenSSH server (/usr/sbin/sshd): the tests run against a real one. Install Debian's openssh-server;\n" +
    "  the tests start their own on a free port, so the system's service can stay disabled.",
  "dropbear-bin":
    "No Dropbear (/usr/sbin/dropbear): the tests run against a real one. Install Debian's dropbear-bin, which\n" +
    "  brings the program without a service; the tests start their own on a free port.",
  "mariadb-server":
    "No MariaDB (/usr/sbin/mariadbd): the tests run against a real one. Install Debian's mariadb-server;\n" +
    "  the tests start their own on a free port, so the system's service can stay disabled.",
  "redis-server":
    "No Redis (/usr/bin/redis-server): the tests run against a real one. Install Debian's redis-server;\n" +
    "  the tests start their own on a free port, so the system's service can stay disabled.",
  pgbouncer:
    "No PgBouncer (/usr/sbin/pgbouncer): the tests go through a real one. Install Debian's pgbouncer;\n" +
    "  the tests start their own on a free port, so the system's service can stay disabled.",
  ...Object.fromEntries(
    ["postfix", "dovecot-imapd", "slapd", "rabbitmq-server", "mosquitto", "vsftpd", "nats-server", "postgresql-15"].map(
      (name) => [
        name,
        `No ${SERVERS[name]}: the tests run against a real one. Install Debian's ${name}; the tests start their own on\n` +
          "  free ports, so the system's service can stay disabled.",
      ],
    ),
  ),
  "python3-cryptography":
    "No cryptography for /usr/bin/python3: the decoder of the documentation is tried out with it. Install Debian's\n" +
    "  python3-cryptography.",
  softhsm2: "No SoftHSM (/usr/bin/softhsm2-util): keys in hardware are tested with it. Install Debian's softhsm2.",
  opensc:
    "No pkcs11-tool (/usr/bin/pkcs11-tool): keys in hardware are reached by it. Install Debian's opensc; its smart card\n" +
    "  service need not run.",
  rsyslog:
    "No rsyslog (/usr/sbin/rsyslogd): it receives audit logs in the tests. Install Debian's rsyslog; the tests start their own\n" +
    "  on a free port, so the system's service can stay disabled.",
  "rsyslog-openssl": "No OpenSSL driver for rsyslog: audit logs reach it by TLS. Install Debian's rsyslog-openssl.",
  "syslog-ng-core":
    `No syslog-ng (${syslogNgFolder}): it receives audit logs in the tests. Unpack Debian's syslog-ng-core there with\n` +
    "  dpkg-deb --extract, and install what it depends on; installed itself it would replace rsyslog.",
  systemd:
    "No systemd-analyze (/usr/bin/systemd-analyze): the unit is checked with it. Install Debian's systemd, which is not started by that.",
  python3:
    "No Python 3 (/usr/bin/python3): the Python client is tested with it. Install Debian's python3 (3.11 or later).",
};

async function hasChromium() {
  const { chromium } = await import("@playwright/test");
  const places = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    chromium.executablePath(),
  ];
  return places.some((path) => path && existsSync(path));
}

let updated;

async function install(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  updated ??= run("apt-get update", "apt-get", ["update"], { cwd: "/", env });
  await updated;
  if (name === "syslog-ng-core") return unpackSyslogNg(env);
  await run(`Installing ${name}`, "apt-get", ["install", "-y", "--no-install-recommends", name], { cwd: "/", env });
}
