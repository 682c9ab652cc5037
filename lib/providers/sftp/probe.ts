import "server-only";
import { randomUUID } from "node:crypto";
import type { SFTPWrapper } from "ssh2";
import { type Notes, type Problem, StepFailure } from "../trail";
import { call } from "./sftp-call";

/**
 * Tries out what the signed-in user may do in a folder: list it, write a small file of a name that nobody else uses, remove
 * it. What fails here makes the credential limited, not wrong.
 */
export async function probeFolder(sftp: SFTPWrapper, folder: string, notes: Notes): Promise<void> {
  await listOnce(sftp, folder);
  const file = `${folder.endsWith("/") ? folder : `${folder}/`}.latchkey-test-${randomUUID()}`;
  const handle = await call<Buffer>((done) => sftp.open(file, "wx", done)).catch(because(CANNOT_WRITE));
  const content = Buffer.from("Written and removed by a Latchkey connection test.\n");
  const writing = call((done) => sftp.write(handle, content, 0, content.length, 0, done));
  const problem = await writing.then(() => undefined, because(CANNOT_WRITE)).catch((error: unknown) => error);
  await call((done) => sftp.close(handle, done)).catch(() => undefined);
  await call((done) => sftp.unlink(file, done)).catch(because(cannotDelete(file)));
  if (problem !== undefined) throw problem;
  notes.detail = `${folder}: list, write and delete`;
}

/** The first batch of names is proof enough; a folder may hold millions. */
async function listOnce(sftp: SFTPWrapper, folder: string): Promise<void> {
  const handle = await call<Buffer>((done) => sftp.opendir(folder, done)).catch((error: unknown) =>
    because(statusOf(error) === NO_SUCH_FILE ? NO_FOLDER : CANNOT_LIST)(error),
  );
  const ended = (error: unknown) => (statusOf(error) === END_OF_LIST ? undefined : because(CANNOT_LIST)(error));
  await call((done) => sftp.readdir(handle, (error) => done(error))).catch(ended);
  await call((done) => sftp.close(handle, done)).catch(() => undefined);
}

/** SFTP's status numbers. */
const END_OF_LIST = 1;
const NO_SUCH_FILE = 2;

const statusOf = (error: unknown): number | undefined => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "number" ? code : undefined;
};

/** Only what the server answers is about permissions; a broken connection is passed on as it is. */
const because =
  (problem: Problem) =>
  (error: unknown): never => {
    throw statusOf(error) === undefined ? error : new StepFailure(problem);
  };

const limited = (code: string, meaning: string, advice: string): Problem => ({
  code,
  meaning,
  advice,
  field: "test_path",
  outcome: "degraded",
});

const NO_FOLDER = limited(
  "folder_not_found",
  "Signing in works, but the test folder does not exist.",
  "Enter a folder that exists on the server.",
);

const CANNOT_LIST = limited(
  "cannot_list",
  "Signing in works, but the test folder cannot be listed.",
  "Give the user read permission there, or enter another folder.",
);

const CANNOT_WRITE = limited(
  "cannot_write",
  "Signing in and listing work, but no file can be written in the test folder.",
  "If workflows only read, this is fine. Else give the user write permission there, or enter another folder.",
);

const cannotDelete = (file: string) =>
  limited(
    "cannot_delete",
    `Writing works, but not deleting: the test left ${file} behind.`,
    "Delete the file, and give the user permission to delete there.",
  );
