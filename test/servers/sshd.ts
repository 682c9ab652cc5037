import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./peer";

/** A real OpenSSH server on a loopback port, with a user of its own. */
export interface Sshd {
  host: string;
  port: number;
  username: string;
  password: string;
  /** "ssh-ed25519 SHA256:…", as the product shows it. */
  hostKey: string;
  /** A folder that the user may write, and one that it may only read. */
  home: string;
  readOnly: string;
  /** Makes a key pair with ssh-keygen, lets it in, and answers the private half. */
  newKey: (...options: string[]) => string;
  /** Lets in the holder of a public key line. */
  authorize: (publicKey: string) => void;
  stop: () => Promise<void>;
}

const SSHD = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/local/bin/sshd"].find((path) => existsSync(path));

/**
 * Starts the server. Needs root, since only root can check another user's password.
 * @param settings more lines for sshd_config, which win over the usual ones
 */
export async function startSshd(settings: string[] = []): Promise<Sshd> {
  if (!SSHD) throw new Error("These tests need OpenSSH's server: apt-get install openssh-server");
  if (process.getuid?.() !== 0) throw new Error("These tests start sshd for another user, so they need to run as root");
  const folder = mkdtempSync(join(tmpdir(), "latchkey-sshd-"));
  chmodSync(folder, 0o755);
  const user = addUser(folder);
  const port = await freePort();
  const config = writeConfig(folder, user.name, port, settings);
  mkdirSync("/run/sshd", { recursive: true });
  const server = spawn(SSHD, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const stop = async () => {
    server.kill("SIGTERM");
    if (server.exitCode === null) await new Promise((done) => server.once("exit", done));
    removeUser(user.name);
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await answers(port, () => server.exitCode !== null))) {
    await stop();
    throw new Error(`sshd did not start: ${log}`);
  }
  const authorize = (publicKey: string) => appendFileSync(join(folder, "authorized_keys"), `${publicKey.trim()}\n`);
  return {
    host: "127.0.0.1",
    port,
    username: user.name,
    password: user.password,
    hostKey: fingerprint(join(folder, "host_ed25519.pub")),
    home: user.home,
    readOnly: user.readOnly,
    newKey: (...options) => newKey(folder, options, authorize),
    authorize,
    stop,
  };
}

/** "ssh-ed25519 SHA256:…" of a public key file. */
function fingerprint(file: string): string {
  const [type] = readFileSync(file, "utf8").split(" ", 1);
  const [, hash] = execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" }).split(" ");
  return `${type} ${hash}`;
}

function addUser(folder: string) {
  const name = `lk${randomBytes(5).toString("hex")}`;
  const password = randomBytes(12).toString("base64url");
  const [home, readOnly] = [join(folder, "home"), join(folder, "read-only")];
  // Two test files may add a user at the same moment; the files of users are locked meanwhile.
  for (let attempt = 0; ; attempt++) {
    const { status, stderr } = spawnSync(
      "useradd",
      ["--no-create-home", "--home-dir", home, "--shell", "/bin/sh", name],
      { encoding: "utf8" },
    );
    if (status === 0) break;
    if (attempt === 20) throw new Error(`useradd failed: ${stderr}`);
    spawnSync("sleep", ["0.2"]);
  }
  execFileSync("chpasswd", { input: `${name}:${password}\n` });
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  mkdirSync(readOnly, { mode: 0o755 });
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, id("-u"), id("-g"));
  return { name, password, home, readOnly };
}

function removeUser(name: string): void {
  for (let attempt = 0; attempt < 20 && spawnSync("userdel", [name]).status === 10; attempt++)
    spawnSync("sleep", ["0.2"]);
}

function writeConfig(folder: string, user: string, port: number, settings: string[]): string {
  for (const type of ["ed25519", "rsa"]) {
    const size = type === "rsa" ? ["-b", "2048"] : [];
    execFileSync("ssh-keygen", ["-q", "-t", type, ...size, "-N", "", "-f", join(folder, `host_${type}`)]);
  }
  writeFileSync(join(folder, "authorized_keys"), "");
  const usual = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host_ed25519")}`,
    `HostKey ${join(folder, "host_rsa")}`,
    "PidFile none",
    "UsePAM no",
    "PasswordAuthentication yes",
    "KbdInteractiveAuthentication no",
    `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
    "StrictModes no",
    "MaxStartups 200",
    "Subsystem sftp internal-sftp",
    `AllowUsers ${user}`,
    "LogLevel ERROR",
  ];
  const file = join(folder, "sshd_config");
  const write = (lines: string[]) => writeFileSync(file, `${lines.join("\n")}\n`);
  // The first value of a setting counts, but of MaxStartups the last.
  const named = settings.map((line) => line.split(" ", 1)[0]);
  const all = [...settings, ...usual.filter((line) => !named.includes(line.split(" ", 1)[0]))];
  // Newer servers shut out whoever fails often, which is what these tests do; older ones do not know the setting.
  write([...all, "PerSourcePenalties no"]);
  if (SSHD && spawnSync(SSHD, ["-t", "-f", file]).status !== 0) write(all);
  return file;
}

function newKey(folder: string, options: string[], authorize: (publicKey: string) => void): string {
  const file = join(folder, `key-${randomBytes(6).toString("hex")}`);
  const passphrase = options.includes("-N") ? [] : ["-N", ""];
  execFileSync("ssh-keygen", ["-q", ...passphrase, ...options, "-f", file]);
  authorize(readFileSync(`${file}.pub`, "utf8"));
  return readFileSync(file, "utf8");
}

async function answers(port: number, ended: () => boolean): Promise<boolean> {
  // How long a busy machine takes is for whoever waits.
  for (; !ended(); await sleep(20)) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1", () => done(true)).once("error", () => done(false));
      socket.once("close", () => done(false)).setTimeout(1_000, () => done(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return true;
  }
  return false;
}
