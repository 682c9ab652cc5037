import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ownDatabase } from "@/test/own-database";
import { buildWorker } from "@/test/providers/worker";
import { cut } from "@/test/rotation/cut";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import { refusal } from "@/test/time-travel";

/** Keys rotated on a real OpenSSH server: by ourselves where it lets its users, by hand where not; cut off at every point. */
vi.mock("@/lib/providers/connections", async (original) =>
  (await import("@/test/rotation/cut")).cuttable(await original<typeof import("@/lib/providers/connections")>()),
);
/** One whose users look after their keys, and one that keeps them to itself. */
const [open, closed] = await Promise.all([startSshd(["AuthorizedKeysFile %h/.ssh/authorized_keys"]), startSshd()]);
process.env.DATABASE_URL = (await ownDatabase()).url;
process.env.OUTBOUND_ALLOW = `127.0.0.1/32:${open.port},127.0.0.1/32:${closed.port}`;

const { tenant } = await import("@/test/tenant");
const core = await import("@/lib/credentials");
const { tryOut } = await import("@/test/providers/worker");
const { settleRotations } = await import("./background");

let own: Awaited<ReturnType<typeof tenant>>;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  [own, worker] = await Promise.all([tenant(), buildWorker()]);
});
beforeEach(() => {
  Object.assign(cut, { at: undefined, meanwhile: {} });
  writeKeys("");
});
afterAll(async () => {
  worker?.forget();
  rmSync(scratch, { recursive: true, force: true });
  await Promise.all([open.stop(), closed.stop()]);
});

/** That the user is in beside their own. */
const group = Number(execFileSync("id", ["-g", "nobody"], { encoding: "utf8" }));
execFileSync("usermod", ["-aG", String(group), open.username]);
const scratch = mkdtempSync(join(tmpdir(), "latchkey-keys-"));
const folder = join(open.home, ".ssh");
const file = join(folder, "authorized_keys");
const keys = () => readFileSync(file, "utf8");

/** As the user's own. */
function writeKeys(text: string): void {
  const { uid, gid } = statSync(open.home);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(file, text);
  chmodSync(file, 0o640);
  for (const path of [folder, file]) chownSync(path, uid, gid);
}

/** OpenSSH's own word for which public key belongs to a private one. */
function publicOf(privateKey: string, passphrase = ""): string {
  const path = join(scratch, randomUUID());
  writeFileSync(path, privateKey, { mode: 0o600 });
  const line = execFileSync("ssh-keygen", ["-y", "-P", passphrase, "-f", path], { encoding: "utf8" });
  return line.trim().split(" ", 2).join(" ");
}

async function subject(sshd: Sshd, before = "", options = "") {
  const private_key = sshd.newKey("-t", "ed25519");
  const old = publicOf(private_key);
  if (sshd === open) writeKeys(`${before}${options}${old} alice@laptop\n`);
  const data = { host: "127.0.0.1", port: sshd.port, username: sshd.username, private_key, test_path: sshd.home };
  const view = await core.createCredential(own.user, {
    provider: "sftp",
    type: "key_file",
    data,
    name: `Files ${randomUUID()}`,
  });
  return { id: view.id, old, data, first: await stored(view.id) };
}

const stored = async (id: string) => (await core.fetchSecret(own.program, id)).data;
const works = async (data: Record<string, unknown>) => (await tryOut("sftp", "key_file", data)).outcome === "ok";
const shown = (rotation: { steps: { id: string; status: string }[] } | null) =>
  rotation?.steps.map(({ id, status }) => `${id} ${status}`);

const OTHERS = "# kept by hand\nssh-rsa AAAAB3NzaC1yc2E= bob\n";

test("a new key is added, proved, stored, and only then the old one is removed; all other lines stay", async () => {
  const one = await subject(open, OTHERS, 'no-pty,environment="A=b c" ');
  const rotated = await core.rotateCredential(own.user, one.id, { expectedVersion: 1 });
  expect(rotated).toMatchObject({ state: "done", kind: "key", reason: null });
  expect(shown(rotated)).toEqual(["make ok", "change ok", "verify ok", "store ok", "remove_old ok"]);
  const fresh = await stored(one.id);
  expect(await works(fresh)).toBe(true);
  expect(await works(one.data)).toBe(false);
  expect(keys()).toBe(`${OTHERS}no-pty,environment="A=b c" ${rotated.newPublicKey}\n`);
  expect(rotated.newPublicKey).toMatch(/ latchkey-\d{4}-\d\d-\d\d$/);
  expect(rotated.newPublicKey?.startsWith(publicOf(String(fresh.private_key)))).toBe(true);
  // The mode and the owner are what they were, and nothing is left beside it.
  expect([statSync(file).mode & 0o777, statSync(file).uid]).toEqual([0o640, statSync(open.home).uid]);
  expect(execFileSync("ls", ["-A", folder], { encoding: "utf8" })).toBe("authorized_keys\n");
  expect(await core.getCredential(own.user, one.id)).toMatchObject({
    version: 2,
    health: { outcome: "ok", current: true },
  });
});

test("a key with a passphrase gives way to one that the vault alone locks", async () => {
  const one = await subject(open);
  const locked = open.newKey("-t", "ed25519", "-N", "pass phrase", "-a", "4");
  const values = { ...one.data, private_key: locked, passphrase: "pass phrase" };
  writeKeys(`${publicOf(locked, "pass phrase")}\n`);
  await core.updateCredential(own.user, one.id, { data: { mode: "replace", values } });
  expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "done" });
  expect(await stored(one.id)).not.toHaveProperty("passphrase");
  expect(await works(await stored(one.id))).toBe(true);
});

