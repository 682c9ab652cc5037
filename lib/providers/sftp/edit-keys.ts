import "server-only";
import { randomUUID } from "node:crypto";
import type { SFTPWrapper, Stats } from "ssh2";
import type { ActInput, Network, RotationDriver } from "../define-connection";
import { reach, reachWithin } from "../reach";
import { type Problem, StepError, type TestRun } from "../test-run";
import type { SignInMeans } from "./attempts";
import { holds, withKey, withoutKey } from "./authorized-keys";
import { newKeyPair } from "./new-key";
import { PinnedSession } from "./pinned-session";
import { call } from "./sftp-call";
import { proofOf, signIn } from "./sign-in";

/**
 * Changes the signed-in user's own ~/.ssh/authorized_keys: the new text is written beside it and takes its place in one
 * step, with the mode, owner and group it had. A file that cannot be changed in this way, or that is not the one the server goes by, is left
 * as it is; somebody then does it by hand.
 */
const plan = ["values", "resolve", "address", "connect", "host_key", "sign_in", "permission", "change"] as const;

export const keyRotation: RotationDriver = {
  prepare: {
    plan: ["values"],
    run: ({ data }, testRun) =>
      testRun.step("values", (): Record<string, string> => {
        const { privateKey, publicKey } = newKeyPair(new Date());
        const { passphrase: _, ...rest } = data;
        return {
          data: JSON.stringify({ ...rest, private_key: privateKey }),
          new_public: publicKey,
          old_public: publicHalf(proofOf(data)),
        };
      }),
  },
  change: {
    plan,
    run: (input, testRun, network) =>
      edit(input, testRun, network, (text, proof) => {
        const present = publicHalf(proof);
        // Another file, or none, decides who gets in: a line in this one would do nothing.
        if (!holds(text, present)) throw new StepError(NOT_THE_FILE);
        return withKey(text, String(input.extra.new_public), present);
      }),
  },
  undo: {
    plan,
    run: (input, testRun, network) =>
      edit(input, testRun, network, (text) => withoutKey(text, String(input.extra.new_public))),
  },
  clean: {
    plan,
    run: (input, testRun, network) =>
      edit(input, testRun, network, (text) => {
        if (!holds(text, String(input.extra.old_public))) throw new StepError(OLD_KEY_ELSEWHERE);
        return withoutKey(text, String(input.extra.old_public));
      }),
  },
};

const publicHalf = (proof: SignInMeans): string =>
  proof.key ? `${proof.key.type} ${proof.key.getPublicSSH().toString("base64")}` : "";

async function edit(
  { data }: ActInput,
  testRun: TestRun,
  network: Network,
  change: (text: string, proof: SignInMeans) => string,
): Promise<Record<string, string>> {
  const proof = await testRun.step("values", () => proofOf(data));
  const place = { host: String(data.host), port: Number(data.port) };
  const { stream } = await reach(testRun, place, network);
  const pinned = new PinnedSession(stream, signIn(data, proof, network), () =>
    reachWithin(testRun.signal, place, network),
  );
  try {
    const session = await testRun.step("host_key", () => pinned.open());
    await testRun.step("sign_in", () => session.signedIn);
    const { sftp, file, text } = await testRun.step("permission", async () => {
      const sftp = await session.openSftp();
      const file = await session.during(readOwnFile(sftp));
      return { sftp, file, text: change(file.text, proof) };
    });
    await testRun.step("change", async (notes) => {
      if (text !== file.text) await session.during(replace(sftp, file, text));
      notes.detail = file.path;
    });
    return {};
  } finally {
    pinned.close();
  }
}

interface OwnFile {
  path: string;
  text: string;
  stats: Stats;
}

/** Far more than a person keeps; what is larger is no list of keys. */
const MAX_BYTES = 128 * 1024;

