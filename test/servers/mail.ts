import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority } from "./certificates";
import { startDebian } from "./debian";
import { freePort } from "./peer";

/** A real Postfix and a real Dovecot, which knows the users of both, on loopback ports. */
export interface Mail {
  smtp: { starttls: number; tls: number; strange: number; plain: number };
  imap: { starttls: number; tls: number };
  user: string;
  password: string;
  /** Path of the certificate of the authority that signed theirs; that of `strange` nobody vouches for. */
  authority: string;
  stop: () => Promise<void>;
}

export async function startMail(): Promise<Mail> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-mail-"));
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const [good, strange] = [authority.issue("good"), authority.issue("strange", { selfSigned: true })];
  const [user, password] = ["mailer@example.com", "mailer-s3cret"];
  const [starttls, tls, strangeTls, plain] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const imap = { starttls: await freePort(), tls: await freePort() };
  const queue = join(folder, "queue");
  mkdirSync(queue);
  const settings = { folder, queue, user, password, good };
  const stopPostfix = await startPostfix(settings, { starttls, tls, strange: strangeTls, plain }, strange);
  const stopDovecot = await startDovecot(settings, imap);
  return {
    smtp: { starttls, tls, strange: strangeTls, plain },
    imap,
    user,
    password,
    authority: join(folder, "ca.crt"),
    stop: async () => {
      await Promise.all([stopDovecot(), stopPostfix()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Settings {
  folder: string;
  queue: string;
  user: string;
  password: string;
  good: { certificate: string; key: string };
}

async function startPostfix({ folder, queue, good }: Settings, ports: Mail["smtp"], strange: Settings["good"]) {
  const config = join(folder, "postfix");
  mkdirSync(config);
  mkdirSync(join(folder, "postfix-data"));
  execFileSync("chown", ["postfix", join(folder, "postfix-data")]);
  writeFileSync(
    join(config, "main.cf"),
    Object.entries({
      compatibility_level: "3.6",
      queue_directory: queue,
      data_directory: join(folder, "postfix-data"),
      maillog_file: join(folder, "postfix.log"),
      maillog_file_prefixes: folder,
      inet_interfaces: "127.0.0.1",
      inet_protocols: "ipv4",
      myhostname: "localhost",
      mydestination: "",
      alias_maps: "",
      smtpd_tls_cert_file: good.certificate,
      smtpd_tls_key_file: good.key,
      smtpd_tls_security_level: "may",
      smtpd_tls_auth_only: "yes",
      smtpd_sasl_auth_enable: "yes",
      smtpd_sasl_type: "dovecot",
      smtpd_sasl_path: "private/auth",
      smtpd_error_sleep_time: "0",
      smtpd_relay_restrictions: "permit_sasl_authenticated, reject",
    })
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(""),
  );
  const smtpd = (port: number, ...options: string[]) =>
    [`127.0.0.1:${port} inet n - n - - smtpd`, ...options.map((option) => `  -o ${option}`)].join("\n");
  writeFileSync(
    join(config, "master.cf"),
    [
      smtpd(ports.starttls),
      smtpd(ports.tls, "smtpd_tls_wrappermode=yes"),
      smtpd(
        ports.strange,
        "smtpd_tls_wrappermode=yes",
        `smtpd_tls_cert_file=${strange.certificate}`,
        `smtpd_tls_key_file=${strange.key}`,
      ),
      smtpd(ports.plain, "smtpd_tls_security_level=none", "smtpd_tls_auth_only=no"),
      "tlsmgr unix - - n 1000? 1 tlsmgr",
      "rewrite unix - - n - - trivial-rewrite",
      "proxymap unix - - n - - proxymap",
      "anvil unix - - n - 1 anvil",
      "postlog unix-dgram n - n - 1 postlogd",
      "",
    ].join("\n"),
  );
  // Makes the folders of the queue, with the owners that its programs insist on.
  execFileSync("/usr/sbin/postfix", ["-c", config, "check"], { stdio: "pipe" });
  return startDebian(
    { package: "postfix", path: "/usr/lib/postfix/sbin/master" },
    ["-c", config, "-d"],
    ports.starttls,
  );
}

async function startDovecot({ folder, queue, user, password, good }: Settings, ports: Mail["imap"]) {
  const users = join(folder, "users");
  writeFileSync(users, `${user}:{PLAIN}${password}\n`);
  mkdirSync(join(folder, "mail"));
  execFileSync("chown", ["nobody", join(folder, "mail")]);
  const config = join(folder, "dovecot.conf");
  writeFileSync(
    config,
    `
base_dir = ${join(folder, "dovecot")}
log_path = ${join(folder, "dovecot.log")}
listen = 127.0.0.1
protocols = imap
ssl = yes
ssl_cert = <${good.certificate}
ssl_key = <${good.key}
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:${join(folder, "mail")}/%u
passdb {
  driver = passwd-file
  args = ${users}
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${join(folder, "mail")}/%u
}
# Every test comes from one address, and none is to wait for the failures of another.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${ports.starttls}
  }
  inet_listener imaps {
    port = ${ports.tls}
  }
}
service auth {
  unix_listener ${join(queue, "private", "auth")} {
    mode = 0666
  }
}
`,
  );
  return startDebian({ package: "dovecot-imapd", path: "/usr/sbin/dovecot" }, ["-F", "-c", config], ports.starttls);
}