describe("cut off", () => {
  test.each([
    ["before change", "undone"],
    ["after change", "done"],
    ["before sign-in", "done"],
    ["after sign-in", "done"],
    ["before clean", "done"],
    ["after clean", "done"],
  ])("%s, it ends %s: the stored key works, and exactly one key of ours is on the server", async (at, state) => {
    const one = await subject(open, OTHERS);
    cut.at = at;
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    expect(await works(await stored(one.id))).toBe(true);
    cut.at = undefined;
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state });
    const now = await stored(one.id);
    expect(await works(now)).toBe(true);
    expect(keys().match(/ssh-ed25519 /g)).toHaveLength(1);
    expect(keys()).toContain(publicOf(String(now.private_key)));
    expect(keys().startsWith(OTHERS)).toBe(true);
  });

  test("while it is taken back, the new key does not stay on the server", async () => {
    const one = await subject(open);
    // Something keeps the new key from signing in, and goes away too late.
    cut.meanwhile.change = async () =>
      writeKeys(`${keys().replace(/^(ssh-ed25519 \S+ latchkey)/m, 'from="203.0.113.1" $1')}`);
    cut.at = "before undo";
    await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
    Object.assign(cut, { at: undefined, meanwhile: {} });
    await settleRotations();
    expect(await core.credentialRotation(own.user, one.id)).toMatchObject({
      state: "undone",
      reason: "wrong_credentials",
    });
    expect(keys()).toBe(`${one.old} alice@laptop\n`);
  });
});

test.each([
  ["undone", "before undo"],
  ["done", undefined],
])(
  "a file with other line ends, a group of its own and no last line end keeps all that when it is %s",
  async (state, at) => {
    const one = await subject(open);
    const around = (line: string) => `# first\r\n${OTHERS}\t \r\nno-pty ${line}`;
    writeKeys(around(`${one.old} alice`));
    chmodSync(file, 0o604);
    chownSync(file, statSync(file).uid, group);
    const looks = () => [statSync(file).mode & 0o7777, statSync(file).uid, statSync(file).gid];
    const before = [keys(), looks()];
    if (at) {
      cut.meanwhile.change = async () => {
        // The new key does not sign in from here.
        writeFileSync(file, keys().replace(/^no-pty (ssh-ed25519 \S+ latchkey)/m, 'from="203.0.113.1" $1'));
      };
      cut.at = at;
      await expect(core.rotateCredential(own.user, one.id)).rejects.toThrow();
      Object.assign(cut, { at: undefined, meanwhile: {} });
      await settleRotations();
      expect(await core.credentialRotation(own.user, one.id)).toMatchObject({ state });
      expect([keys(), looks()]).toEqual(before);
    } else {
      const rotated = await core.rotateCredential(own.user, one.id);
      expect(rotated).toMatchObject({ state });
      expect([keys(), looks()]).toEqual([around(String(rotated.newPublicKey)), before[1]]);
    }
  },
);

describe("where the server keeps its keys to itself", () => {
  test("the public half is shown, verified once somebody has installed it, and the old one is named for removal", async () => {
    const one = await subject(closed);
    const waiting = await core.rotateCredential(own.user, one.id);
    expect(waiting).toMatchObject({ state: "waiting", reason: "keys_unreadable" });
    expect(shown(waiting)).toEqual(["make ok", "change warning"]);
    expect(waiting.newPublicKey).toMatch(/^ssh-ed25519 \S+ latchkey-/);
    expect(waiting.oldPublicKey).toBe(one.old);
    // Nothing goes on by itself, and nothing changes before it is there.
    await settleRotations();
    const early = await core.rotateCredential(own.user, one.id);
    expect(early).toMatchObject({ state: "waiting", reason: "not_installed" });
    expect(shown(early)?.at(-1)).toBe("verify failed");
    expect(await stored(one.id)).toEqual(one.first);

    closed.authorize(String(waiting.newPublicKey));
    const rotated = await core.rotateCredential(own.user, one.id);
    expect(rotated).toMatchObject({ state: "done", reason: "old_key_left" });
    expect(shown(rotated)?.slice(-3)).toEqual(["verify ok", "store ok", "remove_old warning"]);
    expect(await works(await stored(one.id))).toBe(true);
    expect((await core.getCredential(own.user, one.id)).version).toBe(2);
  });

  test("it can be called off while it waits, and the new key is forgotten", async () => {
    const one = await subject(closed);
    await core.rotateCredential(own.user, one.id);
    expect(await core.callOffRotation(own.user, one.id)).toMatchObject({ state: "undone", reason: "called_off" });
    expect(await stored(one.id)).toEqual(one.first);
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "waiting" });
  });

  test.each([
    [
      "a link",
      () => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
      "keys_not_plain",
    ],
    [
      "in a folder that is not the user's to write",
      () => {
        chmodSync(folder, 0o555);
        chownSync(folder, 0, 0);
      },
      "keys_unwritable",
    ],
  ])("a file that is %s is left as it is", async (_, arrange, reason) => {
    const one = await subject(open, OTHERS);
    arrange();
    const before = keys();
    expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "waiting", reason });
    expect(keys()).toBe(before);
    expect(lstatSync(file).isSymbolicLink()).toBe(reason === "keys_not_plain");
  });
});

test("a key that does not sign in changes nothing; a password has no key to rotate", async () => {
  const one = await subject(open);
  writeKeys(OTHERS);
  expect(await core.rotateCredential(own.user, one.id)).toMatchObject({ state: "undone", reason: "wrong_credentials" });
  expect(keys()).toBe(OTHERS);
  const { private_key: _, ...place } = one.data;
  const values = { ...place, password: open.password };
  await core.updateCredential(own.user, one.id, { type: "user_password", data: { mode: "replace", values } });
  await expect(core.rotateCredential(own.user, one.id)).rejects.toMatchObject(refusal("invalid"));
});
