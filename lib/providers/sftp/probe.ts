import "server-only";
import { randomUUID } from "node:crypto";
import type { SFTPWrapper } from "ssh2";
import { type Problem, type StepDetails, StepError } from "../test-run";
import { call } from "./sftp-call";

/**
 * Tries out what the signed-in user may do in a folder: list it, write a small file of a name that nobody else uses, remove
 * it. Each is tried whatever became of the one before: a drop folder may be written and not listed. What fails here makes
 * the credential limited, not wrong.
 */
export async function probeFolder(sftp: SFTPWrapper, folder: string, notes: StepDetails): Promise<void> {
  const isListed = await listOnce(sftp, folder);
  const file = `${folder.endsWith("/") ? folder : `${folder}/`}.latchkey-test-${randomUUID()}`;
  const handle = await call<Buffer>((done) => sftp.open(file, "wx", done)).catch(
    because(isListed ? CANNOT_WRITE : CANNOT_LIST_NOR_WRITE),
  );
  const content = Buffer.from("Written and removed by a Latchkey connection test.\n");
  const writing = call((done) => sftp.write(handle, content, 0, content.length, 0, done));
  const problem = await writing
    .then(() => undefined, because(isListed ? CANNOT_WRITE : CANNOT_LIST_NOR_WRITE))
    .catch((error: unknown) => error);
  await call((done) => sftp.close(handle, done)).catch(() => undefined);
  await call((done) => sftp.unlink(file, done)).catch((error: unknown) =>
    // Some servers take what is dropped away at once.
    statusOf(error) === NO_SUCH_FILE ? undefined : because(cannotDelete(file, isListed))(error),
  );
  if (problem !== undefined) throw problem;
  if (!isListed) throw new StepError(WRITE_ONLY);
  notes.detail = `${folder}: list, write and delete`;
}

/**
 * Whether the folder may be listed. The first batch of names is proof enough; a folder may hold millions.
 * @throws StepFailure for a folder that is not there
 */
async function listOnce(sftp: SFTPWrapper, folder: string): Promise<boolean> {
  let handle: Buffer;
  try {
    handle = await call<Buffer>((done) => sftp.opendir(folder, done));
  } catch (error) {
    return statusOf(error) === NO_SUCH_FILE ? because(NO_FOLDER)(error) : refused(error);
  }
  const isListed = await call((done) => sftp.readdir(handle, (error) => done(error))).then(
    () => true,
    (error: unknown) => statusOf(error) === END_OF_LIST || refused(error),
  );
  await call((done) => sftp.close(handle, done)).catch(() => undefined);
  return isListed;
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
    throw statusOf(error) === undefined ? error : new StepError(problem);
  };

/** @throws what is no answer of the server */
function refused(error: unknown): false {
  if (statusOf(error) === undefined) throw error;
  return false;
}

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

const CANNOT_LIST_NOR_WRITE = limited(
  "cannot_list",
  "Signing in works, but the test folder can neither be listed nor written.",
  "Give the user permission there, or enter another folder.",
);

const WRITE_ONLY = limited(
  "write_only",
  "Signing in, writing and deleting work, but the test folder cannot be listed.",
  "If workflows only drop files there, this is fine. Else give the user read permission there, or enter another folder.",
);

const CANNOT_WRITE = limited(
  "cannot_write",
  "Signing in and listing work, but no file can be written in the test folder.",
  "If workflows only read, this is fine. Else give the user write permission there, or enter another folder.",
);

const cannotDelete = (file: string, isListed: boolean) =>
  limited(
    "cannot_delete",
    `Writing works, but ${isListed ? "not deleting" : "neither listing nor deleting"}: the test left ${file} behind.`,
    "Delete the file, and give the user permission to delete there.",
  );
