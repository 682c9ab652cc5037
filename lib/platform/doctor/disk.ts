import "server-only";
import { accessSync, constants, existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { type Finding, failure, ok, warning } from "./finding";

const MIB = 1024 * 1024;
/** With less, health says "not ready" (lib/api/server/readiness.ts); the warning comes in time to act. */
const LEAST_MIB = 32;
const LOW_MIB = 512;

/** Whether the data folder, or the first one above it that is there, can be written and has room. */
export async function diskFinding(folder: string, room: (path: string) => Promise<number> = roomOf): Promise<Finding> {
  const there = firstThere(folder);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    return failure("disk", `This process's user may not write ${there}. Give it the right to, or set LATCHKEY_DATA.`);
  }
  const mib = Math.floor((await room(there)) / MIB);
  if (mib < LEAST_MIB)
    return failure("disk", `${there} has ${mib} MiB left, less than the ${LEAST_MIB} that are needed. Make room.`);
  if (mib < LOW_MIB) return warning("disk", `${there} has only ${mib} MiB left. Make room.`);
  return ok("disk", `${there} can be written and has ${mib} MiB left.`);
}

async function roomOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const firstThere = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : firstThere(dirname(path));