async function readOwnFile(sftp: SFTPWrapper): Promise<OwnFile> {
  const home = await call<string>((done) => sftp.realpath(".", done)).catch(refuse(CANNOT_READ));
  const folder = `${home === "/" ? "" : home}/.ssh`;
  const path = `${folder}/authorized_keys`;
  const folderStats = await call<Stats>((done) => sftp.lstat(folder, done)).catch(refuse(CANNOT_READ));
  const stats = await call<Stats>((done) => sftp.lstat(path, done)).catch(refuse(CANNOT_READ));
  // Behind a link lies a file that is not this user's alone to replace.
  if (!folderStats.isDirectory() || !stats.isFile()) throw new StepError(NOT_A_PLAIN_FILE);
  if (stats.size > MAX_BYTES) throw new StepError(NOT_A_PLAIN_FILE);
  const bytes = await call<Buffer>((done) => sftp.readFile(path, done)).catch(refuse(CANNOT_READ));
  return { path, text: bytes.toString("latin1"), stats };
}

async function replace(sftp: SFTPWrapper, { path, stats }: OwnFile, text: string): Promise<void> {
  const beside = `${path}.latchkey-${randomUUID()}`;
  const handle = await call<Buffer>((done) => sftp.open(beside, "wx", { mode: 0o600 }, done)).catch(
    refuse(CANNOT_WRITE),
  );
  try {
    try {
      const bytes = Buffer.from(text, "latin1");
      await call((done) => sftp.write(handle, bytes, 0, bytes.length, 0, done));
      const made = await call<Stats>((done) => sftp.fstat(handle, done));
      // Only where it differs: not every server lets its users say whom a file belongs to.
      if (made.gid !== stats.gid) {
        await call((done) => sftp.fsetstat(handle, { uid: made.uid, gid: stats.gid }, done));
      }
      await call((done) => sftp.fsetstat(handle, { mode: stats.mode & 0o7777 }, done));
    } finally {
      await call((done) => sftp.close(handle, done));
    }
    await requireAsExpected(sftp, beside, path, stats);
    // Takes the other's place in one step; SFTP's own rename would refuse, because there is one.
    await call((done) => sftp.ext_openssh_rename(beside, path, done));
  } catch (error) {
    await call((done) => sftp.unlink(beside, done)).catch(() => undefined);
    throw error instanceof StepError ? error : refusal(CANNOT_WRITE, error);
  }
}

/** The new file belongs to whom the old one does and lets in whom that does, and nobody has changed that meanwhile. */
async function requireAsExpected(sftp: SFTPWrapper, beside: string, path: string, before: Stats): Promise<void> {
  const [made, now] = [
    await call<Stats>((done) => sftp.lstat(beside, done)),
    await call<Stats>((done) => sftp.lstat(path, done)),
  ];
  const isAlike = made.uid === before.uid && made.gid === before.gid && made.mode === before.mode;
  if (!isAlike) throw new StepError(CANNOT_WRITE);
  if (!now.isFile() || now.mtime !== before.mtime || now.size !== before.size) throw new StepError(CHANGED_MEANWHILE);
}

/** Only what the server answers is about its rules; a broken connection stays what it is. */
const refusal = (problem: Problem, error: unknown) =>
  typeof (error as { code?: unknown }).code === "number" ||
  String((error as Error).message).includes("does not support")
    ? new StepError(problem)
    : error;

const refuse =
  (problem: Problem) =>
  (error: unknown): never => {
    throw refusal(problem, error);
  };

/** The way by hand is open where these are the reason. */
const byHand = (code: string, meaning: string): Problem => ({
  code,
  meaning,
  advice: "Install the new public key by hand, then verify.",
  outcome: "degraded",
});

const CANNOT_READ = byHand("keys_unreadable", "The server shows this user no ~/.ssh/authorized_keys.");
const NOT_A_PLAIN_FILE = byHand("keys_not_plain", "~/.ssh/authorized_keys is a link, or no plain file of keys.");
const NOT_THE_FILE = byHand(
  "keys_elsewhere",
  "The present key is not in ~/.ssh/authorized_keys, so the server keeps its keys somewhere else.",
);
const OLD_KEY_ELSEWHERE = byHand(
  "old_key_elsewhere",
  "The old key is not in ~/.ssh/authorized_keys: the server keeps its keys somewhere else, or somebody has removed it.",
);
const CANNOT_WRITE = byHand("keys_unwritable", "The server does not let this user replace ~/.ssh/authorized_keys.");
const CHANGED_MEANWHILE: Problem = {
  code: "keys_changed_meanwhile",
  meaning: "Somebody else changed ~/.ssh/authorized_keys at the same moment; their change is kept.",
  advice: "Rotate again.",
  outcome: "failed",
};
